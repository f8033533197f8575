"""Figures on Google Cloud: each of ours is a number somebody counted, a zero where somebody looked, or not known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.figures import MonitoredMetrics
from aipress.clouds.gcp.gauges import Levels, Sight, grown
from aipress.clouds.gcp.placements import Where
from aipress.clouds.metrics import MINUTE, UNITS, WHOLE, Span
from aipress.config import Settings
from gcpsim.faults import parse_fault
from tests.clouds.gcp.counting import Counting
from tests.clouds.gcp.simulated import PLATFORM, Simulated, simulated

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SHOP = EnvironmentSpec("0a1b2c3d4e5f", 1, "ten_a", "shop")
CAFE = EnvironmentSpec("0a1b2c3d4e60", 2, "ten_b", "cafe")
MIB = 2**20


class Seeing:
    """Gauges that see what a test says."""

    def __init__(self) -> None:
        self.sight = Sight(at={"databases", "statements"})

    async def look(self, now: datetime, ids: set[str], own: object = ()) -> Sight:
        return self.sight


class Told:
    """A facet, its gauges, and the counters of Cloud Run."""

    def __init__(self, on: Simulated) -> None:
        self.on, self.seeing, self.counting = on, Seeing(), Counting(on)
        self.metrics = self.again()

    def again(self) -> MonitoredMetrics:
        """Another process."""
        where = Where(PLATFORM, self.on.placements)
        return MonitoredMetrics(self.on.google, where, self.seeing, lambda: self.time)  # type: ignore[arg-type]

    time = NOON

    async def collect(self, minutes: float, *environments: EnvironmentSpec) -> None:
        self.time = NOON + minutes * MINUTE
        self.counting.pass_on(self.time)
        await self.metrics.collect(environments or [SHOP, CAFE], self.time)

    async def values(
        self, *metrics: str, id: str = SHOP.id, span: Span | None = None
    ) -> list[list[float | None]]:
        """Of the first five minutes, unless told otherwise."""
        found = await self.metrics.series(id, metrics, span or Span(NOON, NOON + 5 * MINUTE))
        return [[value for _, value in one.points] for one in found]


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Told]:
    with simulated(Settings(data_dir=tmp_path)) as on:
        for one in (SHOP, CAFE):
            await on.placements.of(one)
        yield Told(on)
        await on.google.aclose()


async def test_what_cloud_run_counts_is_told_by_minute_and_is_zero_where_somebody_looked(told: Told) -> None:
    for minute in (0, 1, 3):
        await told.collect(minute)
    at = NOON + MINUTE + timedelta(seconds=7)
    told.counting.tell(SHOP.id, "request_count", 3, at, response_code_class="2xx")
    told.counting.tell(SHOP.id, "request_count", 1, at, response_code_class="5xx")
    told.counting.tell(SHOP.id, "allocation_time", 1.5, at)
    told.counting.tell(SHOP.id, "sent_bytes_count", 700, at, kind="internet")
    told.counting.tell(SHOP.id, "sent_bytes_count", 9000, at, kind="private")
    told.counting.tell(SHOP.id, "startup_latencies", 500, at)
    told.counting.tell(SHOP.id, "startup_latencies", 700, at)
    assert await told.values("requests", "errors", "cpu_seconds", "bandwidth", "cold_starts") == [
        [0, 4, None, 0, None],
        [0, 1, None, 0, None],
        [0, 1.5, None, 0, None],
        [0, 700, None, 0, None],
        [0, 2, None, 0, None],
    ]
    assert await told.values("requests", id=CAFE.id) == [[0, 0, None, 0, None]]


async def test_how_long_half_of_requests_took_is_not_known_where_nobody_came(told: Told) -> None:
    await told.collect(0)
    for took in (40, 60, 900):
        told.counting.tell(SHOP.id, "request_latencies", took, NOON + 2 * MINUTE)
    half, most = await told.values("latency_p50", "latency_p99")
    assert [half[n] for n in (0, 1, 3, 4)] == [None] * 4
    assert half[2] is not None
    assert most[2] is not None
    assert 40 <= half[2] <= 80 < most[2]


async def test_memory_is_the_part_of_its_limit_of_what_ran(told: Told) -> None:
    for minute in range(4):
        await told.collect(minute)
    for state, count in (("active", 1), ("idle", 2)):
        told.counting.tell(SHOP.id, "instance_count", count, NOON + MINUTE, state=state)
    told.counting.tell(SHOP.id, "memory", 0.25, NOON + MINUTE)
    told.counting.tell(SHOP.id, "memory", 0.75, NOON + MINUTE)
    instances, memory = await told.values("instances", "memory_bytes")
    assert instances == [0, 3, 0, 0, None]
    assert memory == [None, 3 * 256 * MIB, None, None, None]
    whole = Span(NOON, NOON + 4 * MINUTE, WHOLE)
    assert await told.values("instances", "memory_bytes", span=whole) == [[0.75], [0.75 * 256 * MIB]]


async def test_databases_are_looked_at_each_minute_and_what_they_counted_is_shared_out(told: Told) -> None:
    sight = told.seeing.sight
    for minute, busy in ((0, 100.0), (1, 350.0), (2, 350.0), (3, 20.0)):
        sight.counters = {(SHOP.id, "db_time"): busy, (SHOP.id, "slow_queries"): minute * 2.0}
        sight.connections = {SHOP.id: 4.0} if minute == 2 else {}
        await told.collect(minute)
    time, slow, connections = await told.values("db_time", "slow_queries", "db_connections")
    assert time == [0, 250, 0, 20, None]
    assert slow == [0, 2, 2, 2, None]
    assert connections == [0, 0, 4, 0, None]
    assert await told.values("db_time", id=CAFE.id) == [[0, 0, 0, 0, None]]


async def test_what_could_not_be_looked_at_is_not_known(told: Told) -> None:
    told.seeing.sight.at = set()
    await told.collect(0)
    assert await told.values("db_connections", "db_time", "cron_lag") == [[None] * 5] * 3
    assert await told.values("cache_hit_ratio") == [[None] * 5]
    told.seeing.sight.at = {"cron"}
    told.seeing.sight.lag = {SHOP.id: 75.0}
    await told.collect(1)
    assert await told.values("cron_lag") == [[None, 75, None, None, None]]
    assert await told.values("cron_lag", id=CAFE.id) == [[None, 0, None, None, None]]


async def test_a_level_holds_until_it_is_noted_again(told: Told) -> None:
    told.seeing.sight.disk, told.seeing.sight.redis = {SHOP.id: 5.0 * MIB}, {SHOP.id: 0.0}
    for minute in (0, 1, 3):
        await told.collect(minute)
    assert await told.values("disk_bytes", "redis_bytes") == [
        [5 * MIB, 5 * MIB, None, 5 * MIB, None],
        [0, 0, None, 0, None],
    ]
    assert await told.values("disk_bytes", id=CAFE.id) == [[None] * 5]
    later = Span(NOON + MINUTE, NOON + 3 * MINUTE)
    assert await told.values("disk_bytes", span=later) == [[5 * MIB, None]]


async def test_everybodys_sums_are_told_at_once(told: Told) -> None:
    await told.collect(0)
    told.counting.tell(SHOP.id, "request_count", 3, NOON + MINUTE, response_code_class="2xx")
    told.counting.tell(CAFE.id, "instance_count", 1, NOON + MINUTE, state="idle")
    span = Span(NOON, NOON + 5 * MINUTE, WHOLE)
    assert await told.metrics.totals(["requests", "errors"], span) == {
        SHOP.id: {"requests": 3, "errors": 0},
        CAFE.id: {"requests": 0, "errors": 0},
    }
    assert await told.metrics.totals(["requests"], Span(NOON + 2 * MINUTE, NOON + 5 * MINUTE, WHOLE)) == {}


async def test_who_was_removed_is_gone_for_every_process(told: Told) -> None:
    await told.collect(0)
    assert await told.again().existing() == {SHOP.id, CAFE.id}
    await told.metrics.remove(SHOP.id)
    await told.metrics.remove("ffffffffffff")
    told.time += MINUTE
    fresh = told.metrics = told.again()
    assert await fresh.existing() == {CAFE.id}
    await told.collect(2)
    assert await fresh.existing() == {CAFE.id}
    assert await told.values("requests", "disk_bytes") == [[None] * 5] * 2
    await told.on.placements.forget(CAFE.id)
    assert await told.values("requests", id=CAFE.id) == [[None] * 5]
    await fresh.remove(CAFE.id)
    assert await told.again().existing() == set()


async def test_many_environments_are_written_in_requests_of_two_hundred_series(told: Told) -> None:
    many = [EnvironmentSpec(f"{number:012x}", number, "ten_a", f"s{number}") for number in range(250)]
    for one in many:
        await told.on.placements.of(one)
    told.seeing.sight.connections = {one.id: 1.0 for one in many}
    await told.collect(0, *many)
    writes = [
        one for one in told.on.simulator.world.journal.entries if one.method_id.endswith("timeSeries.create")
    ]
    assert (len(writes), {one.status for one in writes}) == (4, {200})
    assert await told.values("db_connections", id=many[249].id) == [[1, None, None, None, None]]


async def test_a_look_that_was_written_and_not_heard_of_loses_no_other(told: Told) -> None:
    told.on.simulator.world.faults.planned.append(parse_fault("lost:monitoring.projects.timeSeries.create:1"))
    await told.collect(0)
    await told.collect(1)
    assert await told.values("requests") == [[0, 0, None, None, None]]


async def test_each_figure_can_be_asked_for(told: Told) -> None:
    await told.collect(0)
    found = await told.metrics.series(SHOP.id, list(UNITS), Span(NOON, NOON + 5 * MINUTE))
    assert [one.metric for one in found] == list(UNITS)
    assert await told.metrics.series(SHOP.id, ["requests"], Span(NOON, NOON, WHOLE)) == [
        type(found[0])("requests", "count", [])
    ]


def test_a_counter_that_began_anew_is_counted_from_nothing() -> None:
    assert grown({("a", "x"): 5.0, ("b", "x"): 9.0}, {("a", "x"): 7.0, ("b", "x"): 2.0, ("c", "x"): 4.0}) == {
        "a": {"x": 2.0},
        "b": {"x": 2.0},
    }


def test_a_level_is_noted_when_it_changed_and_once_a_day() -> None:
    levels = Levels()
    assert levels.due("disk", {"a": 1.0}, NOON) == {"a": 1.0}
    assert levels.due("disk", {"a": 2.0, "b": 0.0}, NOON + MINUTE) == {"b": 0.0}
    assert levels.due("disk", {"a": 2.0, "b": 0.0}, NOON + 61 * MINUTE) == {"a": 2.0}
    assert levels.due("disk", {"a": 2.0, "b": 0.0}, NOON + timedelta(hours=26)) == {"a": 2.0, "b": 0.0}
