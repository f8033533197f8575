"""What somebody a site is shared with may undo of it: what is reversible, and not its making."""

from tests import make
from tests.api.world import World
from tests.operations.test_undo import creation_of, name_of, renamed, undo
from tests.tenants.lasting import together

pytestmark = together


async def test_a_member_undoes_renamings_and_is_told_whom_to_ask_for_the_rest(world: World) -> None:
    ada, person = await world.ada(email="ada@example.com"), await make.user(world.rows)
    bob = make.as_person(world.settings, person)
    await world.site(ada, "Blog")
    await world.ask("POST", "/tenants/blog/members", ada, {"email": person.email})
    made = await creation_of(world, bob)
    assert made["undo"] is None
    status, said = await undo(world, bob, made)
    assert (status, "ada@example.com" in said["detail"]) == (403, True)
    by_owner, by_member = await renamed(world, ada, "Notes"), await renamed(world, bob, "Diary")
    assert (by_member["actor"]["id"], by_member["undo"]["label"]) == (person.id, "Call it “Notes” again")
    assert (await undo(world, bob, by_owner))[0] == 409
    assert (await undo(world, bob, by_member))[0] == 202
    assert await name_of(world, ada) == "Notes"
    await world.ask("DELETE", f"/tenants/blog/members/{person.id}", ada)
    assert (await undo(world, bob, by_member))[0] == 404
