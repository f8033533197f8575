"""Own domains by Google's load balancer, on the simulator: what has to be set, what is waited for, and that nothing is left."""

import asyncio
import re
from dataclasses import dataclass, replace

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import Record
from aipress.clouds.gcp.balancer import BalancedDomains
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.purging import PurgeQueue
from aipress.clouds.gcp.ways import Ways
from aipress.errors import CloudRefused
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, ID, PLACE, say
from tests.clouds.gcp.simulated import PLATFORM, Simulated

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
    def url_map(self) -> dict[str, object]:
        return say(self.on.simulator, "GET", f"/compute/v1/projects/{PLACE.project}/global/urlMaps/sites")


@pytest.fixture
async def rig(on_google: Simulated) -> Rig:
    for one in (ENVIRONMENT, OTHER):
        await on_google.placements.of(one)
    where = Where(PLATFORM, on_google.placements)
    ways = Ways(on_google.google, where, PurgeQueue(on_google.google))
    return Rig(on_google, BalancedDomains(on_google.google, where, ways))


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


async def test_a_domain_of_another_site_is_refused_before_anything_is_made(rig: Rig) -> None:
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    before = rig.on.left
    with pytest.raises(CloudRefused, match="another site"):
        await rig.domains.ensure(OTHER, DOMAIN)
    await rig.domains.withdraw(OTHER.id, DOMAIN)
    assert rig.on.left == before
