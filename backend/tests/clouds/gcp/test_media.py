"""Media by signed URLs on the simulator: what a service has for them, whose signature it may have, and the way back to a mount."""

from dataclasses import replace

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import accounts, planning, prices, services
from aipress.clouds.gcp.names import account_email
from aipress.clouds.options import Options
from gcpsim.store import Resource
from tests.clouds.gcp import rig
from tests.clouds.gcp.rig import APART, ENVIRONMENT, ID, PARTS, PLACE
from tests.clouds.gcp.simulated import Simulated
from tests.clouds.gcp.test_runtime import there

ACCOUNT = account_email(ID, PLACE.project)


async def made(on_google: Simulated, environment: EnvironmentSpec) -> None:
    await on_google.cloud.vault.ensure(environment)
    bucket = await on_google.cloud.buckets.ensure(environment)
    await on_google.cloud.runtime.ensure(environment, bucket)


def signers(on_google: Simulated) -> list[tuple[str, list[str]]]:
    """Who may have this account's signature, by role."""
    asked = f"/iam/v1/projects/{PLACE.project}/serviceAccounts/{ACCOUNT}:getIamPolicy"
    policy = rig.say(on_google.simulator, "POST", asked, {})
    return [(one["role"], one["members"]) for one in policy.get("bindings", [])]


def variables(service: Resource) -> dict[str, str]:
    env = service.content["template"]["containers"][0]["env"]
    return {one["name"]: one["value"] for one in env if "value" in one}


def volumes(service: Resource) -> dict[str, str]:
    """Each volume's kind."""
    return {
        one["name"]: next(kind for kind in one if kind != "name")
        for one in service.content["template"]["volumes"]
    }


async def test_its_account_may_sign_as_itself_and_nobody_else_may(on_google: Simulated) -> None:
    await made(on_google, APART)
    assert signers(on_google) == [(accounts.SIGNS, [f"serviceAccount:{ACCOUNT}"])]
    told = variables(there(on_google))
    assert (told["AIPRESS_MEDIA_BUCKET"], told["AIPRESS_MEDIA_ACCOUNT"]) == (PARTS.bucket.name, ACCOUNT)
    assert told["AIPRESS_MEDIA_ENDPOINT"] == on_google.endpoint
    assert volumes(there(on_google)) == {"uploads": "emptyDir", "mail": "gcs"}


async def test_a_site_is_changed_to_signed_urls_and_back_and_its_bucket_stays(on_google: Simulated) -> None:
    await made(on_google, ENVIRONMENT)
    assert signers(on_google) == []
    await made(on_google, APART)
    assert signers(on_google)
    for _ in range(2):
        await made(on_google, ENVIRONMENT)
        assert signers(on_google) == [], "a site that mounts its uploads signs nothing"
    assert "AIPRESS_MEDIA_BUCKET" not in variables(there(on_google))
    assert volumes(there(on_google)) == {"uploads": "gcs", "mail": "gcs"}
    assert on_google.simulator.world.store.get(f"storage/b/{PARTS.bucket.name}")


def test_at_google_no_endpoint_is_named_and_a_mount_has_the_names_of_the_plugin() -> None:
    told = {
        one["name"]: one.get("value")
        for one in services.service(replace(PARTS, environment=APART), PLACE).body["template"]["containers"][
            0
        ]["env"]  # type: ignore[index]
    }
    assert "AIPRESS_MEDIA_ENDPOINT" not in told
    assert "only-dir=uploads" in services.MOUNT_OPTIONS


def test_what_lies_in_memory_is_asked_for_beside_the_tiers_and_priced() -> None:
    awake = replace(ENVIRONMENT, options=Options(min_instances=1))
    both = replace(ENVIRONMENT, options=Options(min_instances=1, media="bucket"))
    plans = [planning.plan_of(one, PLACE, prices.Load()) for one in (awake, both)]
    assert plans[0].monthly < plans[1].monthly
    assert [one.name for one in plans[1].resources if one.name.startswith(accounts.SIGNS)]
    assert not [one for one in plans[0].resources if one.name.startswith(accounts.SIGNS)]
