"""Operations of every family, and what one that fails leaves behind."""

import pytest

from gcpsim.faults import Fault
from tests.gcpsim.conftest import Google
from tests.gcpsim.test_serving import SERVICE, SERVICES

MAPS = "/compute/compute/v1/projects/p/global/urlMaps"
INSTANCES = "/sqladmin/sql/v1beta4/projects/p/instances"
POOL = {"name": "pool", "settings": {"tier": "db-f1-micro"}}


def test_compute_answers_with_its_own_operations(google: Google) -> None:
    google.world.latency = 10
    begun = google.made(MAPS, {"name": "edge"})
    assert (begun["kind"], begun["status"], begun["operationType"]) == (
        "compute#operation",
        "RUNNING",
        "insert",
    )
    operation = f"/compute/compute/v1/projects/p/global/operations/{begun['name']}"
    assert google.say("GET", operation).json()["status"] == "RUNNING"
    waited = google.say("POST", f"{operation}/wait").json()
    assert (waited["status"], waited["progress"]) == ("DONE", 100)
    regional = google.made("/compute/compute/v1/projects/p/regions/r1/addresses", {"name": "a"})
    google.say(
        "GET", f"/compute/compute/v1/projects/p/regions/r1/operations/{regional['name']}"
    ).raise_for_status()


def test_cloud_sql_does_one_thing_at_a_time(google: Google) -> None:
    google.world.latency = 60
    begun = google.made(INSTANCES, POOL)
    assert begun["kind"] == "sql#operation"
    busy = google.say("PATCH", f"{INSTANCES}/pool", {"settings": {"tier": "db-n1-standard-1"}})
    assert (busy.status_code, busy.json()["error"]["errors"][0]["reason"]) == (409, "operationInProgress")
    google.world.clock.pass_time(61)
    assert (
        google.say("GET", f"/sqladmin/sql/v1beta4/projects/p/operations/{begun['name']}").json()["status"]
        == "DONE"
    )
    google.say("PATCH", f"{INSTANCES}/pool", {"settings": {"tier": "db-n1-standard-1"}}).raise_for_status()


def test_versions_of_an_api_are_one_world(google: Google) -> None:
    google.made(INSTANCES, POOL)
    assert google.say("GET", "/sqladmin/v1/projects/p/instances/pool").json()["name"] == "pool"


@pytest.mark.parametrize("step", ["create", "patch", "delete"])
def test_an_operation_that_fails_leaves_things_as_they_were(google: Google, step: str) -> None:
    if step != "create":
        google.made(SERVICES, SERVICE, serviceId="shop")
    google.world.faults.planned.append(Fault("operation", f"run.*.services.{step}"))
    calls = {
        "create": ("POST", SERVICES, SERVICE),
        "patch": ("PATCH", f"{SERVICES}/shop", {"description": "new"}),
        "delete": ("DELETE", f"{SERVICES}/shop", None),
    }
    method, path, body = calls[step]
    query = {"serviceId": "shop"} if step == "create" else {}
    begun = google.say(method, path, body, **query).json()
    failed = google.say("GET", f"/run/v2/{begun['name']}").json()
    assert failed["done"] is True
    assert failed["error"]["message"]
    after = google.say("GET", f"{SERVICES}/shop")
    assert after.status_code == (404 if step == "create" else 200)
    if step == "patch":
        assert "description" not in after.json()


def test_an_operation_nobody_began_is_not_there(google: Google) -> None:
    assert google.say("GET", "/run/v2/projects/p/locations/l/operations/none").status_code == 404


def test_operations_are_listed_where_they_run(google: Google) -> None:
    google.made(SERVICES, SERVICE, serviceId="shop")
    google.made(SERVICES.replace("europe-west1", "us-east1"), SERVICE, serviceId="shop")
    listed = google.say("GET", "/run/v2/projects/p/locations/europe-west1/operations").json()
    assert len(listed["operations"]) == 1


def test_an_operation_says_of_what_type_its_parts_are(google: Google) -> None:
    caches = "/redis/v1/projects/p/locations/l/instances"
    begun = google.made(caches, {"tier": "BASIC", "memorySizeGb": 1}, instanceId="cache")
    assert begun["response"]["@type"] == "type.googleapis.com/google.cloud.redis.v1.Instance"  # type: ignore[index]
    ended = google.say("DELETE", f"{caches}/cache").json()
    assert ended["response"] == {"@type": "type.googleapis.com/google.protobuf.Empty"}
    assert ended["metadata"]["@type"] == "type.googleapis.com/google.cloud.redis.v1.OperationMetadata"


def test_a_verb_ends_with_what_answers_it_or_with_its_resource(google: Google) -> None:
    enabled = google.made("/serviceusage/v1/projects/p/services/run.googleapis.com:enable", {})
    assert str(enabled["response"]["@type"]).endswith(".v1.EnableServiceResponse")  # type: ignore[index]
    assert (
        google.say("GET", "/serviceusage/v1/projects/p/services/run.googleapis.com").json()["state"]
        == "ENABLED"
    )
    assert (
        google.say("GET", "/serviceusage/v1/projects/p/services/dns.googleapis.com").json()["state"]
        == "DISABLED"
    )
    caches = "/memorystore/v1/projects/p/locations/l/instances"
    google.made(caches, {"shardCount": 1}, instanceId="cache")
    moved = google.made(f"{caches}/cache:rescheduleMaintenance", {"rescheduleType": "IMMEDIATE"})
    assert str(moved["response"]["name"]).endswith("instances/cache")  # type: ignore[index]
    assert str(moved["response"]["@type"]).endswith("memorystore.v1.Instance")  # type: ignore[index]
