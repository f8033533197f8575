"""A platform on Google Cloud with one thing wrong: the doctor names that one, what to do about it, and nothing else."""

import pytest

from aipress.clouds.gcp import google
from aipress.clouds.gcp.doctor import LOOKS, apis, examine, permissions
from aipress.clouds.gcp.doctor.complaints import Complaint
from aipress.clouds.gcp.platform import Zone
from gcpsim.faults import parse_fault
from tests.clouds.gcp.fronts import FRONT
from tests.clouds.gcp.rig import say
from tests.clouds.gcp.simulated import Simulated
from tests.clouds.gcp.spoiling import SPOILT, SQL
from tests.clouds.gcp.standing import PERMISSIONS, PROJECT, STANDING, allow, changed, enable, stand


@pytest.fixture
def healthy(on_google: Simulated) -> Simulated:
    stand(on_google.simulator)
    return on_google


async def complaints(there: Simulated) -> list[Complaint]:
    return await examine(there.google, STANDING)


async def test_a_healthy_platform_gives_no_complaint_and_is_not_changed(healthy: Simulated) -> None:
    before = healthy.left
    asked = len(healthy.simulator.world.journal.entries)
    assert await complaints(healthy) == []
    said = healthy.simulator.world.journal.entries[asked:]
    assert {one.http for one in said if "testIamPermissions" not in one.path} == {"GET"}
    assert healthy.left == before


@pytest.mark.parametrize("name", SPOILT)
async def test_what_is_spoilt_is_named_and_nothing_else(healthy: Simulated, name: str) -> None:
    spoil, what, said = SPOILT[name]
    spoil(healthy.simulator)
    (told,) = await complaints(healthy)
    assert (told.where.partition("/")[0], told.what) == (PROJECT, what)
    assert said in told.said
    assert told.remedy


@pytest.mark.parametrize("api", list(apis.NEEDED))
async def test_an_api_that_is_off_is_named_and_not_asked(healthy: Simulated, api: str) -> None:
    healthy.simulator.world.store.remove(f"serviceusage/projects/{PROJECT}/services/{api}.googleapis.com", 0)
    (told,) = await complaints(healthy)
    assert told.what == f"API {api}.googleapis.com"
    assert told.remedy == f"gcloud services enable {api}.googleapis.com --project={PROJECT}"
    enable(healthy.simulator, api)
    assert await complaints(healthy) == []


async def test_an_api_that_was_switched_off_and_refuses_is_said_once(healthy: Simulated) -> None:
    for api in ("sqladmin", "cloudresourcemanager", "compute"):
        key = f"serviceusage/projects/{PROJECT}/services/{api}.googleapis.com"
        changed(healthy.simulator, key, "state", "DISABLED")
        assert [one.what for one in await complaints(healthy)] == [f"API {api}.googleapis.com"]
        changed(healthy.simulator, key, "state", "ENABLED")


ALL = PERMISSIONS[:-1]


async def test_every_permission_that_is_missing_is_named(healthy: Simulated) -> None:
    for missing in ALL:
        allow(healthy.simulator, *(one for one in ALL if one != missing))
        (told,), forbidden = await permissions.look(healthy.google, STANDING.shards[0], set())
        assert (told.what, len(forbidden)) == (f"permission {missing}", 1)
    allow(healthy.simulator)
    assert [one.what for one in await complaints(healthy)] == [f"permission {one}" for one in PERMISSIONS]


async def test_the_bill_has_to_be_asked_too(healthy: Simulated) -> None:
    allow(healthy.simulator, *ALL)
    assert [one.what for one in await complaints(healthy)] == ["permission bigquery.jobs.create"]


async def test_an_instance_that_sites_reach_by_its_socket_needs_an_address_for_us(healthy: Simulated) -> None:
    shard = STANDING.shards[0]
    by_socket = shard.model_copy(
        update={"instances": (shard.instances[0].model_copy(update={"address": ""}),)}
    )
    platform = STANDING.model_copy(update={"shards": (by_socket,)})
    assert await examine(healthy.google, platform) == []
    changed(healthy.simulator, SQL, "ipAddresses", [])
    (told,) = await examine(healthy.google, platform)
    assert "has no address" in told.said


async def test_without_addresses_of_the_balancer_no_bare_domain_can_lead_there(healthy: Simulated) -> None:
    shard = STANDING.shards[0].model_copy(update={"addresses": ()})
    platform = STANDING.model_copy(update={"shards": (shard,)})
    (told,) = await examine(healthy.google, platform)
    assert told.what == "addresses of the load balancer"
    assert await examine(healthy.google, platform.model_copy(update={"cloudflare": FRONT})) == []


async def test_a_zone_of_the_platforms_own_has_to_be_there_and_be_that_domains(healthy: Simulated) -> None:
    ours = Zone(name="ours", domain="bakery.example", project=PROJECT)
    elsewhere = Zone(name="0a1b", domain="shop.example", by="cloudflare")
    platform = STANDING.model_copy(update={"dns_zones": (ours, elsewhere)})
    (told,) = await examine(healthy.google, platform)
    assert (told.what, told.said) == ("DNS zone ours", "is not there")
    zones = f"/dns/dns/v1/projects/{PROJECT}/managedZones"
    say(healthy.simulator, "POST", zones, {"name": "ours", "dnsName": "bakery.test.", "description": ""})
    (told,) = await examine(healthy.google, platform)
    assert told.said == "is for bakery.test, not for bakery.example"
    changed(healthy.simulator, f"dns/projects/{PROJECT}/managedZones/ours", "dnsName", "bakery.example.")
    assert await examine(healthy.google, platform) == []


async def test_what_can_not_be_looked_at_is_said_too(
    healthy: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google, "DEADLINE", 0.01)
    healthy.simulator.world.faults.planned.append(parse_fault("503:storage.buckets.list:1000"))
    (told,) = await complaints(healthy)
    assert (told.what, "could not be looked at" in told.said) == ("buckets", True)


async def test_an_empty_project_is_told_of_everything_it_lacks(on_google: Simulated) -> None:
    on_google.simulator.world.caller = "user:somebody@example.com"
    told = [one.what for one in await complaints(on_google)]
    assert [f"API {api}.googleapis.com" for api in apis.NEEDED] == told[: len(apis.NEEDED)]


def test_every_look_needs_an_api_that_is_looked_for() -> None:
    assert {api for look in LOOKS for api in look.needs} <= set(apis.NEEDED)
    assert set(permissions.NEEDED) <= set(apis.NEEDED)
    assert len(set(ALL)) == len(ALL) <= permissions.AT_ONCE


async def test_each_shard_is_looked_at_and_what_a_project_lacks_is_said_once(healthy: Simulated) -> None:
    shard = STANDING.shards[0]
    others = [shard.model_copy(update={"region": region}) for region in ("us-central1", "asia-east1")]
    platform = STANDING.model_copy(update={"shards": (shard, *others)})
    healthy.simulator.world.store.remove(f"serviceusage/projects/{PROJECT}/services/run.googleapis.com", 0)
    told = await examine(healthy.google, platform)
    assert [one.what for one in told].count("API run.googleapis.com") == 1
    assert [one.where for one in told if one.what == "Valkey sites"] == [
        f"{PROJECT}/us-central1",
        f"{PROJECT}/asia-east1",
    ]
