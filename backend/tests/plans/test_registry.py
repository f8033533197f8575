"""The registry as the API shows it."""

from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


async def test_every_action_says_what_it_is_told_and_what_it_can_hurt(world: World) -> None:
    answer = await world.ask("GET", "/actions", await world.ada())
    actions = {one["id"]: one for one in answer.json()["items"]}
    delete = actions["DELETE_SITE"]
    assert (delete["tier"], delete["built"], delete["sentence"]) == (3, True, "Delete the site {tenant}")
    assert delete["arguments"]["required"] == ["tenant"]
    assert not actions["CREATE_BACKUP"]["built"]
    assert len(actions) > 20
