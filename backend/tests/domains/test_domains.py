"""A site's own domain over HTTP: added, proved in a real DNS, connected, watched, and let go."""

import asyncio

import pytest

from aipress.domains import checking, rounds
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit.resolving import Names
from tests.api.world import World
from tests.domains.said import (
    SHOP,
    added,
    checked,
    days_pass,
    lead,
    led,
    minutes_until,
    owner_of,
    proof,
    prove,
    removed,
)
from tests.fakes.domains import ADDRESS
from tests.fakes.name_server import NameServer
from tests.tenants.lasting import together

pytestmark = together


async def test_a_domain_is_added_proved_connected_and_let_go(world: World, zone: NameServer) -> None:
    ada, site = await owner_of(world)
    domain = await added(world, ada, "WWW.Bakery.example.")
    assert (domain["domain"], domain["state"], led(world)) == (SHOP, "waiting", None)
    told = {(one["purpose"], one["name"], one["kind"]) for one in domain["records"]}
    assert told == {("proof", f"_aipress.{SHOP}", "TXT"), ("address", SHOP, "A")}
    prove(zone, domain)
    proved = await checked(world, ada)
    assert (proved["state"], led(world)) == ("proved", site["environments"][0]["id"])
    assert [one["purpose"] for one in proved["records"]] == ["proof", "address", "certificate"]
    lead(zone)
    connected = await checked(world, ada)
    assert (connected["state"], connected["certificate"]) == ("connected", "active")
    assert connected["certificate_ends"] is not None
    receipt = (await removed(world, ada)).json()
    assert (receipt["kind"], receipt["result"]["domain"], led(world)) == ("remove_domain", SHOP, None)
    assert (await world.ask("GET", "/tenants/bakery/domains", ada)).json()["items"] == []
    entries = (await world.ask("GET", f"/audit?subject={site['id']}", ada)).json()["items"]
    assert {"ADD_DOMAIN", "REMOVE_DOMAIN"} <= {one["action"] for one in entries}


async def test_nothing_is_asked_of_the_cloud_before_the_proof_is_there(
    world: World, zone: NameServer
) -> None:
    """Certificates that are asked for before DNS is right use up what an authority grants."""
    ada, _ = await owner_of(world)
    domain = await added(world, ada)
    lead(zone)
    for wrong in ((), ("aipress-site=" + "0" * 40,), ("v=spf1 -all", proof(domain)["value"][:-1])):
        zone.put(proof(domain)["name"], "TXT", *wrong)
        assert (await checked(world, ada))["state"] == "waiting"
    assert "ensure domain" not in world.cloud.said
    zone.put(proof(domain)["name"], "TXT", "v=spf1 -all", proof(domain)["value"])
    assert (await checked(world, ada))["state"] == "connected"


async def test_what_is_expected_stands_beside_what_is_found_and_says_what_is_wrong(
    world: World, zone: NameServer
) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    cases = {
        (): ("missing", [], "has no A record"),
        ("192.0.2.1",): ("wrong", ["192.0.2.1"], "leads to 192.0.2.1 instead"),
        (ADDRESS, "192.0.2.1"): ("wrong", ["192.0.2.1", ADDRESS], "some visitors don't come here"),
        (ADDRESS,): ("right", [ADDRESS], ""),
    }
    for addresses, (state, found, why) in cases.items():
        zone.put(SHOP, "A", *addresses)
        domain = await checked(world, ada)
        seen = next(one for one in domain["records"] if one["purpose"] == "address")
        assert (seen["state"], seen["found"]) == (state, found)
        assert why in seen["why"]
        assert (domain["state"] == "connected") == (state == "right")


async def test_an_address_of_the_other_family_that_leads_elsewhere_is_noticed(
    world: World, zone: NameServer
) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    lead(zone)
    zone.put(SHOP, "AAAA", "2001:db8::1")
    domain = await checked(world, ada)
    assert (domain["state"], "2001:db8::1" in domain["why"]) == ("proved", True)


async def test_aliases_are_followed_to_where_they_lead(world: World, zone: NameServer) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    zone.put(SHOP, "CNAME", "edge.example")
    zone.put("edge.example", "CNAME", "far.example")
    assert "another name for far.example" in (await checked(world, ada))["why"]
    zone.put("far.example", "A", ADDRESS)
    assert (await checked(world, ada))["state"] == "connected"


@pytest.mark.parametrize("failing", ["silent", "refused", "broken", "garbage"])
async def test_a_name_server_that_fails_says_nothing_about_the_domain(
    world: World, zone: NameServer, failing: str
) -> None:
    ada, _ = await owner_of(world)
    domain = await added(world, ada)
    zone.failing[proof(domain)["name"]] = failing
    checking.use(Names(zone.address, seconds=0.5))
    waiting = await checked(world, ada)
    assert (waiting["state"], proof(waiting)["state"]) == ("waiting", "unknown")
    assert "nobody knows" in proof(waiting)["why"]
    zone.failing.clear()
    checking.use(Names(zone.address))
    prove(zone, domain)
    lead(zone)
    assert (await checked(world, ada))["state"] == "connected"
    checking.use(Names(zone.address, seconds=0.5))
    zone.failing[proof(domain)["name"]] = failing
    still = await checked(world, ada)
    assert (proof(still)["state"], "is gone" in still["why"]) == ("unknown", False)
    assert led(world) is not None


async def test_a_proof_that_vanished_cuts_nobody_off_for_a_week(world: World, zone: NameServer) -> None:
    ada, site = await owner_of(world)
    domain = await added(world, ada)
    prove(zone, domain)
    lead(zone)
    await checked(world, ada)
    zone.put(proof(domain)["name"], "TXT")
    lost = await checked(world, ada)
    assert (lost["state"], led(world)) == ("connected", site["environments"][0]["id"])
    assert "is disconnected on" in lost["why"]
    await days_pass(world, 6.9)
    assert (await checked(world, ada))["state"] == "connected"
    prove(zone, domain)
    assert "is gone" not in (await checked(world, ada))["why"]
    zone.put(proof(domain)["name"], "TXT")
    await checked(world, ada)
    await days_pass(world, 7.1)
    gone = await checked(world, ada)
    assert (gone["state"], led(world), gone["proved_at"]) == ("waiting", None, None)
    prove(zone, domain)
    assert (await checked(world, ada))["state"] == "connected"


async def test_a_certificate_that_waits_is_asked_about_again_and_one_that_fails_is_said(
    world: World, zone: NameServer
) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    lead(zone)
    world.cloud.domains.certificates[SHOP] = "waiting"
    waiting = await checked(world, ada)
    assert (waiting["state"], waiting["certificate"]) == ("proved", "waiting")
    assert minutes_until(waiting["next_check_at"]) <= 2
    world.cloud.domains.certificates[SHOP] = "failed"
    failed = await checked(world, ada)
    assert (failed["state"], failed["why"]) == ("failed", "Nobody issues one.")
    del world.cloud.domains.certificates[SHOP]
    await days_pass(world, 1)
    await rounds.look_again(world.rows)
    domain = (await world.ask("GET", f"/tenants/bakery/domains/{SHOP}", ada)).json()
    assert (domain["state"], domain["certificate"]) == ("connected", "active")


async def test_rounds_look_ever_later_and_give_up_after_a_month(world: World, zone: NameServer) -> None:
    ada, _ = await owner_of(world)
    domain = await added(world, ada)
    pauses = [minutes_until((await checked(world, ada))["next_check_at"]) for _ in range(12)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360, 360]
    await days_pass(world, 31)
    await rounds.look_again(world.rows)
    late = (await world.ask("GET", f"/tenants/bakery/domains/{SHOP}", ada)).json()
    assert (late["state"], late["next_check_at"]) == ("failed", None)
    prove(zone, domain)
    lead(zone)
    await rounds.look_again(world.rows)
    assert (await world.ask("GET", f"/tenants/bakery/domains/{SHOP}", ada)).json()["state"] == "failed"
    assert (await checked(world, ada))["state"] == "connected"


async def test_what_the_cloud_refuses_is_said_and_what_it_can_t_do_now_is_tried_again(
    world: World, zone: NameServer
) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    lead(zone)
    world.cloud.broken["ensure domain"] = [CloudRefused("The name is too long."), CloudBusy("Busy.")]
    refused = await checked(world, ada)
    assert (refused["state"], refused["why"]) == ("failed", "The name is too long.")
    assert (await checked(world, ada))["state"] == "proved"
    assert (await checked(world, ada))["state"] == "connected"


async def test_what_could_not_be_withdrawn_is_withdrawn_by_a_later_round(
    world: World, zone: NameServer
) -> None:
    ada, site = await owner_of(world)
    prove(zone, await added(world, ada))
    await checked(world, ada)
    world.cloud.broken["withdraw domain"] = [CloudBusy("Not now.")]
    assert (await removed(world, ada)).status_code == 200
    assert led(world) == site["environments"][0]["id"]
    await rounds.let_go(world.rows)
    assert led(world) is None


async def test_what_leads_nowhere_though_it_is_connected_is_made_again(
    world: World, zone: NameServer
) -> None:
    ada, site = await owner_of(world)
    prove(zone, await added(world, ada))
    await checked(world, ada)
    world.cloud.domains.led.clear()
    await rounds.let_go(world.rows)
    assert led(world) == site["environments"][0]["id"]


async def test_a_domain_removed_while_it_is_looked_at_leads_nowhere(world: World, zone: NameServer) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    world.cloud.pace = 0.3
    looking = asyncio.create_task(checked(world, ada))
    while "ensure domain" not in world.cloud.said:
        await asyncio.sleep(0.01)
    world.cloud.pace = 0
    assert (await removed(world, ada)).status_code == 200
    await looking
    assert led(world) is None


async def test_a_site_s_domains_go_with_it(world: World, zone: NameServer) -> None:
    ada, _ = await owner_of(world)
    prove(zone, await added(world, ada))
    await checked(world, ada)
    deleted = await world.ask("DELETE", "/tenants/bakery", ada, {"typed_name": "bakery"})
    assert (await world.ended(ada, deleted.json()["id"]))["state"] == "succeeded"
    assert (led(world), world.cloud.is_empty()) == (None, True)
    await rounds.look_again(world.rows)
    eve, _ = await owner_of(world, "Shop", email="eve@example.com")
    assert (await added(world, eve, SHOP, "shop"))["state"] == "waiting"
    assert (await checked(world, eve, SHOP, "shop"))["state"] == "waiting"  # his record is still in the DNS
    assert led(world) is None
