"""A month of many sites' metrics: counted from their lines, thinned as it passes, and asked; at full size by `./aipress prove metrics`."""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.local.gauges import DatabaseUse, Sight, compared
from aipress.clouds.local.logs.writing import Entry
from aipress.clouds.local.metric_store import DAY, MetricStore
from aipress.clouds.local.metrics import series_in
from aipress.clouds.local.shipper.shaping import Spot
from aipress.clouds.metrics import UNITS, Span
from aipress.hostd.reports import EnvironmentStatus
from tests.figures import keep

FULL = bool(os.environ.get("AIPRESS_PROVE"))
SITES, LINES, LOOKED_AT = (50, 1_000_000, 1000) if FULL else (3, 3000, 30)
DAYS, BATCH = 30, 5000
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
FIRST_S = int(FIRST.timestamp())
chance = random.Random(5)  # noqa: S311 - visits, not a secret


def site(n: int) -> str:
    return f"{n:012x}"


def visits() -> Iterator[Entry]:
    """Visits of all sites over the month, in the order they happened."""
    for n in range(LINES):
        moment = round((FIRST_S + n * DAYS * DAY / LINES) * 1_000_000)
        fields = {
            "status": chance.choice([200] * 20 + [500]),
            "bytes": 10_000,
            "duration_ms": chance.lognormvariate(4, 1),
            "cache": chance.choice(["HIT", "MISS"]),
        }
        identity = Spot(1, n, moment).id(moment)
        yield Entry(identity, "ten_a", site(n % SITES), "access", "info", "", "", fields)


def lived(store: MetricStore) -> float:
    """Count everything as the shipper does and thin every day; the lines a second that were counted."""
    batch: list[Entry] = []
    spent, day = 0.0, 1
    for entry in visits():
        batch.append(entry)
        if len(batch) == min(BATCH, LINES // 10):
            begun = time.perf_counter()
            store.ship(batch)
            spent += time.perf_counter() - begun
            batch = []
        if entry.microseconds >= (FIRST_S + day * DAY) * 1_000_000:
            store.thin(FIRST_S + day * DAY)
            day += 1
    store.ship(batch)
    return LINES / spent


def test_a_month_of_many_sites_is_counted_once_and_told_at_once(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    rate = lived(store)
    month, waits = Span(FIRST, FIRST + timedelta(DAYS), timedelta(hours=3)), []
    counted: Counter[str] = Counter()
    for n in range(SITES):
        begun = time.perf_counter()
        found = series_in(store, site(n), list(UNITS), month)
        waits.append(time.perf_counter() - begun)
        for one in found:
            counted[one.metric] += sum(value or 0 for _, value in one.points if one.unit == "count")
    assert counted["requests"] == LINES
    p95 = sorted(waits)[int(len(waits) * 0.95)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(file.stat().st_size for file in tmp_path.iterdir()) / 1e6
    if FULL:
        assert p95 <= 0.5
        assert memory <= 512
        assert rate >= 5000
    keep(
        "metrics",
        sites=SITES,
        lines_of_a_month=LINES,
        lines_counted_a_second=round(rate),
        ms_for_a_months_17_metrics_p95=round(p95 * 1000),
        memory_mb=round(memory),
        megabytes_kept=round(size, 1),
    )


def test_a_thousand_sites_are_looked_at_in_well_under_a_minute(tmp_path: Path) -> None:
    store = MetricStore(tmp_path)
    ids = [site(n) for n in range(LOOKED_AT)]
    sites = [EnvironmentSpec(id=id, number=n + 1, tenant="ten_a", slug=f"s{n}") for n, id in enumerate(ids)]
    begun = time.perf_counter()
    for look in (1, 2):
        awake = EnvironmentStatus("awake", 1, 1.0, look, 0, 0, "", 2**20, look * 1000)
        used = DatabaseUse(look * 500, 1)
        sight = Sight(dict.fromkeys(ids, awake), dict.fromkeys(ids, used), dict.fromkeys(ids, look), {})
        found, counters = compared(sight, sites, store.counters())
        store.note(FIRST_S, found, counters)
    spent = (time.perf_counter() - begun) / 2
    assert set(store.known()) == set(ids)
    if FULL:
        assert spent < 10
    keep("metrics", sites_looked_at=LOOKED_AT, seconds_to_note_a_look=round(spent, 2))
