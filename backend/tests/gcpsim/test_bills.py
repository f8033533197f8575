"""The simulator's bill: everything by the hours it was there and by its own labels, in Google's rows, once."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aipress import billing
from gcpsim.machines.billing.biller import Biller
from gcpsim.machines.buckets import Buckets
from gcpsim.machines.entries import resource_of
from gcpsim.machines.revisions import Name
from gcpsim.machines.telling import BILLED_TIME, REQUESTS
from gcpsim.machines.warehouse import Duck
from gcpsim.warehouse import Table, Warehouse
from gcpsim.wire import Json
from tests.clouds.local import rig
from tests.gcpsim.conftest import Google
from tests.gcpsim.lake import ask, cells, parameter

TABLE = "p-1.ds.gcp_billing_export_resource_v1_X"
RUN = "/run/v2/projects/p-1/locations/europe-west1/services"
LABELS = {"aipress-tenant-id": "ten_a"}
START = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
NEVER = 3600.0
MONTH = 30 * 24  # November's hours
GIB = 2**30
IMAGE = "docker.io/library/wordpress@sha256:0"
QUERY = (Path(billing.__file__).parent / "query.sql").read_text()


@pytest.fixture
def billed(google: Google, tmp_path: Path) -> Iterator[Google]:
    google.world.clock.pass_time(START.timestamp() - google.world.clock.now())
    google.world.files = Buckets(tmp_path)
    google.world.warehouse = duck = Duck(tmp_path)
    biller = Biller(tmp_path, NEVER)
    biller.begin(google.world)
    yield google
    biller.end()
    duck.close()


def hours(google: Google, many: float) -> None:
    google.world.clock.pass_time(many * 3600)


def bill(google: Google, **told: str) -> list[dict[str, Any]]:
    """The rows of the bill so far, each with its cost, amount, labels and times."""
    google.made("/_gcpsim/bill", {"table": TABLE, **told})
    sql = f"""SELECT sku.description AS sku, service.description AS service, resource.name AS name, cost, usage.amount_in_pricing_units AS amount,
      (SELECT MAX(l.value) FROM UNNEST(labels) AS l WHERE l.key = 'aipress-tenant-id') AS tenant, usage_start_time, usage_end_time
      FROM `{TABLE}` ORDER BY usage_start_time, name, sku"""  # noqa: S608
    answer = ask(google, sql, formatOptions={"useInt64Timestamp": True})
    names = [one["name"] for one in answer["schema"]["fields"]]
    return [dict(zip(names, row, strict=True)) for row in cells(answer)]


def sums(rows: list[dict[str, Any]], field: str = "amount") -> dict[tuple[str, str | None], float]:
    found: defaultdict[tuple[str, str | None], float] = defaultdict(float)
    for row in rows:
        found[row["sku"], row["tenant"]] += float(row[field])
    return dict(found)


def service(google: Google, name: str, labels: dict[str, str], own: dict[str, str], **template: Any) -> None:
    """A service with labels on its template, and others of its own."""
    container = {"image": IMAGE, "resources": {"limits": {"cpu": "1", "memory": "512Mi"}, "cpuIdle": True}}
    body = {"labels": own, "template": {"labels": labels, "containers": [container], **template}}
    google.made(RUN, body, serviceId=name)


def served(google: Google, name: str, seconds: float, requests: int) -> None:
    """As much as an instance of the newest revision was paid for this minute, and how many requests came."""
    revision = google.say("GET", f"{RUN}/{name}").json()["latestCreatedRevision"]
    told = resource_of(Name(f"run/{revision}"))
    google.world.series.add(BILLED_TIME, {}, told, seconds, google.world.clock.now())
    google.world.series.add(REQUESTS, {"response_code": "200"}, told, requests, google.world.clock.now())


def test_pitfall_01_only_a_templates_labels_reach_the_bill(billed: Google) -> None:
    service(billed, "labelled", LABELS, {})
    service(billed, "forgotten", {}, LABELS)
    for name in ("labelled", "forgotten"):
        served(billed, name, 90.5, 400)
    hours(billed, 1)
    rows = bill(billed)
    assert {(row["name"].rsplit("/", 1)[-1], row["tenant"]) for row in rows} == {
        ("labelled", "ten_a"),
        ("forgotten", None),
    }
    for tenant in ("ten_a", None):
        mine = {sku: amount for (sku, whose), amount in sums(rows).items() if whose == tenant}
        assert mine == {
            "CPU while requests run": pytest.approx(90.5),
            "Memory while requests run": pytest.approx(90.5 / 2),
            "Requests": pytest.approx(400 / 1_000_000),
        }
    costs = sums(rows, "cost")
    assert costs["CPU while requests run", "ten_a"] == pytest.approx(90.5 * 0.000024)


def test_a_service_pays_for_what_it_ran_before_it_was_deleted_and_for_instances_kept_awake(
    billed: Google,
) -> None:
    service(billed, "gone", LABELS, {})
    served(billed, "gone", 10, 1)
    service(billed, "awake", LABELS, {}, scaling={"minInstanceCount": 2})
    hours(billed, 0.5)
    served(billed, "awake", 600, 1)
    billed.say("DELETE", f"{RUN}/gone").raise_for_status()
    hours(billed, 0.5)
    rows = bill(billed)
    assert (
        sums([row for row in rows if row["name"].endswith("/gone")])["CPU while requests run", "ten_a"] == 10
    )
    idle = sums([row for row in rows if row["name"].endswith("/awake")])
    assert idle["CPU of instances kept awake", "ten_a"] == pytest.approx(2 * 3600 - 600, rel=1e-6)
    hours(billed, 1)
    assert {row["name"].rsplit("/", 1)[-1] for row in bill(billed) if row not in rows} == {"awake"}


def bucket(google: Google, name: str, labels: dict[str, str] | None = None) -> None:
    google.made("/storage/storage/v1/b", {"name": name, "labels": labels or {}}, project="p-1")


def put(google: Google, where: str, size: int) -> None:
    path = f"/storage/upload/storage/v1/b/{where}/o?uploadType=media&name=a"
    google.client.post(path, content=b"x" * size).raise_for_status()


def test_a_bucket_pays_for_its_bytes_and_for_what_it_keeps_of_deleted_ones(billed: Google) -> None:
    bucket(billed, "media-a", LABELS)
    bucket(billed, "media-b")
    put(billed, "media-a", 3 * 2**20)
    hours(billed, 1)
    assert sums(bill(billed)) == {("Standard storage", "ten_a"): pytest.approx(3 * 2**20 / GIB / MONTH)}
    billed.client.delete("/storage/storage/v1/b/media-a/o/a").raise_for_status()
    hours(billed, 1)
    second = [
        row for row in bill(billed) if row["usage_start_time"] == str(int((START.timestamp() + 3600) * 1e6))
    ]
    assert sums(second) == {("Standard storage", "ten_a"): pytest.approx(3 * 2**20 / GIB / MONTH)}
    hours(billed, 8 * 24)
    last = max(int(row["usage_end_time"]) for row in bill(billed))
    assert last / 1e6 == START.timestamp() + 3600 + 7 * 24 * 3600


def test_secrets_pay_by_version_until_it_is_destroyed(billed: Google) -> None:
    secrets = "/secretmanager/v1/projects/p-1/secrets"
    billed.made(secrets, {"replication": {"automatic": {}}, "labels": LABELS}, secretId="key")
    for _ in range(2):
        billed.made(f"{secrets}/key:addVersion", {"payload": {"data": "aHVudGVyMg=="}})
    hours(billed, 0.5)
    billed.say("POST", f"{secrets}/key/versions/1:destroy", {}).raise_for_status()
    hours(billed, 0.5)
    assert sums(bill(billed)) == {("Active secret versions", "ten_a"): pytest.approx(1.5 / MONTH, rel=1e-6)}
    billed.say("DELETE", f"{secrets}/key").raise_for_status()
    hours(billed, 1)
    assert len(bill(billed)) == 2  # two versions of the first hour, and no more


def test_instances_pay_by_the_hour_with_their_own_labels_even_when_they_are_gone(billed: Google) -> None:
    settings = {
        "tier": "db-custom-4-15360",
        "userLabels": {"aipress-pool": "sql-1"},
        "availabilityType": "REGIONAL",
        "dataDiskSizeGb": "20",
    }
    pool = {"name": "sql-1", "databaseVersion": "MYSQL_8_4", "region": "europe-west1", "settings": settings}
    billed.made("/sqladmin/v1/projects/p-1/instances", pool)
    nodes = {"shardCount": 1, "replicaCount": 1, "nodeType": "STANDARD_SMALL", "labels": LABELS}
    place = "/memorystore/v1/projects/p-1/locations/europe-west1/instances"
    billed.made(place, nodes, instanceId="cache")
    hours(billed, 0.25)
    billed.say("DELETE", f"{place}/cache").raise_for_status()
    hours(billed, 1.75)
    rows = bill(billed)
    assert sums(rows) == {
        ("Cloud SQL for MySQL: vCPU", None): pytest.approx(2 * 4 * 2, rel=1e-6),
        ("Cloud SQL for MySQL: memory", None): pytest.approx(2 * 15 * 2, rel=1e-6),
        ("Cloud SQL for MySQL: SSD storage", None): pytest.approx(2 * 20 * 2 / MONTH, rel=1e-6),
        ("Valkey: standard-small node", "ten_a"): pytest.approx(0.5, rel=1e-6),
    }
    costs = sums(rows, "cost")
    assert costs["Cloud SQL for MySQL: vCPU", None] == pytest.approx(16 * 0.0413, rel=1e-6)


def test_a_sites_own_instance_and_its_replica_are_its_tenants_to_pay(billed: Google) -> None:
    settings = {
        "tier": "db-perf-optimized-N-2",
        "edition": "ENTERPRISE_PLUS",
        "userLabels": LABELS,
        "backupConfiguration": {"binaryLogEnabled": True},
    }
    instances = "/sqladmin/v1/projects/p-1/instances"
    billed.made(instances, {"name": "w1", "databaseVersion": "MYSQL_8_4", "settings": settings})
    billed.made(instances, {"name": "w1-r", "masterInstanceName": "w1", "settings": settings})
    hours(billed, 1)
    found = sums(bill(billed))
    assert found["Cloud SQL for MySQL, Enterprise Plus: vCPU", "ten_a"] == pytest.approx(2 * 2, rel=1e-6)
    assert found["Cloud SQL for MySQL, Enterprise Plus: memory", "ten_a"] == pytest.approx(2 * 16, rel=1e-6)


def test_an_hour_is_billed_once_by_itself_and_after_a_restart(billed: Google, tmp_path: Path) -> None:
    certificates = "/certificatemanager/v1/projects/p-1/locations/global/certificates"
    body = {"labels": LABELS, "managed": {"domains": ["shop.example.com"]}}
    billed.made(certificates, body, certificateId="shop")
    assert billed.say("POST", "/_gcpsim/bill", {}).status_code == 404
    hours(billed, 2.5)
    assert len(bill(billed, until=datetime.fromtimestamp(START.timestamp() + 3600, UTC).isoformat())) == 1
    assert len(bill(billed)) == 3
    assert len(bill(billed)) == 3
    again = Biller(tmp_path, NEVER)
    again.begin(billed.world)
    try:
        hours(billed, 0.5)
        assert sums(bill(billed)) == {("Certificates", "ten_a"): pytest.approx(3 / MONTH, rel=1e-6)}
    finally:
        again.end()
    later = {"table": TABLE, "until": "2027-01-01T00:00:00+00:00"}
    assert billed.say("POST", "/_gcpsim/bill", later).status_code == 400
    assert billed.say("POST", "/_gcpsim/bill", {"table": "p.d.other"}).status_code == 400


def test_an_hour_that_is_over_is_billed_by_itself(billed: Google, tmp_path: Path) -> None:
    bucket(billed, "media-a", LABELS)
    put(billed, "media-a", 2**20)
    assert bill(billed) == []
    looking = Biller(tmp_path, 0.01)
    looking.begin(billed.world)
    try:
        hours(billed, 1)
        rig.wait_for(lambda: looking.until == START.timestamp() + 3600)
    finally:
        looking.end()
    sql = f"SELECT COUNT(*) AS n FROM `{TABLE}`"  # noqa: S608
    assert cells(ask(billed, sql)) == [["1"]]


class Full(Warehouse):
    """There is room for no row."""

    def add(self, table: Table, fields: list[Json], rows: Iterable[Json]) -> None:
        raise OSError("no space left")


def test_an_hour_that_was_not_written_is_written_later(billed: Google) -> None:
    bucket(billed, "media-a", LABELS)
    put(billed, "media-a", 2**20)
    assert bill(billed) == []
    with billed.world.turn:
        hours(billed, 1)
        duck, billed.world.warehouse = billed.world.warehouse, Full()
        with pytest.raises(OSError, match="no space"):
            billed.world.bill({})
        billed.world.warehouse = duck
    assert sums(bill(billed)) == {("Standard storage", "ten_a"): pytest.approx(2**20 / GIB / MONTH)}


def test_what_is_deleted_is_remembered_without_its_secret(billed: Google, tmp_path: Path) -> None:
    secrets = "/secretmanager/v1/projects/p-1/secrets"
    billed.made(secrets, {"replication": {"automatic": {}}}, secretId="key")
    billed.made(f"{secrets}/key:addVersion", {"payload": {"data": "aHVudGVyMg=="}})
    billed.say("DELETE", f"{secrets}/key").raise_for_status()
    kept = (tmp_path / "billing.json").read_text()
    assert len(json.loads(kept)["gone"]) == 2
    assert "aHVudGVyMg" not in kept


def test_the_query_of_costs_reads_the_simulators_bill(billed: Google) -> None:
    bucket(billed, "media-a", LABELS)
    bucket(billed, "media-n")
    for name in ("media-a", "media-n"):
        put(billed, name, 2**20)
    hours(billed, 3)
    bill(billed)
    told = QUERY.replace("billing_export AS b", f"`{TABLE}` AS b")
    days = [parameter(name, "DATE", "2026-11-28") for name in ("first", "last")]
    since = parameter("exported_since", "TIMESTAMP", "2027-01-01T00:00:00+00:00")
    rows = cells(ask(billed, told, *days, since))
    cost = Decimal("0.000000081")  # three hours at twelve decimals each, brought to nine
    assert [(row[0], row[2], row[4], Decimal(row[10]), row[12]) for row in rows] == [
        ("2026-11-28", tenant, "Cloud Storage", cost, "3") for tenant in ("", "ten_a")
    ]
    assert date.fromisoformat(rows[0][0]) == START.date()
