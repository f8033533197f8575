"""Costs as BigQuery tells them: asked of one table with typed parameters, exact, whole however many pages, and never too much of it."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.costs import Window
from aipress.clouds.gcp import bigquery, costs
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.bigquery import Table
from aipress.clouds.gcp.costs import ExportedCosts, TooMuchToRead
from aipress.clouds.gcp.custom import CUSTOM, PRESENT, point, written
from aipress.clouds.gcp.figures import MonitoredMetrics
from aipress.clouds.gcp.gauges import Sight
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.price_sheet import price_sheet
from aipress.clouds.gcp.resources import Unbuildable
from aipress.clouds.gcp.sizes import SIZES
from aipress.clouds.metrics import MINUTE
from aipress.config import Settings
from tests.clouds.gcp.billed import Billed, billed
from tests.clouds.gcp.rig import PLACE, say
from tests.clouds.gcp.simulated import BILLING_TABLE, PLATFORM, Simulated, simulated

QUERY = (Path(costs.__file__).parents[2] / "billing/query.sql").read_text()
DAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
WINDOW = Window(DAY, DAY, datetime(2100, 1, 1, tzinfo=UTC))
SHOP = EnvironmentSpec("0a1b2c3d4e5f", 1, "ten_a", "shop")
CAFE = EnvironmentSpec("0a1b2c3d4e60", 2, "ten_b", "cafe")


@pytest.fixture
async def on(tmp_path: Path) -> AsyncIterator[Simulated]:
    with simulated(Settings(data_dir=tmp_path)) as made:
        made.simulator.world.clock.bring_back(NOON.timestamp(), 0)
        yield made
        await made.google.aclose()


@pytest.fixture
async def bill(on: Simulated, tmp_path: Path) -> AsyncIterator[Billed]:
    """Two sites with buckets, a shared instance, and a bucket that says of nobody whose it is."""
    for site, size in ((SHOP, 3 * 2**30), (CAFE, 2**30)):
        bucket = await on.cloud.buckets.ensure(site)
        stored(on, bucket.name, size)
    say(on.simulator, "POST", "/storage/v1/b", {"name": "nobodys"}, project=PLACE.project)
    stored(on, "nobodys", 2**30)
    settings = {"tier": "db-custom-2-8192", "userLabels": {"aipress-pool": "eu1-pool"}}
    instance = {
        "name": "pool-1",
        "region": PLACE.region,
        "databaseVersion": "MYSQL_8_4",
        "settings": settings,
    }
    say(on.simulator, "POST", f"/sqladmin/v1/projects/{PLACE.project}/instances", instance)
    with billed(on, tmp_path) as made:
        yield made


def stored(on: Simulated, bucket: str, size: int) -> None:
    """An object that says how large it is."""
    on.simulator.world.store.put(f"storage/b/{bucket}/o/x", {"name": "x", "size": str(size)})


async def test_a_day_is_told_by_tenant_by_what_is_shared_and_by_nobody(bill: Billed) -> None:
    await bill.meter([SHOP, CAFE], NOON + timedelta(hours=1))
    found = await bill.lines(QUERY, WINDOW)
    files = {line.tenant: line for line in found if line.sku == "Standard storage"}
    assert files.keys() == {"ten_a", "ten_b", ""}
    month = Decimal(31 * 24)
    assert files["ten_a"].cost == pytest.approx(3 * Decimal("0.020") / month, abs=Decimal("1e-8"))
    assert all(line.cost == line.cost.quantize(Decimal("1e-9")) for line in found)
    assert {(line.tenant, line.shared) for line in found if line.service == "Cloud SQL"} == {("", "eu1-pool")}
    assert all(isinstance(line.cost, Decimal) and isinstance(line.lines, int) for line in found)
    assert {line.exported_at.tzinfo for line in found} == {UTC}


async def test_pages_are_put_together(bill: Billed, on: Simulated, monkeypatch: pytest.MonkeyPatch) -> None:
    await bill.meter([SHOP], NOON + timedelta(hours=2))
    whole = await bill.lines(QUERY, WINDOW)
    monkeypatch.setattr(bigquery, "ROWS", 2)
    assert await bill.lines(QUERY, WINDOW) == whole
    asked = [one.method_id for one in on.simulator.world.journal.entries]
    assert len(whole) > 4
    assert asked.count("bigquery.jobs.getQueryResults") == -(-len(whole) // 2) - 1


async def test_nothing_is_read_where_it_would_be_too_much(
    bill: Billed, on: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bill.meter([SHOP], NOON + timedelta(hours=1))
    monkeypatch.setattr(costs, "MOST_BYTES", 10)
    on.simulator.world.journal.entries.clear()
    with pytest.raises(TooMuchToRead, match="Nothing was read"):
        await bill.lines(QUERY, WINDOW)
    assert [one.body["dryRun"] for one in on.simulator.world.journal.entries] == [True]


async def test_an_export_that_is_not_there_is_not_an_empty_bill(on: Simulated, bill: Billed) -> None:
    await bill.meter([SHOP], NOON)
    platform = PLATFORM.model_copy(update={"billing_table": f"{PLACE.project}.billing.other"})
    with pytest.raises(Gone):
        await ExportedCosts(on.google, Where(platform, on.placements)).lines(QUERY, WINDOW)


@pytest.mark.parametrize(
    "told",
    ["", "a.b", "p-12345.d.t` AS b, `x.y.z", "p-12345.d.t; DROP TABLE x", "P-12345.d.t\n", "../p-12345.d.t"],
)
def test_nothing_but_a_tables_name_comes_into_a_query(told: str) -> None:
    with pytest.raises(Unbuildable, match="billing_table"):
        Table.named(told)


def test_the_table_stands_where_the_query_says_export_and_nowhere_else() -> None:
    table = Table.named(BILLING_TABLE)
    asked = table.asked(QUERY)
    assert asked.count(BILLING_TABLE) == 1
    assert f"FROM `{BILLING_TABLE}` AS b" in asked


async def test_who_used_more_of_an_instance_has_the_larger_part_of_a_day(on: Simulated, bill: Billed) -> None:
    for site in (SHOP, CAFE):
        await on.placements.of(site)

    class Seeing:
        sight = Sight(at={"statements"})

        async def look(self, now: datetime, ids: set[str], own: object = ()) -> Sight:
            return self.sight

    seeing: Any = Seeing()
    metrics = MonitoredMetrics(on.google, Where(PLATFORM, on.placements), seeing, lambda: NOON)
    for minute, busy in ((0, 0.0), (1, 2500.0), (2, 4000.0)):
        seeing.sight.counters = {(SHOP.id, "db_time"): busy}
        await metrics.collect([SHOP, CAFE], NOON + minute * MINUTE)
    parts = {"ten_a": 4000 + 1000, "ten_b": 1000}
    assert await bill.shares(DAY) == {"eu1-pool": parts}
    await metrics.remove(SHOP.id)
    await on.placements.forget(SHOP.id)
    assert await bill.shares(DAY) == {"eu1-pool": parts}, "who is gone had its part of that day"
    assert await bill.shares(DAY + timedelta(days=1)) == {}


async def test_of_what_says_of_no_pool_nobody_has_a_part(on: Simulated) -> None:
    labels = {"environment": SHOP.id, "tenant": "ten_a", "instance": "pool-1"}
    for one in written(
        [point(figure, labels, 5, NOON) for figure in (PRESENT, CUSTOM["db_time"])], PLACE.project
    ):
        await on.google.ask(one)
    assert await on.cloud.costs.shares(DAY) == {}


async def test_a_valkey_is_shared_by_those_who_are_there(on: Simulated) -> None:
    path = f"/memorystore/v1/{PLACE.parent}/instances"
    say(
        on.simulator,
        "POST",
        path,
        {"labels": {"aipress-pool": "eu1-cache"}, "shardCount": 1},
        instanceId="sites",
    )
    for tenant, id in (("ten_a", SHOP.id), ("ten_b", CAFE.id)):
        labels = {"environment": id, "tenant": tenant, "instance": "pool-1"}
        for one in written([point(PRESENT, labels, 1, NOON)], PLACE.project):
            await on.google.ask(one)
    assert await on.cloud.costs.shares(DAY) == {"eu1-cache": {"ten_a": 1000, "ten_b": 1000}}


def test_a_tier_costs_what_is_paid_when_nobody_comes() -> None:
    sheet = price_sheet()
    assert list(sheet.tiers) == list(sheet.rooms) == list(SIZES)
    monthly = [sheet.tiers[tier].monthly for tier in SIZES]
    assert monthly == sorted(monthly)
    assert monthly[0] >= Decimal("0.66")  # eleven secrets
    assert sheet.rooms["performance"].min_instances == 1
    assert sheet.rooms["basic"].children == 6
    assert all(tier.includes["disk"] > 0 for tier in sheet.tiers.values())
    assert sheet.usage["cpu"].price == Decimal("0.0864")
    assert sheet.usage.keys() == {"disk", "database", "memory", "cpu"}
