"""Who: service accounts and their keys, roles, projects; and what is heard: logs and metrics."""

from typing import Any

import httpx
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


SERIES = "/monitoring/v3/projects/p/timeSeries"
REQUESTS = 'metric.type="run.googleapis.com/request_count"'


def count(google: Google, service: str, minute: int, number: int, **told: object) -> httpx.Response:
    """Write that a service had so many requests in a minute."""
    start, end = f"2026-09-21T14:{minute:02}:00Z", f"2026-09-21T14:{minute:02}:59Z"
    one = {
        "metric": {"type": "run.googleapis.com/request_count"},
        "resource": {"type": "x", "labels": {"service_name": service}},
        "metricKind": "DELTA",
        "points": [{"interval": {"startTime": start, "endTime": end}, "value": {"int64Value": str(number)}}],
    } | told
    return google.say("POST", SERIES, {"timeSeries": [one]})


def asked(google: Google, filter: str, **query: str) -> list[dict[str, Any]]:
    """The series of ten minutes."""
    whole = {"interval.startTime": "2026-09-21T14:00:00Z", "interval.endTime": "2026-09-21T14:10:00Z"}
    answer = google.say("GET", SERIES, filter=filter, **whole, **query)
    assert answer.status_code == 200, answer.text
    return answer.json().get("timeSeries", [])


def values(series: dict[str, Any]) -> list[tuple[str, object]]:
    """Each point's end and value."""
    return [(point["interval"]["endTime"][14:16], *point["value"].values()) for point in series["points"]]


def test_metrics_are_read_in_an_interval_newest_first(google: Google) -> None:
    for minute in (3, 4):
        assert count(google, "shop", minute, minute).status_code == 200
    (series,) = asked(google, f'{REQUESTS} AND resource.labels.service_name="shop"')
    assert values(series) == [("04", "4"), ("03", "3")]
    assert "points" not in asked(google, REQUESTS, view="HEADERS")[0]
    whole = {"interval.endTime": "2026-09-21T14:09:00Z"}
    assert google.say("GET", SERIES, filter='resource.type="x"', **whole).status_code == 400


def test_points_are_written_one_by_one_in_order_and_in_time(google: Google) -> None:
    assert count(google, "shop", 4, 1).status_code == 200
    for minute in (4, 3, 30):
        assert count(google, "shop", minute, 1).status_code == 400
    early = {"interval": {"endTime": "2026-09-20T13:00:00Z"}, "value": {"int64Value": "1"}}
    assert count(google, "shop", 5, 1, points=[early]).status_code == 400
    assert count(google, "shop", 5, 1, points=[early, early]).status_code == 400
    many = {"timeSeries": [{"metric": {"type": "custom.googleapis.com/x"}}] * 201}
    assert google.say("POST", SERIES, many).status_code == 400


def test_periods_end_with_the_interval_and_series_come_together(google: Google) -> None:
    for service, minute, number in (("a", 1, 1), ("a", 2, 2), ("b", 2, 5), ("a", 7, 3)):
        count(google, service, minute, number)
    summed = {
        "aggregation.alignmentPeriod": "300s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
    }
    (one,) = asked(google, REQUESTS, **summed)
    assert values(one) == [("10", 3.0), ("05", 8.0)]
    apart = asked(google, REQUESTS, **summed, **{"aggregation.groupByFields": "resource.labels.service_name"})
    told = {one["resource"]["labels"]["service_name"]: values(one) for one in apart}
    assert told == {"a": [("10", 3.0), ("05", 3.0)], "b": [("05", 5.0)]}


def test_what_fits_no_series_is_refused(google: Google) -> None:
    count(google, "shop", 1, 1, metricKind="GAUGE")
    whole = {"interval.startTime": "2026-09-21T14:00:00Z", "interval.endTime": "2026-09-21T14:10:00Z"}
    for wrong in (
        {"aggregation.perSeriesAligner": "ALIGN_DELTA", "aggregation.alignmentPeriod": "60s"},
        {"aggregation.perSeriesAligner": "ALIGN_MAX", "aggregation.alignmentPeriod": "30s"},
        {"aggregation.crossSeriesReducer": "REDUCE_SUM"},
    ):
        assert google.say("GET", SERIES, filter=REQUESTS, **whole, **wrong).status_code == 400


def test_a_share_of_what_was_spread_is_found(google: Google) -> None:
    latencies = {
        "count": "100",
        "mean": 55.0,
        "bucketOptions": {"explicitBuckets": {"bounds": [0, 10, 100, 1000]}},
        "bucketCounts": ["0", "50", "40", "10"],
    }
    interval = {"startTime": "2026-09-21T14:01:00Z", "endTime": "2026-09-21T14:02:00Z"}
    point = {"interval": interval, "value": {"distributionValue": latencies}}
    count(google, "shop", 1, 0, points=[point], valueType="DISTRIBUTION")
    aligned = {"aggregation.alignmentPeriod": "600s", "aggregation.perSeriesAligner": "ALIGN_DELTA"}
    for reducer, value in (("PERCENTILE_50", 10.0), ("PERCENTILE_95", 550.0), ("MEAN", 55.0)):
        reduced = {"aggregation.crossSeriesReducer": f"REDUCE_{reducer}"}
        (one,) = asked(google, REQUESTS, **aligned, **reduced)
        assert [value for _, value in values(one)] == [value]
    (one,) = asked(google, REQUESTS, **aligned)
    assert one["points"][0]["value"]["distributionValue"]["count"] == "100"


def test_bytes_of_lines_are_counted_as_they_came_in(google: Google) -> None:
    entry = {"logName": "projects/p/logs/a", "resource": {"type": "global"}, "textPayload": "hello"}
    google.made("/logging/v2/entries:write", {"entries": [entry, entry]})
    interval = {"interval.startTime": "2026-09-21T14:00:00Z", "interval.endTime": "2026-09-21T15:00:00Z"}
    for kind, least in (("log_entry_count", 2), ("byte_count", 100)):
        query = {**interval, "filter": f'metric.type="logging.googleapis.com/{kind}"'}
        (series,) = google.say("GET", SERIES, **query).json()["timeSeries"]
        assert int(series["points"][0]["value"]["int64Value"]) >= least
