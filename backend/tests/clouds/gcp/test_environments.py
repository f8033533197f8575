"""Everything of one environment, made in the simulator in our order; no refusal, no label missing, no secret in its journal."""

import json
from dataclasses import replace

import pytest

from aipress.clouds.base import Supply
from aipress.clouds.gcp import accounts, databases, domains, routing, secrets
from aipress.clouds.gcp.environments import wanted
from aipress.clouds.gcp.labels import BILLED_AT, TENANT, Unlabelled
from aipress.clouds.gcp.resources import at
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp import rig
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, ID, PLACE, URL_MAP

SUPPLY = Supply(1, {"STRIPE_KEY": 1})
CANARY = b"canary-0f3b2c1d"


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(new_world())


def made(simulator: Simulator, resource: rig.Resource) -> None:
    answer = rig.ask(simulator, resource)
    assert answer.status == 200, (resource.kind, resource.name, answer.body)


def build(simulator: Simulator) -> None:
    everything = wanted(ENVIRONMENT, PLACE, SUPPLY)
    for resource in everything.before:
        made(simulator, resource)
        if resource.kind == "secret":
            made(simulator, secrets.version(PLACE, resource.name, CANARY))
    made(simulator, everything.service)


def test_all_of_it_is_made_in_this_order(simulator: Simulator) -> None:
    build(simulator)
    kept = {one.key.split("/")[0] for one in simulator.world.store.everything()}
    assert kept >= {"iam", "secretmanager", "storage", "run"}
    bucket = rig.say(simulator, "GET", f"/storage/v1/b/aipress-eu1-w{ID}")
    assert bucket["labels"][TENANT] == ENVIRONMENT.tenant
    policy = rig.say(simulator, "GET", f"/storage/v1/b/aipress-eu1-w{ID}/iam")
    assert [one["role"] for one in policy["bindings"]] == [accounts.WRITES_OBJECTS]


def test_another_order_is_refused(simulator: Simulator) -> None:
    assert rig.ask(simulator, wanted(ENVIRONMENT, PLACE).service).status == 400  # its secrets are not there


def test_no_secret_is_in_the_journal_and_each_value_is_kept_whole(simulator: Simulator) -> None:
    build(simulator)
    path = f"/secretmanager/v1/projects/aipress-eu1/secrets/w{ID}-db-password/versions/1:access"
    assert rig.say(simulator, "GET", path)["payload"]["dataCrc32c"] == str(secrets.crc32c(CANARY))
    told = json.dumps([vars(entry) for entry in simulator.world.journal.entries], default=str)
    assert "w0123456789ab-db-password" in told
    assert CANARY.decode() not in told
    assert "Y2FuYXJ5" not in told  # base64 of the same


def test_a_wrong_checksum_is_refused(simulator: Simulator) -> None:
    made(simulator, secrets.secret(ENVIRONMENT, PLACE, "s"))
    good = secrets.version(PLACE, "s", CANARY)
    payload = {**good.body["payload"], "dataCrc32c": "1"}  # type: ignore[dict-item]
    assert rig.ask(simulator, replace(good, body={"payload": payload})).status == 400


def test_pitfall_01_all_that_is_billed_has_the_label() -> None:
    for resource in rig.golden().values():
        changed = resource.query.get("updateMask", "").split(",")
        for path in BILLED_AT.get(resource.kind, ()):
            if resource.verb == "PATCH" and path.split(".")[0] not in changed:
                continue
            assert at(resource.body, f"{path}.{TENANT}") == ENVIRONMENT.tenant, resource.kind
    with pytest.raises(Unlabelled):
        wanted(replace(ENVIRONMENT, tenant=""), PLACE)


def test_pitfall_29_nothing_is_granted_on_the_project_and_nobody_elses_policy_is_touched() -> None:
    for resource in wanted(ENVIRONMENT, PLACE, SUPPLY).all:
        assert "projects/aipress-eu1:setIamPolicy" not in resource.path
        if resource.kind == "grant":
            assert f"w{ID}" in resource.path


def test_a_socket_needs_a_grant_that_leaves_the_others_alone() -> None:
    others = {"role": "roles/owner", "members": ["user:ada@example.com"]}
    policy = {
        "etag": "e",
        "bindings": [others, {"role": accounts.REACHES_SQL, "members": ["serviceAccount:a@b"]}],
    }
    once = accounts.reaches_sql(policy, ENVIRONMENT, PLACE)
    assert accounts.reaches_sql(once, ENVIRONMENT, PLACE) == once
    assert once["etag"] == "e"
    assert others in once["bindings"]  # type: ignore[operator]
    assert once["bindings"][1]["members"] == [
        "serviceAccount:a@b",
        f"serviceAccount:w{ID}@aipress-eu1.iam.gserviceaccount.com",
    ]  # type: ignore[index]


def test_pitfall_02_databases_are_made_by_sql_and_no_user_by_the_admin_api() -> None:
    text = "; ".join(one.sql.replace("%%", "%") for one in databases.made(ENVIRONMENT, "secret-word"))
    assert "secret-word" not in text
    assert "cloudsqlsuperuser" not in text
    assert f"ON `w{ID}`.* TO 'w{ID}'@'%'" in text
    assert "GRANT OPTION" not in text
    assert "ON *.*" not in text
    assert not [one for one in rig.golden().values() if one.api == "sqladmin" and "/users" in one.path]


def test_a_domain_comes_true_in_the_simulator(simulator: Simulator) -> None:
    here = "/certificatemanager/v1/projects/aipress-eu1/locations/global"
    rig.say(simulator, "POST", f"{here}/certificateMaps", {}, certificateMapId="sites")
    made(simulator, domains.authorization(ENVIRONMENT, DOMAIN, PLACE))
    made(simulator, domains.certificate(ENVIRONMENT, DOMAIN, PLACE))
    made(simulator, domains.map_entry(ENVIRONMENT, DOMAIN, PLACE, "sites"))


def test_the_shards_front_is_made_in_the_simulator(simulator: Simulator) -> None:
    for one in (rig.golden()["firewall"], routing.group(PLACE), routing.backend(PLACE)):
        made(simulator, one)
    made(simulator, routing.domain_group(ENVIRONMENT, PLACE))
    made(simulator, routing.backend(PLACE, f"w{ID}"))
    maps = "/compute/v1/projects/aipress-eu1/global/urlMaps"
    rig.say(
        simulator,
        "POST",
        maps,
        {"name": "sites", "defaultService": "projects/aipress-eu1/global/backendServices/sites"},
    )
    read = rig.say(simulator, "GET", f"{maps}/sites")
    changed = routing.written(routing.with_domain(read, ENVIRONMENT, DOMAIN, PLACE), PLACE)
    made(simulator, changed)
    assert rig.ask(simulator, changed).status == 412  # pitfall 12: written by somebody else in between
    assert URL_MAP["name"] == "sites"
