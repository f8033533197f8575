"""Own domains by Google's load balancer, on the simulator: what has to be set, what is waited for, and that nothing is left."""

import asyncio
import re
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import Record
from aipress.clouds.gcp import domains, routing
from aipress.clouds.gcp.balancer import BalancedDomains
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Zone
from aipress.clouds.gcp.purging import PurgeQueue
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.gcp.ways import Ways
from aipress.clouds.gcp.zones import CloudDnsZone, Zones
from aipress.errors import CloudRefused
from gcpsim.machines.routes import route
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, ID, PLACE, say
from tests.clouds.gcp.simulated import PLATFORM, Simulated
from tests.clouds.gcp.test_edge import forgotten
from tests.clouds.gcp.test_runtime import built

OTHER = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other", slug="other")
UPDATE = "compute.urlMaps.update"


@dataclass
class Rig:
    on: Simulated
    domains: BalancedDomains

    def set(self, record: Record) -> None:
        """As the domain's owner does somewhere else."""
        self.on.simulator.world.elsewhere[f"{record.name}.", record.kind] = [f"{record.value}."]

    @property
    def url_map(self) -> dict[str, Any]:
        return say(self.on.simulator, "GET", f"/compute/v1/projects/{PLACE.project}/global/urlMaps/sites")


@pytest.fixture
async def rig(on_google: Simulated) -> Rig:
    for one in (ENVIRONMENT, OTHER):
        await on_google.placements.of(one)
    where = Where(PLATFORM, on_google.placements)
    ways = Ways(on_google.google, where, PurgeQueue(on_google.google))
    return Rig(on_google, BalancedDomains(on_google.google, where, ways, Zones()))


async def ready(rig: Rig, environment: EnvironmentSpec, domain: str) -> None:
    """Its certificate is there, and its visitors come."""
    waiting = await rig.domains.ensure(environment, domain)
    rig.set(waiting.records[0])
    assert (await rig.domains.ensure(environment, domain)).certificate == "active"


async def test_a_domain_waits_for_its_records_and_then_leads_here(rig: Rig) -> None:
    first = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (first.certificate, first.certificate_ends) == ("waiting", None)
    assert first.why == f"Google does not find the records of {DOMAIN} in the DNS yet."
    proof, *leading = first.records
    assert re.fullmatch(rf"_acme-challenge_[0-9a-f]+\.{DOMAIN}", proof.name)
    assert proof.kind == "CNAME"
    assert leading == [Record(DOMAIN, "A", "203.0.113.10"), Record(DOMAIN, "AAAA", "2001:db8::10")]
    assert "hostRules" not in rig.url_map
    rig.set(proof)
    state = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (state.certificate, state.why, state.records) == ("active", "", first.records)
    assert state.certificate_ends is not None
    assert await rig.domains.state(ID, DOMAIN) == state
    assert rig.url_map["hostRules"] == [{"hosts": [DOMAIN], "pathMatcher": f"w{ID}"}]


async def test_what_was_made_for_a_domain_goes_with_it(rig: Rig) -> None:
    before = rig.on.left
    await ready(rig, ENVIRONMENT, DOMAIN)
    await ready(rig, ENVIRONMENT, "shop.example")
    assert await rig.domains.of(ID) == {DOMAIN, "shop.example"}
    await rig.domains.withdraw(ID, DOMAIN)
    assert await rig.domains.of(ID) == {"shop.example"}
    assert await rig.domains.ways.known_hosts(ID) == {"shop.example"}
    await rig.domains.remove(ID)
    assert rig.on.left == before
    assert await rig.domains.existing() == set()


async def test_many_at_once_are_few_writes_of_the_map_and_all_are_in_it(rig: Rig) -> None:
    domains = [f"d{number}.example" for number in range(12)]
    for domain in domains:
        rig.set((await rig.domains.ensure(ENVIRONMENT, domain)).records[0])
    states = await asyncio.gather(*(rig.domains.ensure(ENVIRONMENT, domain) for domain in domains))
    assert {one.certificate for one in states} == {"active"}
    assert rig.url_map["hostRules"] == [{"hosts": sorted(domains), "pathMatcher": f"w{ID}"}]
    assert len(list(rig.on.simulator.world.journal.of(UPDATE))) < len(domains)


async def test_looking_after_a_domain_that_is_in_order_writes_nothing(rig: Rig) -> None:
    await ready(rig, ENVIRONMENT, DOMAIN)
    asked = len(rig.on.simulator.world.journal.entries)
    assert (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).certificate == "active"
    said = rig.on.simulator.world.journal.entries[asked:]
    assert {one.http for one in said} == {"GET"}


async def test_a_domain_of_another_site_is_refused_before_anything_is_made(rig: Rig) -> None:
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    before = rig.on.left
    with pytest.raises(CloudRefused, match="another site"):
        await rig.domains.ensure(OTHER, DOMAIN)
    await rig.domains.withdraw(OTHER.id, DOMAIN)
    assert rig.on.left == before


class Overtaken(Google):
    """Lets somebody else go first whenever it is about to write the URL map, as often as there is somebody."""

    def __init__(self, endpoint: str, *others: Awaitable[object]) -> None:
        super().__init__(endpoint)
        self.others = list(others)

    async def make(self, resource: Resource) -> Json:
        if resource.kind == "URL map" and self.others:
            await self.others.pop(0)
        return await super().make(resource)


async def test_pitfall_12_two_control_planes_lose_none_of_each_others_domains(rig: Rig) -> None:
    rig.on.simulator.world.issuing.is_lenient = True
    others = [rig.domains.ensure(OTHER, f"other{number}.example") for number in range(3)]
    google, where = Overtaken(rig.on.endpoint, *others), rig.domains.where
    plane = BalancedDomains(google, where, Ways(google, where, PurgeQueue(google)), Zones())
    assert (await plane.ensure(ENVIRONMENT, DOMAIN)).certificate == "active"
    await google.aclose()
    hosts = {rule["pathMatcher"]: rule["hosts"] for rule in rig.url_map["hostRules"]}
    assert hosts == {f"w{ID}": [DOMAIN], f"w{OTHER.id}": [f"other{number}.example" for number in range(3)]}
    refused = [one.status for one in rig.on.simulator.world.journal.of(UPDATE) if one.status != 200]
    assert refused == [412, 412, 412]


async def test_what_google_gave_up_is_said_once_and_asked_for_again(rig: Rig) -> None:
    first = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    rig.on.simulator.world.clock.pass_time(rig.on.simulator.world.issuing.patience)
    given_up = await rig.domains.state(ID, DOMAIN)
    assert given_up
    assert (given_up.certificate, given_up.why) == (
        "failed",
        f"Google gave up issuing the certificate. {first.why}",
    )
    again = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (again.certificate, again.why) == ("failed", f"{given_up.why} It is being tried again.")
    rig.set(first.records[0])
    assert (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).certificate == "active"


async def test_why_a_certificate_does_not_come_is_told_in_our_words(rig: Rig) -> None:
    proof = (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).records[0]
    rig.set(replace(proof, value="<b>other</b>.example"))
    assert "another value" in (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).why
    rig.set(proof)
    rig.on.simulator.world.elsewhere["sunrise-bakery.example.", "CAA"] = ['0 issue "letsencrypt.org"']
    assert "allow pki.goog" in (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).why
    del rig.on.simulator.world.elsewhere["sunrise-bakery.example.", "CAA"]
    rig.on.simulator.world.issuing.takes = 60.0
    assert (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).why == (
        "Google is issuing the certificate, which takes some minutes."
    )


async def test_pages_of_a_domain_are_forgotten_with_the_platforms_host_and_when_it_goes(rig: Rig) -> None:
    await rig.on.cloud.edge.ensure(
        ENVIRONMENT, await rig.on.cloud.runtime.ensure(ENVIRONMENT, await built(rig.on))
    )
    await ready(rig, ENVIRONMENT, DOMAIN)
    await rig.on.cloud.edge.purge(ID, "/menu")
    host = f"sunrise-bakery.{PLACE.domain}"
    assert set(forgotten(rig.on)) == {(one, path) for one in (host, DOMAIN) for path in ("/menu", "/menu/")}
    await rig.domains.withdraw(ID, DOMAIN)
    assert forgotten(rig.on)[-1] == (DOMAIN, "/*")


async def test_the_platforms_own_hosts_are_nobodys_domains(rig: Rig) -> None:
    for host in (PLACE.domain, f"other.{PLACE.domain}"):
        with pytest.raises(Unbuildable, match="by themselves"):
            await rig.domains.ensure(ENVIRONMENT, host)
    assert await rig.domains.existing() == set()


async def test_without_addresses_a_domain_is_the_platforms_host_by_another_name(rig: Rig) -> None:
    shard = PLATFORM.shards[0].model_copy(update={"addresses": ()})
    rig.domains.where = Where(PLATFORM.model_copy(update={"shards": (shard,)}), rig.on.placements)
    told = await rig.domains.records(ENVIRONMENT, DOMAIN)
    assert told == (Record(DOMAIN, "CNAME", f"sunrise-bakery.{PLACE.domain}"),)


async def test_a_domain_of_an_environment_that_is_nowhere_is_refused(rig: Rig) -> None:
    with pytest.raises(CloudRefused, match="nowhere"):
        await rig.domains.ensure(replace(ENVIRONMENT, id="0" * 12), DOMAIN)


async def test_a_placement_stays_as_long_as_a_domain_does(rig: Rig) -> None:
    """Without it nobody would find the domain any more to take it down."""
    await rig.domains.ensure(OTHER, DOMAIN)
    await rig.on.cloud.vault.remove(OTHER.id)
    assert OTHER.id in rig.on.placements.by_environment
    await rig.domains.remove(OTHER.id)
    await rig.on.cloud.vault.remove(OTHER.id)
    assert OTHER.id not in rig.on.placements.by_environment


async def test_records_in_a_zone_of_the_platforms_own_are_set_and_taken_away(rig: Rig) -> None:
    zones = f"/dns/v1/projects/{PLACE.project}/managedZones"
    say(
        rig.on.simulator,
        "POST",
        f"/dns{zones}",
        {"name": "ours", "dnsName": "bakery.example.", "description": ""},
    )
    rig.domains.zones = Zones(
        (CloudDnsZone(rig.on.google, Zone(name="ours", domain="bakery.example", project=PLACE.project)),)
    )
    before = rig.on.left
    state = await rig.domains.ensure(ENVIRONMENT, "www.bakery.example")
    assert state.certificate == "active"
    assert rig.on.simulator.world.resolve("www.bakery.example.", "AAAA") == ["2001:db8::10"]
    await rig.domains.withdraw(ID, "www.bakery.example")
    assert {one for one in rig.on.left - before if "/changes/" not in one} == set()


async def test_visitors_of_a_domain_come_to_the_sites_service_and_to_no_other(rig: Rig) -> None:
    """As the simulator's load balancer reads what was made: host, URL map, backend, endpoint group, service."""
    runtime, edge, store = rig.on.cloud.runtime, rig.on.cloud.edge, rig.on.simulator.world.store
    await edge.ensure(ENVIRONMENT, await runtime.ensure(ENVIRONMENT, await built(rig.on)))
    service = f"run/{PLACE.parent}/services/sunrise-bakery"
    assert store.get(service)
    assert route(store, DOMAIN, "/").status == 404
    await ready(rig, ENVIRONMENT, DOMAIN)
    await ready(rig, OTHER, "other.example")
    there = route(store, DOMAIN, "/menu/")
    assert (there.status, there.service) == (0, service)
    assert there.policy["cacheKeyPolicy"]["includeHost"] is True
    assert route(store, "other.example", "/").status == 404  # its service is not there
    assert route(store, f"www.{DOMAIN}", "/").status == 404
    await edge.remove(ID)
    assert route(store, DOMAIN, "/").status == 404  # nobody is let in by any name
    await edge.ensure(ENVIRONMENT, await runtime.ensure(ENVIRONMENT, await built(rig.on)))
    await rig.domains.withdraw(ID, DOMAIN)
    assert route(store, DOMAIN, "/").status == 404


async def test_a_certificate_that_visitors_are_shown_is_kept_though_its_renewal_failed(rig: Rig) -> None:
    await ready(rig, ENVIRONMENT, DOMAIN)
    before = rig.on.left
    (certificate,) = rig.on.simulator.world.store.kind("certificatemanager", "certificates")
    certificate.content["managed"]["state"] = "FAILED"
    state = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (state.certificate, state.why) == ("failed", "Google gave up issuing the certificate.")
    assert rig.on.left == before


async def test_a_host_whose_certificate_somebody_else_shows_is_not_taken_for_ours(rig: Rig) -> None:
    waiting = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    by_hand = domains.map_entry(OTHER, DOMAIN, PLACE, "sites")
    (ours,) = rig.on.simulator.world.store.kind("certificatemanager", "certificates")
    certificates = [ours.key.removeprefix("certificatemanager/")]
    await rig.on.google.make(replace(by_hand, body={**by_hand.body, "certificates": certificates}))
    rig.set(waiting.records[0])
    with pytest.raises(CloudRefused, match="another site's certificate"):
        await rig.domains.ensure(ENVIRONMENT, DOMAIN)


async def test_what_can_not_be_added_to_the_map_keeps_nobody_elses_domain_out(rig: Rig) -> None:
    """Both wait for the same write; one of them is refused by the map as it is."""
    maps, place = rig.domains.ways.maps, PLACE
    held = [
        maps.change(place, "sites", lambda one: routing.with_domain(one, OTHER, DOMAIN, place)),
        maps.change(place, "sites", lambda one: routing.with_domain(one, ENVIRONMENT, DOMAIN, place)),
        maps.change(place, "sites", lambda one: routing.with_domain(one, ENVIRONMENT, "a.example", place)),
    ]
    for environment in (ENVIRONMENT, OTHER):
        for one in (routing.domain_group(environment, place), routing.backend(place, f"w{environment.id}")):
            await rig.on.google.make(one)
    first, second, third = await asyncio.gather(*held, return_exceptions=True)
    assert (first, third, type(second)) == (None, None, Unbuildable)
    hosts = {rule["pathMatcher"]: rule["hosts"] for rule in rig.url_map["hostRules"]}
    assert hosts == {f"w{OTHER.id}": [DOMAIN], f"w{ID}": ["a.example"]}
    with pytest.raises(CloudRefused, match="no URL map none"):
        await maps.change(place, "none", lambda one: one)
