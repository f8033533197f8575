"""Reading the audit log: everything for admins, one's own for others, and a verdict on the whole of it."""

import re
from pathlib import Path

from aipress import secrets
from aipress.auth.principal import Role
from aipress.tenants.noted import OWNERS_ALONE
from tests import make
from tests.api.world import World
from tests.make import Headers
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


async def actions(world: World, headers: Headers, query: str = "") -> list[str]:
    """What they read was done, oldest first."""
    answer = await world.ask("GET", f"/audit{query}", headers)
    return [entry["action"] for entry in reversed(answer.json()["items"])]


async def test_an_owner_and_a_member_read_what_others_did_to_their_site_and_nothing_else(
    world: World,
) -> None:
    ada, boss, eve = await world.ada(), await world.grace(), await world.ada()
    blog, shop = await world.site(ada, "Blog"), await world.site(eve, "Shop")
    bob = make.as_person(world.settings, await make.member(world.rows, blog["id"]))
    await world.ask("PATCH", "/tenants/blog", boss, {"name": "Journal"})
    await world.ask("PATCH", "/tenants/blog", bob, {"name": "Our journal"})
    await world.ask("PATCH", "/tenants/shop", boss, {"name": "Stall"})
    done = ["CREATE_SITE", "RENAME_SITE", "RENAME_SITE"]
    for reader in (ada, bob):
        assert await actions(world, reader) == done
        assert await actions(world, reader, f"?subject={blog['id']}&action=RENAME_SITE") == done[1:]
        assert await actions(world, reader, f"?subject={shop['id']}") == []
    assert await actions(world, eve) == done[:2]
    assert await actions(world, await world.ada()) == []


async def test_a_member_reads_nothing_of_secrets_and_the_owner_does(world: World) -> None:
    ada, boss = await world.ada(), await world.grace()
    blog = await world.site(ada, "Blog")
    bob = make.as_person(world.settings, await make.member(world.rows, blog["id"]))
    await world.ask("PUT", "/tenants/blog/secrets/STRIPE_KEY", boss, {"value": "sk_live_of_the_blog"})
    await world.ask("DELETE", "/tenants/blog/secrets/STRIPE_KEY", boss)
    assert await actions(world, ada) == ["CREATE_SITE", "SET_SECRET", "DELETE_SECRET"]
    assert await actions(world, bob) == ["CREATE_SITE"]


async def test_whatever_the_room_of_secrets_notes_is_kept_from_members() -> None:
    texts = [path.read_text() for path in Path(secrets.__path__[0]).glob("*.py")]
    noted = [action for text in texts for action in re.findall(r'record\([^")]*"([A-Z_]+)"', text)]
    assert set(noted) == set(OWNERS_ALONE)


async def test_who_is_shared_with_no_longer_reads_no_more_than_they_did(world: World) -> None:
    ada, person = await world.ada(), await make.user(world.rows, email="bob@example.com")
    await world.site(ada, "Blog")
    bob = make.as_person(world.settings, person)
    await world.ask("POST", "/tenants/blog/members", ada, {"email": "bob@example.com"})
    await world.ask("PATCH", "/tenants/blog", bob, {"name": "Journal"})
    assert await actions(world, bob) == ["CREATE_SITE", "SHARE_SITE", "RENAME_SITE"]
    await world.ask("DELETE", f"/tenants/blog/members/{person.id}", ada)
    assert await actions(world, bob) == ["RENAME_SITE"]


async def test_an_owner_reads_who_removed_their_site(world: World) -> None:
    ada, admin = await world.ada(), await make.admin(world.rows)
    await world.site(ada, "Blog")
    boss = make.as_person(world.settings, admin)
    gone = await world.ask("DELETE", "/tenants/blog", boss, {"typed_name": "blog"})
    await world.ended(boss, gone.json()["id"])
    last = (await world.ask("GET", "/audit", ada)).json()["items"][0]
    assert (last["action"], last["actor"]["email"]) == ("DELETE_SITE", admin.email)
