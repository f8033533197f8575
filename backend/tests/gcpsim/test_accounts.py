"""Who: service accounts and their keys, roles, projects; and what is heard: logs and metrics."""

import pytest

from tests.gcpsim.conftest import Google

ACCOUNTS = "/iam/v1/projects/p/serviceAccounts"
MAIL = "tenant-one@p.iam.gserviceaccount.com"


def test_an_account_is_its_address_in_any_project(google: Google) -> None:
    google.made(ACCOUNTS, {"accountId": "tenant-one", "serviceAccount": {"displayName": "One"}})
    shown = google.say("GET", f"{ACCOUNTS}/{MAIL}").json()
    assert (shown["email"], shown["displayName"]) == (MAIL, "One")
    assert google.say("GET", f"/iam/v1/projects/-/serviceAccounts/{MAIL}").json() == shown
    assert google.say("GET", f"{ACCOUNTS}/{shown['uniqueId']}").json() == shown
    google.say("POST", f"{ACCOUNTS}/{MAIL}:disable", {}).raise_for_status()
    assert google.say("GET", f"{ACCOUNTS}/{MAIL}").json()["disabled"] is True
    for wrong in ("x", "Tenant-One", "tenant_one", "t" * 31):
        assert google.say("POST", ACCOUNTS, {"accountId": wrong}).status_code == 400


def test_a_key_shows_its_secret_once(google: Google) -> None:
    google.made(ACCOUNTS, {"accountId": "tenant-one"})
    key = google.made(f"/iam/v1/projects/-/serviceAccounts/{MAIL}/keys", {})
    assert key["privateKeyData"]
    assert "privateKeyData" not in google.say("GET", f"/iam/v1/{key['name']}").json()
    google.say("DELETE", f"/iam/v1/{key['name']}").raise_for_status()
    assert google.say("GET", f"/iam/v1/{key['name']}").status_code == 404
    assert (
        google.say(
            "POST", "/iam/v1/projects/-/serviceAccounts/none@p.iam.gserviceaccount.com/keys", {}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(("days", "code"), [(29, 200), (31, 404)])
def test_a_deleted_account_is_remembered_for_a_month(google: Google, days: int, code: int) -> None:
    number = google.made(ACCOUNTS, {"accountId": "tenant-one"})["uniqueId"]
    google.say("DELETE", f"{ACCOUNTS}/{MAIL}").raise_for_status()
    assert google.say("GET", f"{ACCOUNTS}/{MAIL}").status_code == 404
    google.world.clock.pass_time(days * 24 * 3600)
    assert google.say("POST", f"{ACCOUNTS}/{number}:undelete", {}).status_code == code
    assert google.say("GET", f"{ACCOUNTS}/{MAIL}").status_code == code


def test_a_deleted_role_leaves_its_mark(google: Google) -> None:
    roles = "/iam/v1/projects/p/roles"
    google.made(
        roles,
        {
            "roleId": "controlPlane",
            "role": {"title": "Control plane", "includedPermissions": ["run.services.get"]},
        },
    )
    assert google.say("DELETE", f"{roles}/controlPlane").json()["deleted"] is True
    assert google.say("GET", f"{roles}/controlPlane").json()["deleted"] is True


def test_a_project_nobody_made_is_somebody_elses(google: Google) -> None:
    made = google.made("/cloudresourcemanager/v1/projects", {"projectId": "project-one", "name": "One"})
    assert made["done"] is True
    google.say("DELETE", "/cloudresourcemanager/v1/projects/project-one").raise_for_status()
    assert (
        google.say("GET", "/cloudresourcemanager/v1/projects/project-one").json()["lifecycleState"]
        == "DELETE_REQUESTED"
    )
    google.world.store.remove("cloudresourcemanager/projects/project-one", 0)
    assert google.say("GET", "/cloudresourcemanager/v1/projects/project-one").status_code == 403


LINES = (("INFO", "hello", "t1"), ("ERROR", 'a "quoted" word', "t1"), ("ERROR", "not mine", "t2"))
MINE = 'resource.type="cloud_run_revision" AND labels."aipress-tenant-id"="t1"'


@pytest.fixture
def logged(google: Google) -> Google:
    """Three lines of two tenants, a second apart."""
    resource = {"type": "cloud_run_revision", "labels": {"service_name": "shop"}}
    entries = [
        {"severity": severity, "textPayload": text, "labels": {"aipress-tenant-id": tenant}}
        | {"timestamp": f"2026-11-28T10:00:0{at}Z", "resource": resource}
        for at, (severity, text, tenant) in enumerate(LINES)
    ]
    log = "projects/p/logs/run.googleapis.com%2Fstderr"
    google.made("/logging/v2/entries:write", {"logName": log, "entries": entries})
    return google


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (MINE, ['a "quoted" word', "hello"]),
        (f"{MINE} AND severity>=WARNING", ['a "quoted" word']),
        (f'{MINE} AND textPayload:"\\"quoted\\""', ['a "quoted" word']),
        (f'{MINE} AND timestamp>="2026-11-28T10:00:01Z"', ['a "quoted" word']),
        (f'{MINE} AND NOT (severity=ERROR OR textPayload=~"^x")', ["hello"]),
        (f'{MINE} AND textPayload:"x\\" OR labels.\\"aipress-tenant-id\\"=\\"t2"', []),
    ],
)
def test_logs_are_found_by_a_filter_in_which_a_quoted_word_stays_a_word(
    logged: Google, text: str, lines: list[str]
) -> None:
    asked = {"resourceNames": ["projects/p"], "filter": text, "orderBy": "timestamp desc"}
    answer = logged.say("POST", "/logging/v2/entries:list", asked)
    assert [entry["textPayload"] for entry in answer.json().get("entries", [])] == lines


@pytest.mark.parametrize("broken", ['severity="', "(severity=ERROR", "severity=", "AND"])
def test_a_filter_that_is_none_is_refused(google: Google, broken: str) -> None:
    asked = {"resourceNames": ["projects/p"], "filter": broken}
    assert google.say("POST", "/logging/v2/entries:list", asked).status_code == 400
    assert google.say("POST", "/logging/v2/entries:list", {}).status_code == 400


def test_metrics_are_read_in_an_interval(google: Google) -> None:
    series = "/monitoring/v3/projects/p/timeSeries"
    points = [
        {"interval": {"endTime": f"2026-11-28T10:0{minute}:00Z"}, "value": {"int64Value": str(minute)}}
        for minute in range(3)
    ]
    google.made(
        series,
        {
            "timeSeries": [
                {
                    "metric": {"type": "run.googleapis.com/request_count"},
                    "resource": {"type": "x", "labels": {"service_name": "shop"}},
                    "points": points,
                }
            ]
        },
    )
    asked = {
        "filter": 'metric.type="run.googleapis.com/request_count" AND resource.labels.service_name="shop"'
    }
    answer = google.say(
        "GET",
        series,
        **asked,
        **{"interval.startTime": "2026-11-28T10:01:00Z", "interval.endTime": "2026-11-28T10:09:00Z"},
    )
    assert [point["value"]["int64Value"] for point in answer.json()["timeSeries"][0]["points"]] == ["1", "2"]
    assert (
        google.say(
            "GET", series, filter='resource.type="x"', **{"interval.endTime": "2026-11-28T10:09:00Z"}
        ).status_code
        == 400
    )


def test_a_policy_gets_its_name_and_its_conditions_theirs(google: Google) -> None:
    policy = google.made(
        "/monitoring/v3/projects/p/alertPolicies",
        {
            "displayName": "x",
            "combiner": "OR",
            "conditions": [{"conditionThreshold": {"filter": "x", "duration": "60s"}}],
        },
    )
    assert str(policy["conditions"][0]["name"]).startswith(str(policy["name"]))  # type: ignore[index]
    assert (
        google.say("POST", "/monitoring/v3/projects/p/alertPolicies", {"combiner": "OR"}).status_code == 400
    )


def test_memorystore_has_a_document_of_our_own(google: Google) -> None:
    instances = "/memorystore/v1/projects/p/locations/l/instances"
    body = {
        "shardCount": 1,
        "mode": "CLUSTER_DISABLED",
        "nodeType": "STANDARD_SMALL",
        "deletionProtectionEnabled": True,
    }
    google.made(instances, {**body, "mode": 4}, instanceId="cache-1")
    assert google.say("GET", f"{instances}/cache-1").json()["mode"] == "CLUSTER_DISABLED"
    assert google.say("GET", f"{instances}/cache-1").json()["state"] == "ACTIVE"
    assert google.say("DELETE", f"{instances}/cache-1").status_code == 400
    assert google.say("POST", instances, {"shards": 1}, instanceId="cache-2").status_code == 400
