"""The runtime on Cloud Run: one service each, changed only when it has to be, with exact versions of its owner's secrets."""

from dataclasses import replace

import pytest

from aipress.clouds.base import Bucket, Supply
from aipress.clouds.gcp import accounts, heard
from aipress.clouds.gcp.names import service_name
from aipress.clouds.gcp.platform import Platform, SharedInstance
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.faults import parse_fault
from gcpsim.store import Resource
from tests.clouds.gcp import rig
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE
from tests.clouds.gcp.simulated import PLATFORM, Simulated, simulated

SERVICE = f"run/projects/aipress-eu1/locations/europe-west1/services/{service_name(ENVIRONMENT)}"
RUN = "run.projects.locations.services"


async def built(on_google: Simulated, environment: rig.EnvironmentSpec = ENVIRONMENT) -> Bucket:
    await on_google.cloud.vault.ensure(environment)
    bucket = await on_google.cloud.buckets.ensure(environment)
    await on_google.cloud.runtime.ensure(environment, bucket)
    return bucket


def there(on_google: Simulated) -> Resource:
    found = on_google.simulator.world.store.get(SERVICE)
    assert found
    return found


def variables(on_google: Simulated) -> dict[str, str]:
    env = there(on_google).content["template"]["containers"][0]["env"]
    pins = {one["name"]: one.get("valueSource", {}).get("secretKeyRef", {}).get("version", "") for one in env}
    return {name: pin for name, pin in pins.items() if pin}


def revisions(on_google: Simulated) -> int:
    return len(on_google.simulator.world.store.under(f"{SERVICE}/revisions"))


async def test_saying_it_again_makes_no_other_revision_and_another_tier_does(on_google: Simulated) -> None:
    bucket = await built(on_google)
    for _ in range(2):
        await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    assert revisions(on_google) == 1
    calls = [entry.method_id for entry in on_google.simulator.world.journal.entries]
    assert f"{RUN}.patch" not in calls
    larger = replace(ENVIRONMENT, tier="performance")
    await on_google.cloud.runtime.ensure(larger, bucket)
    assert there(on_google).content["scaling"]["minInstanceCount"] == 1
    await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)  # and pitfall 21: back to none
    assert not there(on_google).content["scaling"].get("minInstanceCount")


async def test_an_owners_secrets_are_pinned_by_googles_numbers_and_stay_when_the_service_is_changed(
    on_google: Simulated,
) -> None:
    bucket = await built(on_google)
    vault, runtime = on_google.cloud.vault, on_google.cloud.runtime
    for version in (4, 9):
        await vault.keep(ID, "STRIPE_KEY", version, f"value-{version}")
    await vault.keep(ID, "OTHER", 9, "other")
    assert await runtime.supply(ID, Supply(2, {"STRIPE_KEY": 9, "OTHER": 9})) == 2
    assert variables(on_google)["AIPRESS_SECRET_STRIPE_KEY"] == "2"
    await runtime.ensure(replace(ENVIRONMENT, tier="performance"), bucket)
    assert variables(on_google)["AIPRESS_SECRET_OTHER"] == "1"
    assert (await runtime.supplied())[ID] == 2
    assert await runtime.supply(ID, Supply(3, {"OTHER": 9})) == 3
    assert "AIPRESS_SECRET_STRIPE_KEY" not in variables(on_google)
    assert len(variables(on_google)) == 12
    policy = rig.say(
        on_google.simulator,
        "GET",
        f"/secretmanager/v1/projects/aipress-eu1/secrets/w{ID}-own-OTHER:getIamPolicy",
    )
    assert [one["role"] for one in policy["bindings"]] == [accounts.READS_SECRET]
    before = there(on_google).generation
    with pytest.raises(CloudRefused):
        await runtime.supply(ID, Supply(4, {"OTHER": 8}))
    assert there(on_google).generation == before


@pytest.mark.parametrize("fault", ["lost", "operation", "503"])
async def test_a_supply_that_broke_is_in_force_after_it_is_said_again(
    on_google: Simulated, fault: str
) -> None:
    await built(on_google)
    await on_google.cloud.vault.keep(ID, "KEY", 1, "one")
    on_google.simulator.world.faults.planned.append(parse_fault(f"{fault}:{RUN}.patch"))
    try:
        assert await on_google.cloud.runtime.supply(ID, Supply(1, {"KEY": 1})) == 1
    except CloudBusy:
        assert fault == "operation"
        assert (await on_google.cloud.runtime.supplied())[ID] == 0
        assert await on_google.cloud.runtime.supply(ID, Supply(1, {"KEY": 1})) == 1
    assert variables(on_google)["AIPRESS_SECRET_KEY"] == "1"


async def test_publishing_is_not_undone_by_a_change(on_google: Simulated) -> None:
    bucket = await built(on_google)
    service = await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    address = await on_google.cloud.edge.ensure(ENVIRONMENT, service)
    await on_google.cloud.runtime.ensure(replace(ENVIRONMENT, tier="performance"), bucket)
    await on_google.cloud.edge.probe(address)
    await on_google.cloud.runtime.warm(service)


async def test_a_name_that_is_still_another_environments_is_waited_for(on_google: Simulated) -> None:
    await built(on_google)
    other = replace(ENVIRONMENT, id="ba9876543210")
    with pytest.raises(CloudBusy, match="another environment"):
        await built(on_google, other)
    await on_google.cloud.runtime.remove(other.id)
    assert SERVICE in on_google.left
    await on_google.cloud.runtime.remove(ID)
    await built(on_google, other)
    assert await on_google.cloud.runtime.existing() == {other.id}


async def test_a_new_account_that_is_not_known_yet_is_waited_for(
    on_google: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heard, "PATIENCE", 1.0)
    await on_google.cloud.vault.ensure(ENVIRONMENT)
    bucket = await on_google.cloud.buckets.ensure(ENVIRONMENT)
    real = on_google.simulator.world.store.get
    hidden = f"iam/projects/aipress-eu1/serviceAccounts/w{ID}@aipress-eu1.iam.gserviceaccount.com"
    on_google.simulator.world.store.get = lambda key: None if key == hidden else real(key)  # type: ignore[method-assign]
    with pytest.raises(CloudBusy, match="account"):
        await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    on_google.simulator.world.store.get = real  # type: ignore[method-assign]
    await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)


async def test_pitfall_26_an_account_made_again_has_only_what_it_is_granted_now(on_google: Simulated) -> None:
    bucket = await built(on_google)
    await on_google.cloud.runtime.remove(ID)
    ghost = "deleted:serviceAccount:somebody@aipress-eu1.iam.gserviceaccount.com?uid=1"
    path = f"/storage/v1/b/{bucket.name}/iam"
    rig.say(on_google.simulator, "PUT", path, {"bindings": [{"role": "roles/owner", "members": [ghost]}]})
    await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    (binding,) = rig.say(on_google.simulator, "GET", path)["bindings"]
    assert binding["members"] == [f"serviceAccount:w{ID}@aipress-eu1.iam.gserviceaccount.com"]


async def test_a_site_that_reaches_its_database_by_a_socket_is_granted_that_and_leaves_no_ghost(
    tmp_path: rig.Path,
) -> None:
    shard = PLATFORM.shards[0].model_copy(update={"instances": (SharedInstance(name="pool-1"),)})
    project = f"/cloudresourcemanager/v3/projects/{PLACE.project}"
    owner = {"role": "roles/owner", "members": ["user:ada@example.com"]}
    with simulated(Settings(data_dir=tmp_path), Platform(shards=(shard,))) as by_socket:
        rig.say(by_socket.simulator, "POST", f"{project}:setIamPolicy", {"policy": {"bindings": [owner]}})
        await built(by_socket)
        granted = rig.say(by_socket.simulator, "POST", f"{project}:getIamPolicy", {})["bindings"]
        assert [one["role"] for one in granted] == ["roles/owner", accounts.REACHES_SQL]
        await by_socket.cloud.runtime.remove(ID)
        assert rig.say(by_socket.simulator, "POST", f"{project}:getIamPolicy", {})["bindings"] == [owner]
        await by_socket.google.aclose()


async def test_a_simulator_is_not_said_to_keep_sites_apart(on_google: Simulated) -> None:
    simulated_report = await on_google.cloud.runtime.report()
    assert not simulated_report.isolated
    assert "simulator" in simulated_report.sandbox
