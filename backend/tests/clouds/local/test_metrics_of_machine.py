"""Metrics of this machine: what lines and looks add up to, that nothing counts twice, and that thinning loses nothing but time."""

import itertools
import multiprocessing
import os
import random
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.local.figures import MINUTE, Figures, rolled_up
from aipress.clouds.local.gauges import DatabaseUse, Sight, compared
from aipress.clouds.local.histogram import ERROR, LEAST_MS, bucket_of, packed, quantile, unpacked
from aipress.clouds.local.logs.writing import Entry
from aipress.clouds.local.metric_series import filled, grid, series_of
from aipress.clouds.local.metric_store import DAY, MetricStore
from aipress.clouds.local.shipper.shaping import Spot
from aipress.clouds.logs import Source, Value
from aipress.clouds.metrics import UNITS, Span
from aipress.hostd.reports import EnvironmentStatus

ENV = "0123456789ab"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOON_S = int(NOON.timestamp())
PLACES = itertools.count()


def line(seconds: float, source: Source = "access", env: str = ENV, **fields: Value) -> Entry:
    """A line of that time, found at a place of its own that grows with it."""
    moment = round((NOON_S + seconds) * 1_000_000)
    identity = Spot(1, next(PLACES), moment).id(moment)
    return Entry(identity, "ten_a", env, source, "info", "", "", fields)


def request(
    seconds: float, milliseconds: float = 10, status: int = 200, cache: str | None = None, size: int = 1000
) -> Entry:
    return line(seconds, duration_ms=milliseconds, status=status, bytes=size, cache=cache)


def spec(env: str = ENV) -> EnvironmentSpec:
    return EnvironmentSpec(id=env, number=1, tenant="ten_a", slug="a")


def values(store: MetricStore, metric: str, span: Span, env: str = ENV) -> list[float | None]:
    starts = grid(span, store.boundaries())
    since, until = starts[0], int(span.until.timestamp())
    stretches = filled(starts, store.figures(env, since, until), store.looks(since, until))
    return [value for _, value in series_of(metric, stretches).points]


@given(st.lists(st.floats(LEAST_MS, 120_000), min_size=1), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_quantile_is_off_by_two_per_cent_at_most(durations: list[float], share: float) -> None:
    counts: dict[int, int] = {}
    for each in durations:
        counts[bucket_of(each)] = counts.get(bucket_of(each), 0) + 1
    rank = max(1, -(-Fraction(str(share)) * len(durations) // 1))
    exact, told = sorted(durations)[rank - 1], quantile(counts, share)
    assert told is not None
    assert abs(told - exact) <= ERROR * exact * (1 + 1e-9)
    assert unpacked(packed(counts)) == counts


def test_minutes_say_what_their_lines_said() -> None:
    lines = [
        request(0, 10, cache="HIT"),
        request(59.9, 20, status=503, cache="MISS"),
        request(60, 30, status=404, cache="BYPASS"),
        line(61, "slow", duration_ms=900),
        line(62, "cron", lag_ms=4000, outcome="late"),
        line(63, "cron", lag_ms=1000, outcome="done"),
        line(64, "php", kind="fatal"),
    ]
    found = rolled_up(reversed(lines))
    first, second = found[ENV, NOON_S], found[ENV, NOON_S + 60]
    assert (first.requests, first.errors, first.bandwidth) == (2, 1, 2000)
    assert (first.cache_hits, first.cache_asked) == (1, 2)
    assert (second.requests, second.errors, second.cache_asked) == (1, 0, 0)
    assert (second.slow_queries, second.cron_lag_ms) == (1, 4000)
    assert len(found) == 2


def test_nonsense_in_a_line_is_no_number() -> None:
    nonsense = [float("nan"), float("inf"), -float("inf"), "12", True, None, 1e300]
    found = rolled_up(line(0, duration_ms=one, status=one, bytes=one) for one in nonsense)[ENV, NOON_S]
    assert (found.requests, found.errors, found.bandwidth) == (7, 0, 1)


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 5)), min_size=1))
def test_lines_that_are_told_again_count_once(cuts: list[tuple[int, int]]) -> None:
    """Whoever ships dies after any batch, forgets that it was told, and cuts the same lines another way."""
    lines = [request(n * 7) for n in range(30)]
    with TemporaryDirectory() as folder:
        store, at = MetricStore(Path(folder)), 0
        for told, forgotten in itertools.cycle(cuts):
            store.ship(lines[at : at + told])
            if at + told >= len(lines):
                break
            at = max(at + 1, at + told - forgotten)
        span = Span(NOON, NOON + timedelta(minutes=4), timedelta(minutes=4))
        assert values(store, "requests", span) == [30]


def _ship_for_ever(folder: Path, lines: Sequence[Entry]) -> None:
    """As a shipper would that keeps its own place badly: it begins at random, but never behind what it shipped."""
    store, at = MetricStore(folder), 0
    while True:
        until = at + random.randint(1, 20)  # noqa: S311
        store.ship(lines[at:until])
        at = min(until, len(lines) - 1)


def test_a_killed_shipper_loses_and_doubles_nothing(tmp_path: Path) -> None:
    lines = [request(n * 0.5) for n in range(600)]
    spawning = multiprocessing.get_context("spawn")
    for seconds in (0.3, 0.35, 0.4, 0.5):
        shipper = spawning.Process(target=_ship_for_ever, args=(tmp_path, lines))
        shipper.start()
        shipper.join(seconds)
        assert shipper.pid is not None
        os.kill(shipper.pid, signal.SIGKILL)
        shipper.join()
    MetricStore(tmp_path).ship(lines)
    assert values(MetricStore(tmp_path), "requests", Span(NOON, NOON + timedelta(minutes=5))) == [120] * 5


def status(state: str = "awake", cpu_us: int = 0, starts: int = 1, memory: int = 2**20) -> EnvironmentStatus:
    return EnvironmentStatus(state, 1, 1.0, starts, 0, 0, "", memory, cpu_us)


def look(store: MetricStore, minute: int, sight: Sight, env: str = ENV) -> None:
    found, counters = compared(sight, [spec(env)], store.counters())
    store.note(NOON_S + minute * MINUTE, found, counters)


def test_counters_count_what_they_grew_by_also_when_they_begin_anew(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    for minute, (cpu, starts, busy) in enumerate([(5, 1, 100), (2_000_005, 3, 3100), (1_000_000, 1, 50)]):
        seen = Sight({ENV: status("awake", cpu, starts)}, {ENV: DatabaseUse(busy, minute)}, {}, {})
        look(store, minute, seen)
    span = Span(NOON, NOON + timedelta(minutes=3))
    assert values(store, "cpu_seconds", span) == [0, 2, 1]
    assert values(store, "cold_starts", span) == [0, 2, 1]
    assert values(store, "db_time", span) == [0, 3, 0.05]
    assert values(store, "db_connections", span) == [0, 1, 2]


def test_a_sleeping_site_is_known_to_use_nothing_and_takes_no_room(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    for minute in range(3):
        look(store, minute, Sight({ENV: status("asleep", 77, memory=0)}, {}, {ENV: 4096}, {}))
    span = Span(NOON, NOON + timedelta(minutes=4))
    assert values(store, "memory_bytes", span) == [0, 0, 0, None]
    assert values(store, "requests", span) == [0, 0, 0, None]
    assert values(store, "disk_bytes", span) == [4096, 4096, 4096, None]
    assert len(store.figures(ENV, NOON_S, NOON_S + DAY)) == 1


def test_memory_is_the_mean_of_looks_and_not_of_minutes_when_it_ran(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    look(store, 0, Sight({ENV: status(memory=100)}, {}, {}, {}))
    look(store, 0, Sight({ENV: status(memory=200)}, {}, {}, {}))
    look(store, 1, Sight({ENV: status("asleep", memory=0)}, {}, {}, {}))
    two = Span(NOON, NOON + timedelta(minutes=2), timedelta(minutes=2))
    assert values(store, "memory_bytes", two) == [100]


def _filled(store: MetricStore, days: int) -> None:
    """Something in one minute of many, over some days up to noon."""
    rand = random.Random(7)  # noqa: S311
    for n in range(120):
        minute = -rand.randrange(days * 1440)
        lines = [
            request(minute * 60 + m, rand.lognormvariate(4, 1), rand.choice([200, 500])) for m in range(5)
        ]
        store.ship(lines)
        look(store, minute, Sight({ENV: status("awake", n * 1000, n, n)}, {}, {ENV: n}, {}))


def test_thinning_changes_no_sum_and_no_quantile_of_a_longer_step(tmp_path: Path) -> None:
    thick, thin = MetricStore(tmp_path / "a"), MetricStore(tmp_path / "b")
    _filled(thick, 40)
    _filled(thin, 40)
    for at in range(-39, 1):
        thin.thin(NOON_S + at * DAY)
    assert thick.boundaries() == {}
    assert thin.boundaries() == {600: NOON_S - 2 * DAY, 3600: NOON_S - 30 * DAY}
    days = Span(NOON - timedelta(40), NOON, timedelta(1))
    for metric in set(UNITS) - {"disk_bytes", "redis_bytes"}:
        assert values(thin, metric, days) == values(thick, metric, days), metric
    steps = [row[0] for row in thin.figures(ENV, 0, NOON_S)]
    assert sorted(set(steps)) == [60, 600, 3600]
    assert len(steps) < len(thick.figures(ENV, 0, NOON_S))


def test_late_lines_restate_what_was_thinned_already(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    store.ship([request(0)])
    store.thin(NOON_S + 35 * DAY)
    store.ship([request(61, status=500)])
    span = Span(NOON, NOON + timedelta(hours=1))
    assert grid(span, store.boundaries()) == [NOON_S]
    assert (values(store, "requests", span), values(store, "errors", span)) == ([2], [1])


def test_what_is_older_than_four_hundred_days_is_forgotten(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    store.ship([request(0), request(2 * DAY)])
    store.thin(NOON_S + 401 * DAY)
    assert [start for _, start, _ in store.figures(ENV, 0, NOON_S + 3 * DAY)] == [NOON_S + 2 * DAY]


def test_a_grid_never_splits_what_is_kept() -> None:
    boundaries = {600: NOON_S, 3600: NOON_S - 7200}
    span = Span(NOON - timedelta(minutes=185), NOON + timedelta(minutes=14), timedelta(minutes=7))
    starts = [(start - NOON_S) // 60 for start in grid(span, boundaries)]
    assert starts == [-240, -180, -120, -110, -100, -90, -80, -70, -60, -50, -40, -30, -20, -10, 0, 6, 13]


def test_what_is_told_of_a_removed_environment_is_not_kept(tmp_path: Path) -> None:
    store, other = MetricStore(tmp_path), "ba9876543210"
    store.ship([request(0), line(0, env=other)])
    look(store, 0, Sight({ENV: status()}, {}, {}, {}))
    store.remove(ENV)
    store.ship([request(0)])
    look(store, 1, Sight({ENV: status(cpu_us=9)}, {}, {}, {}))
    assert set(store.known()) == {other}
    assert store.counters() == {}
    assert store.figures(ENV, 0, NOON_S + DAY) == []


def test_figures_add_up_in_any_grouping() -> None:
    rand = random.Random(3)  # noqa: S311
    parts = [rolled_up([request(n, rand.random() * 1000)])[ENV, NOON_S] for n in range(20)]
    one_by_one, halves = Figures(), [Figures(), Figures()]
    for n, part in enumerate(parts):
        one_by_one.add(part)
        halves[n // 10].add(part)
    halves[0].add(halves[1])
    assert halves[0] == one_by_one
