"""Nobody gets a domain that isn't theirs: not by being first, not by what others left in the DNS, not by pointing it elsewhere."""

import pytest

from aipress.domains import rounds
from tests import make
from tests.api.test_members import shared
from tests.api.world import World
from tests.domains.said import SHOP, added, checked, days_pass, lead, led, owner_of, proof, prove, removed
from tests.fakes.name_server import NameServer
from tests.tenants.lasting import together

pytestmark = together


async def test_who_waits_does_not_keep_out_who_can_prove_it(world: World, zone: NameServer) -> None:
    eve, _ = await owner_of(world, "Eve", email="eve@example.com")
    await added(world, eve, SHOP, "eve")
    ada, site = await owner_of(world)
    domain = await added(world, ada)
    prove(zone, domain)
    assert (await checked(world, eve, SHOP, "eve"))["state"] == "waiting"
    assert (await checked(world, ada))["state"] == "proved"
    assert led(world) == site["environments"][0]["id"]


async def test_a_value_seen_in_the_dns_proves_nothing_for_anybody_else(
    world: World, zone: NameServer
) -> None:
    ada, _ = await owner_of(world)
    hers = await added(world, ada)
    prove(zone, hers)
    eve, _ = await owner_of(world, "Eve", email="eve@example.com")
    his = await added(world, eve, SHOP, "eve")
    assert proof(his)["value"] != proof(hers)["value"]
    assert (await checked(world, eve, SHOP, "eve"))["state"] == "waiting"
    other = await added(world, ada, "shop.bakery.example")
    assert proof(other)["value"] != proof(hers)["value"]


async def test_a_proved_domain_is_taken_until_it_is_let_go(world: World, zone: NameServer) -> None:
    ada, site = await owner_of(world)
    eve, eves = await owner_of(world, "Eve", email="eve@example.com")
    his = await added(world, eve, SHOP, "eve")  # before it was proved
    hers = await added(world, ada)
    prove(zone, hers)
    await checked(world, ada)
    zone.put(proof(his)["name"], "TXT", proof(hers)["value"], proof(his)["value"])
    taken = await checked(world, eve, SHOP, "eve")
    assert (taken["state"], "Another site" in taken["why"]) == ("waiting", True)
    assert led(world) == site["environments"][0]["id"]
    third, _ = await owner_of(world, "Third", email="third@example.com")
    refused = await world.ask("POST", "/tenants/third/domains", third, {"domain": SHOP})
    assert (refused.status_code, "ada" in refused.text.lower()) == (409, False)
    await removed(world, ada)
    assert (await checked(world, eve, SHOP, "eve"))["state"] == "proved"
    assert led(world) == eves["environments"][0]["id"]


async def test_a_domain_that_was_sold_is_its_new_owner_s_after_a_week(world: World, zone: NameServer) -> None:
    ada, _ = await owner_of(world)
    eve, eves = await owner_of(world, "Eve", email="eve@example.com")
    his = await added(world, eve, SHOP, "eve")
    hers = await added(world, ada)
    prove(zone, hers)
    await checked(world, ada)
    prove(zone, his)  # in place of hers
    assert (await checked(world, eve, SHOP, "eve"))["state"] == "waiting"
    await checked(world, ada)
    await days_pass(world, 7.1)
    await rounds.look_again(world.rows)
    await checked(world, eve, SHOP, "eve")
    assert led(world) == eves["environments"][0]["id"]
    assert (await checked(world, ada))["state"] == "waiting"
    assert led(world) == eves["environments"][0]["id"]


async def test_a_proof_behind_an_alias_is_none(world: World, zone: NameServer) -> None:
    """`*.bakery.example` is often another name for some service, and whoever has that one's DNS must not get the rest."""
    eve, _ = await owner_of(world, "Eve", email="eve@example.com")
    his = await added(world, eve, SHOP, "eve")
    zone.put(proof(his)["name"], "CNAME", "of-a-stranger.example")
    zone.put("of-a-stranger.example", "TXT", proof(his)["value"])
    refused = await checked(world, eve, SHOP, "eve")
    assert (refused["state"], led(world)) == ("waiting", None)
    assert "another name for of-a-stranger.example" in refused["why"]


async def test_pointing_a_domain_here_is_no_proof_and_neither_is_a_parent_s(
    world: World, zone: NameServer
) -> None:
    ada, _ = await owner_of(world)
    whole = await added(world, ada, "bakery.example")
    prove(zone, whole)
    await checked(world, ada, "bakery.example")
    eve, _ = await owner_of(world, "Eve", email="eve@example.com")
    await added(world, eve, SHOP, "eve")
    lead(zone)
    assert (await checked(world, eve, SHOP, "eve"))["state"] == "waiting"
    assert led(world) is None


@pytest.mark.parametrize("value", ["\x00\x1b[31m", "<script>alert(1)</script>", "x" * 250])
async def test_what_strangers_write_into_the_dns_is_shown_as_text_and_not_for_ever(
    world: World, zone: NameServer, value: str
) -> None:
    ada, _ = await owner_of(world)
    domain = await added(world, ada)
    zone.put(proof(domain)["name"], "TXT", *(f"{value[:200]}{n}".replace("\x00", "\\000") for n in range(30)))
    found = proof(await checked(world, ada))["found"]
    assert len(found) <= 20
    assert all(one.isprintable() and len(one) <= 300 for one in found)


async def test_whoever_shares_a_site_sees_and_checks_its_domains_and_changes_none(
    world: World, zone: NameServer
) -> None:
    here = await shared(world)
    domain = await added(world, here.ada, SHOP, "blog")
    prove(zone, domain)
    assert (await checked(world, here.bob, SHOP, "blog"))["state"] == "proved"
    assert (await removed(world, here.bob, SHOP, "blog")).status_code == 403
    refused = await world.ask("POST", "/tenants/blog/domains", here.bob, {"domain": "b.bakery.example"})
    assert refused.status_code == 403


async def test_an_agent_adds_a_domain_and_only_proposes_to_let_one_go(world: World, zone: NameServer) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    await world.site(ada, "Bakery")
    prove(zone, await added(world, agent))
    assert (await checked(world, agent))["state"] == "proved"
    assert (await removed(world, agent)).status_code == 403
    wish = {"action": "REMOVE_DOMAIN", "arguments": {"tenant": "bakery", "domain": SHOP}}
    plan = (await world.ask("POST", "/plans", agent, wish)).json()
    assert (plan["tier"], SHOP in plan["title"], led(world) is None) == (2, True, False)
    assert (
        await world.ask("POST", f"/plans/{plan['id']}/confirmation", agent, {"hash": plan["hash"]})
    ).status_code == 403
    begun = await world.ask("POST", f"/plans/{plan['id']}/confirmation", ada, {"hash": plan["hash"]})
    assert begun.is_success, begun.text
    assert led(world) is None


async def test_nobody_sees_or_touches_somebody_else_s(world: World) -> None:
    ada, _ = await owner_of(world)
    await added(world, ada)
    eve = await world.ada(email="eve@example.com")
    for method, path in (
        ("GET", "/tenants/bakery/domains"),
        ("GET", f"/tenants/bakery/domains/{SHOP}"),
        ("DELETE", f"/tenants/bakery/domains/{SHOP}"),
        ("POST", f"/tenants/bakery/domains/{SHOP}/verification"),
    ):
        assert (await world.ask(method, path, eve)).status_code == 404
