"""The Cloud Run service: its golden body, what Google's document and the simulator say of it, and the pitfalls in what we send."""

from dataclasses import replace

import pytest

from aipress.clouds.base import EnvironmentSpec, Supply
from aipress.clouds.gcp import databases, services
from aipress.clouds.gcp.labels import Unlabelled, billed
from aipress.clouds.gcp.names import service_name
from aipress.clouds.gcp.resources import Resource, Unbuildable, at
from aipress.clouds.gcp.sizes import PHP_MEMORY_MB, SIZES
from aipress.clouds.options import Options
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp import rig
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PARTS, PLACE, SOCKET


def of(parts: services.Parts = PARTS) -> dict[str, object]:
    return services.service(parts, PLACE).body


def container(parts: services.Parts = PARTS) -> dict[str, object]:
    (one,) = at(of(parts), "template.containers")  # type: ignore[misc]
    return one


@pytest.mark.parametrize("place", [PLACE, SOCKET])
def test_the_simulator_makes_it_and_changes_it(place: services.Place) -> None:
    simulator = Simulator(new_world())
    secrets = f"/secretmanager/v1/projects/{place.project}/secrets"
    pins = [at(one, "valueSource.secretKeyRef") for one in container()["env"]]  # type: ignore[attr-defined]
    for pin in filter(None, pins):
        rig.say(simulator, "POST", secrets, {"replication": {"automatic": {}}}, secretId=pin["secret"])
        for _ in range(int(pin["version"])):
            rig.say(simulator, "POST", f"{secrets}/{pin['secret']}:addVersion", {"payload": {"data": "eA=="}})
    accounts = f"/iam/v1/projects/{place.project}/serviceAccounts"
    rig.say(simulator, "POST", accounts, {"accountId": f"w{ID}"})
    wanted = services.service(PARTS, place)
    answer = rig.ask(simulator, wanted)
    assert answer.status == 200, answer.body
    made = rig.say(simulator, "GET", f"/run{wanted.path}/{wanted.name}")
    assert made["template"]["containers"][0]["image"] == place.image
    assert rig.ask(simulator, services.change(PARTS, place, '"another"')).status == 409
    assert rig.ask(simulator, services.change(PARTS, place, made["etag"])).status == 200


@pytest.mark.parametrize("tier", list(SIZES))
def test_an_instance_has_the_memory_its_php_may_use(tier: str) -> None:
    size = SIZES[tier]
    assert (
        size.children * PHP_MEMORY_MB <= size.memory_mb * 3 / 4
    )  # the rest is nginx's, opcache's and gcsfuse's
    assert size.concurrency >= size.children


def test_pitfall_01_the_label_is_where_the_bill_reads_it_and_nothing_is_built_without() -> None:
    for place in ("labels", "template.labels"):
        assert at(of(), f"{place}.aipress-tenant-id") == ENVIRONMENT.tenant
    pooled = replace(PARTS, environment=replace(ENVIRONMENT, tenant=""))
    with pytest.raises(Unlabelled, match="claim the environment for a site first"):
        services.service(pooled, PLACE)
    for forgotten in ("labels", "template"):
        body = {name: value for name, value in of().items() if name != forgotten}
        with pytest.raises(Unlabelled, match=forgotten):
            billed(Resource("Cloud Run service", "s", "run", "/", body))


@pytest.mark.parametrize("tenant", ["Tenant", "a b", "x" * 64, 'a"b'])
def test_pitfall_01_what_is_no_label_is_refused(tenant: str) -> None:
    with pytest.raises(Unlabelled, match="aipress-tenant-id"):
        of(replace(PARTS, environment=replace(ENVIRONMENT, tenant=tenant)))


@pytest.mark.parametrize("tier", list(SIZES))
def test_pitfall_03_waiting_costs_no_processor(tier: str) -> None:
    assert (
        at(container(replace(PARTS, environment=replace(ENVIRONMENT, tier=tier))), "resources.cpuIdle")
        is True
    )


@pytest.mark.parametrize("tier", list(SIZES))
def test_pitfall_04_no_tier_has_less_than_a_processor(tier: str) -> None:
    body = of(replace(PARTS, environment=replace(ENVIRONMENT, tier=tier)))
    assert at(body, "template.executionEnvironment") == "EXECUTION_ENVIRONMENT_GEN2"
    assert SIZES[tier].cpu >= 1


def test_pitfall_06_uploads_and_mail_are_mounted_and_no_code() -> None:
    mounted = [one["mountPath"] for one in container()["volumeMounts"]]  # type: ignore[attr-defined]
    assert mounted == ["/srv/content/uploads", "/srv/mail"]
    uploads, mail = at(of(), "template.volumes")  # type: ignore[misc]
    assert "only-dir=uploads" in uploads["gcs"]["mountOptions"]
    assert "only-dir=mail" in mail["gcs"]["mountOptions"]


def test_pitfall_21_a_zero_is_said_and_its_mask_too() -> None:
    basic = replace(PARTS, environment=replace(ENVIRONMENT, tier="basic"))
    changed = services.change(basic, PLACE, '"1"')
    assert at(changed.body, "scaling.minInstanceCount") == 0
    assert "scaling.minInstanceCount" in changed.query["updateMask"].split(",")


def test_pitfall_28_every_secret_has_a_number() -> None:
    pins = [at(one, "valueSource.secretKeyRef.version") for one in container()["env"] if "valueSource" in one]  # type: ignore[attr-defined]
    assert len(pins) == len(services.PLATFORM_SECRETS) + 1
    assert all(str(pin).isdigit() for pin in pins)
    with pytest.raises(Unbuildable, match="NONCE_SALT"):
        of(replace(PARTS, pins={name: 1 for name in PARTS.pins if name != "NONCE_SALT"}))
    with pytest.raises(Unbuildable, match="STRIPE_KEY"):
        of(replace(PARTS, supply=Supply(1, {"STRIPE_KEY": 0})))


def test_pitfall_29_it_runs_as_its_own_account() -> None:
    assert at(of(), "template.serviceAccount") == f"w{ID}@aipress-eu1.iam.gserviceaccount.com"


def test_the_image_is_named_by_its_digest() -> None:
    with pytest.raises(Unbuildable, match="digest"):
        replace(PLACE, image="europe-west1-docker.pkg.dev/aipress/sites/wordpress:latest")


@pytest.mark.parametrize(
    ("kind", "slug", "name"),
    [
        ("live", "bakery", "bakery"),
        ("staging", "bakery", "staging--bakery"),
        ("live", "3d-prints", "w--3d-prints"),
        ("live", "s" * 48, "s" * 48),
        ("staging", "s" * 48, f"staging--{'s' * 26}--{ID}"),
        ("live", "1" + "s" * 47, f"w--1{'s' * 31}--{ID}"),
    ],
)
def test_a_service_is_named_as_its_host_begins(kind: str, slug: str, name: str) -> None:
    environment = EnvironmentSpec(ID, 1, "t", slug, kind)  # type: ignore[arg-type]
    assert service_name(environment) == name
    assert len(name) <= 49


def test_a_database_user_may_hold_what_its_instances_of_two_revisions_can() -> None:
    chosen = replace(PARTS.environment, tier="basic", options=Options(max_instances=7))
    assert databases.most_connections(chosen) == 2 * 7 * SIZES["basic"].children
    said = databases.made(chosen, "not-a-password")
    assert any(one.sql.endswith("MAX_USER_CONNECTIONS 42") for one in said)
