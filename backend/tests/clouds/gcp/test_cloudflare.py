"""Own domains by Cloudflare for SaaS, against a server that keeps its envelope, its codes and its slowness."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from aipress.clouds.domains import Record
from aipress.clouds.gcp.answers import Denied
from aipress.clouds.gcp.cloudflare import asking
from aipress.clouds.gcp.cloudflare import domains as by_cloudflare
from aipress.clouds.gcp.cloudflare.asking import Cloudflare
from aipress.clouds.gcp.cloudflare.domains import CloudflareDomains
from aipress.clouds.gcp.cloudflare.token import SECRET, Token
from aipress.clouds.gcp.cloudflare.zone import CloudflareZone
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Zone
from aipress.clouds.gcp.resources import Unbuildable
from aipress.clouds.gcp.zones import Zones
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudRefused
from tests.clouds.gcp.fronts import FRONT
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, ID, PLACE, say
from tests.clouds.gcp.simulated import PLATFORM, Simulated
from tests.fakes.cloudflare import (
    TOKEN,
    ZONE,
    FakeCloudflare,
    cloudflare,
)
from tests.fakes.placements import FakePlacements

OTHER = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other", slug="other")


@dataclass
class Rig:
    fake: FakeCloudflare
    domains: CloudflareDomains
    zone: CloudflareZone


async def known() -> str:
    return TOKEN


@pytest.fixture
async def rig(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    monkeypatch.setattr(by_cloudflare, "PAUSE", 0.001)
    monkeypatch.setattr(asking, "FIRST_PAUSE", 0.001)
    placements = FakePlacements(PLATFORM)
    for one in (ENVIRONMENT, OTHER):
        await placements.of(one)
    fake = FakeCloudflare()
    with cloudflare(fake) as endpoint:
        api = Cloudflare(known, endpoint)
        zone = CloudflareZone(api, Zone(name=ZONE, domain="bakery.example", by="cloudflare"))
        where = Where(PLATFORM, placements)
        yield Rig(fake, CloudflareDomains(api, FRONT, where, Zones((zone,))), zone)
        await api.aclose()


async def test_a_domain_waits_for_its_records_and_then_is_cloudflares_to_show(rig: Rig) -> None:
    first = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (first.certificate, first.why) == (
        "waiting",
        f"Cloudflare does not find the records of {DOMAIN} in the DNS yet.",
    )
    assert first.records[0] == Record(DOMAIN, "CNAME", FRONT.target)
    assert {one.name for one in first.records[1:]} == {
        f"_cf-custom-hostname.{DOMAIN}",
        f"_acme-challenge.{DOMAIN}",
    }
    assert rig.fake.values[DOMAIN][0] == f"sunrise-bakery.{PLACE.domain}"
    rig.fake.prove(DOMAIN)
    seen = [(await rig.domains.ensure(ENVIRONMENT, DOMAIN)).certificate for _ in range(3)]
    assert seen[-1] == "active"
    state = await rig.domains.state(ID, DOMAIN)
    assert state
    assert (state.certificate, state.why) == ("active", "")
    assert state.certificate_ends == datetime(2027, 3, 4, 12, tzinfo=UTC)


async def test_a_site_whose_platform_host_changed_is_passed_on_to_the_new_one(rig: Rig) -> None:
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    placements = rig.domains.where.placements
    assert isinstance(placements, FakePlacements)
    before = placements.by_environment[ID]
    placements.by_environment[ID] = replace(before, service="sunset-bakery")
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert rig.fake.values[DOMAIN][0] == f"sunset-bakery.{PLACE.domain}"
    writes = [one for one in rig.fake.asked if one[0] == "PUT"]
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert [one for one in rig.fake.asked if one[0] == "PUT"] == writes


async def test_a_certificate_alone_is_not_enough_for_visitors_to_come(rig: Rig) -> None:
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    rig.fake.prove(DOMAIN)
    del rig.fake.dns[f"_cf-custom-hostname.{DOMAIN}", "TXT"]
    for _ in range(3):
        state = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (state.certificate, state.why) == (
        "waiting",
        f"Cloudflare has not seen yet that {DOMAIN} leads there.",
    )


async def test_what_cloudflare_gave_up_is_said_once_and_begun_anew(rig: Rig) -> None:
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    hostname = next(iter(rig.fake.hostnames.values()))
    hostname["ssl"]["status"] = "validation_timed_out"
    failed = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    assert (failed.certificate, failed.why) == (
        "failed",
        f"The records that prove {DOMAIN} were not found in time. It is being tried again.",
    )
    assert (await rig.domains.ensure(ENVIRONMENT, DOMAIN)).certificate == "waiting"
    hostname["status"] = "moved"
    state = await rig.domains.state(ID, DOMAIN)
    assert state
    assert (state.certificate, state.why) == ("failed", f"{DOMAIN} leads elsewhere now.")


async def test_many_domains_are_found_page_by_page_and_all_go(rig: Rig) -> None:
    rig.fake.page = 2
    domains = {f"d{number}.example" for number in range(5)}
    await asyncio.gather(*(rig.domains.ensure(ENVIRONMENT, one) for one in domains))
    await rig.domains.ensure(OTHER, "other.example")
    assert await rig.domains.of(ID) == domains
    assert await rig.domains.existing() == {ID, OTHER.id}
    await rig.domains.remove(ID)
    assert [one["hostname"] for one in rig.fake.hostnames.values()] == ["other.example"]
    assert set(rig.fake.values) == {"other.example"}


async def test_pitfall_14_a_domain_of_another_site_is_neither_taken_nor_withdrawn(rig: Rig) -> None:
    state = await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    with pytest.raises(CloudRefused, match="another site"):
        await rig.domains.ensure(OTHER, DOMAIN)
    await rig.domains.withdraw(OTHER.id, DOMAIN)
    assert await rig.domains.state(ID, DOMAIN) == state
    for own in (FRONT.target, f"x.{PLACE.domain}"):
        with pytest.raises(Unbuildable):
            await rig.domains.ensure(ENVIRONMENT, own)


async def test_whatever_answer_is_lost_or_refused_once_a_domain_comes_and_goes(rig: Rig) -> None:
    await rig.domains.ensure(ENVIRONMENT, DOMAIN)
    await rig.domains.withdraw(ID, DOMAIN)
    calls = len(rig.fake.asked)
    assert calls > 8
    for number in range(calls):
        for fault in ("lost", "429")[: 2 if number in (0, calls - 1) else 1]:
            rig.fake.asked.clear()
            rig.fake.faults = {number: fault}
            await rig.domains.ensure(ENVIRONMENT, DOMAIN)
            assert (len(rig.fake.hostnames), set(rig.fake.values)) == (1, {DOMAIN})
            await rig.domains.withdraw(ID, DOMAIN)
            assert (rig.fake.hostnames, rig.fake.values) == ({}, {})
            assert len(rig.fake.asked) > number


async def test_a_wrong_token_is_said_and_no_message_of_cloudflares_nor_the_token(rig: Rig) -> None:
    async def another() -> str:
        return "wrong-token-91"

    api = Cloudflare(another, rig.domains.hosts.cloudflare.endpoint)
    with pytest.raises(Denied) as refused:
        await api.all(f"/zones/{ZONE}/custom_hostnames", {})
    await api.aclose()
    assert "10000" in str(refused.value)
    assert "Authentication error" not in str(refused.value)
    assert "wrong-token-91" not in str(refused.value)


async def test_who_is_always_too_quick_is_told_to_ask_again(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "DEADLINE", 0.01)
    rig.fake.faults = {-1: "429"}
    with pytest.raises(CloudBusy, match="429 10013"):
        await rig.domains.existing()


async def test_the_token_is_secret_managers_where_the_settings_have_none(on_google: Simulated) -> None:
    with pytest.raises(CloudRefused, match="AIPRESS_CLOUDFLARE_TOKEN"):
        await Token(on_google.google, PLACE.project)()
    secrets = f"/secretmanager/v1/projects/{PLACE.project}/secrets"
    say(on_google.simulator, "POST", secrets, {"replication": {"automatic": {}}}, secretId=SECRET)
    say(on_google.simulator, "POST", f"{secrets}/{SECRET}:addVersion", {"payload": {"data": "Y2YtMQ=="}})
    assert await Token(on_google.google, PLACE.project)() == "cf-1"
    assert await Token(on_google.google, PLACE.project, "told")() == "told"
    assert "cf-9" not in repr(Settings(cloudflare_token="cf-9"))


async def test_records_in_a_zone_at_cloudflare_are_set_and_taken_away(rig: Rig) -> None:
    state = await rig.domains.ensure(ENVIRONMENT, "www.bakery.example")
    assert await rig.zone.values("www.bakery.example", "CNAME") == {FRONT.target}
    seen = [(await rig.domains.ensure(ENVIRONMENT, "www.bakery.example")).certificate for _ in range(3)]
    assert seen[-1] == "active"
    assert len(rig.fake.records) == len(state.records) == 3
    await rig.domains.withdraw(ID, "www.bakery.example")
    assert rig.fake.records == {}
