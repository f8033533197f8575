"""Reading the audit log: everything for admins, one's own for others, and a verdict on the whole of it."""

from aipress.auth.principal import Role
from tests import make
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


async def test_a_person_sees_what_was_done_in_their_name_and_an_admin_everything(world: World) -> None:
    ada, bob = await make.user(world.rows), await make.user(world.rows)
    boss = await make.user(world.rows, role=Role.ADMIN.value)
    await world.site(make.as_person(world.settings, ada), "Blog")
    await world.site(make.as_person(world.settings, bob), "Shop")
    mine = (await world.ask("GET", "/audit", make.as_person(world.settings, ada))).json()["items"]
    assert [entry["actor"]["id"] for entry in mine] == [ada.id]
    everything = (await world.ask("GET", "/audit", make.as_person(world.settings, boss))).json()["items"]
    assert {entry["actor"]["id"] for entry in everything} >= {ada.id, bob.id}
    shops = await world.ask("GET", f"/audit?actor={bob.email}", make.as_person(world.settings, boss))
    assert [entry["detail"]["slug"] for entry in shops.json()["items"]] == ["shop"]


async def test_only_an_admin_hears_whether_it_is_intact(world: World) -> None:
    ada, boss = await make.user(world.rows), await make.user(world.rows, role=Role.ADMIN.value)
    await world.site(make.as_person(world.settings, ada), "Blog")
    path = "/audit/verification"
    assert (await world.ask("GET", path, make.as_person(world.settings, ada))).status_code == 403
    assert (await world.ask("GET", path, make.as_agent(world.settings, boss))).status_code == 403
    found = (await world.ask("GET", path, make.as_person(world.settings, boss))).json()
    assert (found["intact"], found["wrong"]) == (True, "")
    assert found["entries"] >= 1
