"""What every DNS zone of the platform's own promises: sets of records are written as a whole, and nobody's change is lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from aipress.clouds.domains import Record
from aipress.clouds.gcp import newest
from aipress.clouds.gcp.cloudflare.asking import Cloudflare
from aipress.clouds.gcp.cloudflare.zone import CloudflareZone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Zone
from aipress.clouds.gcp.zones import CloudDnsZone, DnsZone
from aipress.errors import AIPressError
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import PLACE, say
from tests.clouds.gcp.simulated import answering
from tests.fakes.cloudflare import TOKEN, ZONE, FakeCloudflare, cloudflare

HOST = "www.bakery.example"
PROOF = Record(f"_acme-challenge.{HOST}", "CNAME", "a1.b2.authorize.certificatemanager.goog")
A, B, C = (Record(HOST, "A", f"203.0.113.{number}") for number in (1, 2, 3))
TEXT = Record(f"_proof.{HOST}", "TXT", "site=4711")


async def known() -> str:
    return TOKEN


@pytest.fixture(params=["cloud dns", "cloudflare"])
async def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DnsZone]:
    monkeypatch.setattr(newest, "PAUSES", (0.001,) * 8)
    if request.param == "cloudflare":
        with cloudflare(FakeCloudflare()) as endpoint:
            api = Cloudflare(known, endpoint)
            yield CloudflareZone(api, Zone(name=ZONE, domain="bakery.example", by="cloudflare"))
            await api.aclose()
        return
    simulator = Simulator(new_world())
    zones = f"/dns/dns/v1/projects/{PLACE.project}/managedZones"
    say(simulator, "POST", zones, {"name": "ours", "dnsName": "bakery.example.", "description": ""})
    with answering(simulator) as endpoint:
        google = Google(endpoint)
        yield CloudDnsZone(google, Zone(name="ours", domain="bakery.example", project=PLACE.project))
        await google.aclose()


async def test_what_is_written_is_there_whatever_was_there(zone: DnsZone) -> None:
    for _ in "twice":
        await zone.write((PROOF, A, B, TEXT))
    assert await zone.values(HOST, "A") == {A.value, B.value}
    assert await zone.values(PROOF.name, "CNAME") == {PROOF.value}
    assert await zone.values(TEXT.name, "TXT") == {TEXT.value}
    await zone.write((C,))
    assert await zone.values(HOST, "A") == {C.value}
    assert await zone.values(HOST, "AAAA") == set()
    assert zone.domain == "bakery.example"


async def test_only_the_values_named_are_cleared(zone: DnsZone) -> None:
    await zone.write((A, B, TEXT))
    for _ in "twice":
        await zone.clear((A, PROOF))
    assert await zone.values(HOST, "A") == {B.value}
    await zone.clear((B, TEXT))
    assert await zone.values(HOST, "A") == await zone.values(TEXT.name, "TXT") == set()


async def test_a_change_that_can_not_be_made_changes_nothing(zone: DnsZone) -> None:
    await zone.write((A,))
    with pytest.raises(AIPressError):
        await zone.write((TEXT, Record(HOST, "CNAME", "elsewhere.example")))
    assert await zone.values(TEXT.name, "TXT") == set()
    assert await zone.values(HOST, "A") == {A.value}


async def test_changes_at_once_are_all_made(zone: DnsZone) -> None:
    hosts = [Record(f"h{number}.bakery.example", "A", A.value) for number in range(6)]
    await asyncio.gather(*(zone.write((one,)) for one in hosts), *(zone.write((one,)) for one in (A, B, C)))
    assert [await zone.values(one.name, "A") for one in hosts] == [{A.value}] * 6
    await zone.write((B,))
    assert await zone.values(HOST, "A") == {B.value}
