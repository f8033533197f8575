"""Cloud Run: what a service may be made of and what becomes of it."""

import pytest

from tests.gcpsim.conftest import Google
from tests.gcpsim.test_serving import SECRET, SECRETS, SERVICE, SERVICES

IMAGE = {"image": "i"}
GCS = {"name": "uploads", "gcs": {"bucket": "b"}}


def template(**more: object) -> dict[str, object]:
    return {"template": {"containers": [IMAGE], **more}}


def container(**more: object) -> dict[str, object]:
    return {"template": {"containers": [{**IMAGE, **more}]}}


@pytest.mark.parametrize(
    "body",
    [
        container(env=[{"name": "PORT", "value": "1"}]),
        container(env=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]),
        container(volumeMounts=[{"name": "uploads", "mountPath": "/u"}]),
        container(env=[{"name": "A", "valueSource": {"secretKeyRef": {"secret": "none", "version": "1"}}}]),
        container(resources={"limits": {"cpu": "a lot"}}),
        template(volumes=[{"name": "s", "secret": {"secret": "none"}}]),
        template(volumes=[GCS], executionEnvironment="EXECUTION_ENVIRONMENT_GEN1"),
    ],
)
def test_what_can_not_run_is_refused(google: Google, body: dict[str, object]) -> None:
    assert google.say("POST", SERVICES, body, serviceId="shop").status_code == 400
    assert google.say("GET", f"{SERVICES}/shop").status_code == 404


def test_less_than_a_processor_takes_one_request_and_no_bucket(google: Google) -> None:
    half = {**IMAGE, "resources": {"limits": {"cpu": "500m"}}}
    for more in (
        {"maxInstanceRequestConcurrency": 8},
        {"executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2"},
        {"volumes": [GCS]},
    ):
        assert (
            google.say(
                "POST", SERVICES, {"template": {"containers": [half], **more}}, serviceId="s"
            ).status_code
            == 400
        ), more
    google.made(SERVICES, {"template": {"containers": [half]}}, serviceId="s")
    shown = google.say("GET", f"{SERVICES}/s").json()["template"]
    assert (shown["maxInstanceRequestConcurrency"], shown["executionEnvironment"]) == (
        1,
        "EXECUTION_ENVIRONMENT_GEN1",
    )


@pytest.mark.parametrize("name", ["Shop", "-shop", "shop-", "1shop", "s" * 50, ""])
def test_a_service_has_a_name_of_a_host(google: Google, name: str) -> None:
    assert google.say("POST", SERVICES, SERVICE, serviceId=name).status_code == 400


def test_defaults_are_what_google_writes(google: Google) -> None:
    google.made(SERVICES, SERVICE, serviceId="shop")
    shown = google.say("GET", f"{SERVICES}/shop").json()
    first = shown["template"]["containers"][0]
    assert first["resources"] == {"cpuIdle": True, "limits": {"cpu": "1000m", "memory": "512Mi"}}
    assert shown["template"]["timeout"] == "300s"
    assert shown["template"]["maxInstanceRequestConcurrency"] == 80
    assert shown["terminalCondition"]["state"] == "CONDITION_SUCCEEDED"


def test_resources_without_a_word_on_idling_pay_for_idling(google: Google) -> None:
    google.made(SERVICES, container(resources={"limits": {"cpu": "1"}}), serviceId="shop")
    assert (
        "cpuIdle"
        not in google.say("GET", f"{SERVICES}/shop").json()["template"]["containers"][0]["resources"]
    )


def test_a_pinned_secret_must_be_enabled_at_that_version(google: Google) -> None:
    body = container(env=[{"name": "A", "valueSource": {"secretKeyRef": {"secret": "db", "version": "1"}}}])
    google.made(SECRETS, SECRET, secretId="db")
    assert google.say("POST", SERVICES, body, serviceId="shop").status_code == 400
    google.made(f"{SECRETS}/db:addVersion", {"payload": {"data": "eA=="}})
    google.made(SERVICES, body, serviceId="shop")
    google.say("POST", f"{SECRETS}/db/versions/1:disable", {}).raise_for_status()
    assert google.say("PATCH", f"{SERVICES}/shop", body).status_code == 400


def test_a_service_runs_as_an_account_that_exists(google: Google) -> None:
    account = "tenant-one@p.iam.gserviceaccount.com"
    assert google.say("POST", SERVICES, template(serviceAccount=account), serviceId="shop").status_code == 403
    google.made("/iam/v1/projects/p/serviceAccounts", {"accountId": "tenant-one"})
    google.made(SERVICES, template(serviceAccount=account), serviceId="shop")


def test_each_change_is_a_revision(google: Google) -> None:
    google.made(SERVICES, SERVICE, serviceId="shop")
    google.say("PATCH", f"{SERVICES}/shop", template()).raise_for_status()
    revisions = google.say("GET", f"{SERVICES}/shop/revisions").json()["revisions"]
    assert len(revisions) == 2
    assert google.say("GET", f"{SERVICES}/shop").json()["latestReadyRevision"] == revisions[1]["name"]


def test_a_region_has_room_for_a_thousand(google: Google) -> None:
    for number in range(1000):
        google.world.store.put(f"run/projects/p/locations/europe-west1/services/s{number}", {})
    assert google.say("POST", SERVICES, SERVICE, serviceId="shop").status_code == 429


def test_who_may_is_kept_beside_a_service(google: Google) -> None:
    google.made(SERVICES, SERVICE, serviceId="shop")
    everyone = {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}
    etag = google.say("GET", f"{SERVICES}/shop:getIamPolicy").json()["etag"]
    google.made(f"{SERVICES}/shop:setIamPolicy", {"policy": {**everyone, "etag": etag}})
    assert google.say("GET", f"{SERVICES}/shop:getIamPolicy").json()["bindings"] == everyone["bindings"]
    assert (
        google.say(
            "POST", f"{SERVICES}/shop:setIamPolicy", {"policy": {**everyone, "etag": etag}}
        ).status_code
        == 409
    )
    assert google.say("GET", f"{SERVICES}/none:getIamPolicy").status_code == 404


def test_a_job_runs_as_an_execution(google: Google) -> None:
    jobs = SERVICES.replace("/services", "/jobs")
    google.made(jobs, {"template": {"template": {"containers": [IMAGE]}}}, jobId="costs")
    run = google.made(f"{jobs}/costs:run", {})
    assert run["response"]["@type"] == "type.googleapis.com/google.cloud.run.v2.Execution"  # type: ignore[index]
    (execution,) = google.say("GET", f"{jobs}/costs/executions").json()["executions"]
    assert google.say("GET", f"{jobs}/costs").json()["latestCreatedExecution"]["name"] == execution["name"]
    assert google.say("POST", f"{jobs}/none:run", {}).status_code == 404
