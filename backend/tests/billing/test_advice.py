"""What could cost less: the advised size is the one that trying all of them finds, on bills made of generated use; every figure is said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipress.billing import workflows
from aipress.billing.advice import commitments
from aipress.billing.advice.peaks import Peaks, peaks, peaks_of
from aipress.billing.advice.sizing import Case, advise, best_tier
from aipress.billing.advice.use import days_of
from aipress.billing.models import Cost
from aipress.clouds.costs import CostLine
from aipress.clouds.local import export, prices
from aipress.clouds.local.meter import DayOfUse, Used
from aipress.clouds.metrics import Series, Span
from aipress.clouds.pricing import PriceSheet
from tests.billing.aggregator import aggregate
from tests.fakes.metrics import FakeMetrics

SHEET = prices.read()
TIERS = tuple(SHEET.tiers)
TODAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
GIB, DAY = 2**30, 86_400_000
WEEK = timedelta(days=7)
AT_EASE = Peaks(NOW - WEEK, NOW, 5000, 200 * 2**20, Fraction(1, 2), 9)


def bill(days: Sequence[Used], sheet: PriceSheet = SHEET) -> list[Cost]:
    """The rows a count would store of these days, the last of them yesterday."""
    whole = [
        DayOfUse(TODAY - timedelta(len(days) - number), NOW, used=(used,)) for number, used in enumerate(days)
    ]
    rows = [row for day in whole for row in export.rows_of(day, sheet, NOW)]
    lines = aggregate(rows, date(2000, 1, 1), TODAY, NOW)
    return [Cost(**workflows._as_row("local", CostLine(*line))) for line in lines]


def case(days: Sequence[Used], peak: Peaks | None = AT_EASE, sheet: PriceSheet = SHEET) -> Case:
    tier = days[-1].tier
    return Case(tier, days_of(bill(days, sheet), tier, sheet, TODAY), peak, sheet)


def used(tier: str, disk: float = 1, database: float = 0.1, memory: float = 0.2, cpu: float = 0.1) -> Used:
    """A whole day: GiB there all day, and hours of a processor."""
    amounts = [int(one * GIB * DAY) for one in (disk, database, memory)]
    return Used("e", "ten_a", tier, DAY, *amounts, int(cpu * 3_600_000_000))


sizes = st.floats(0, 80, allow_nan=False)
a_day = st.builds(
    used,
    st.just("basic"),
    disk=sizes,
    database=st.floats(0, 20),
    memory=st.floats(0, 3),
    cpu=st.floats(0, 24),
)
busiest = st.builds(
    Peaks,
    st.just(NOW - WEEK),
    st.just(NOW),
    st.integers(0, 10**6),
    st.integers(0, 3 * GIB),
    st.fractions(0, 20, max_denominator=100),
    st.integers(0, 100),
)


@given(st.lists(a_day, min_size=7, max_size=9), st.sampled_from(TIERS), busiest)
def test_the_size_is_the_one_that_trying_all_of_them_finds(days: list[Used], tier: str, peak: Peaks) -> None:
    looked = case([replace(day, tier=tier) for day in days], peak)
    paid = {name: net(bill([replace(day, tier=name) for day in days])) for name in TIERS}
    limits = {"basic": (0.5625, 3), "standard": (1.0625, 6), "performance": (2.0625, 12)}
    holding = [
        name
        for name, (memory, children) in limits.items()
        if peak.memory_bytes * 1.2 <= memory * GIB and peak.at_once * 12 <= children * 10
    ] or ["performance"]
    best = best_tier(looked)
    assert best in holding
    assert paid[best] - min(paid[name] for name in holding) < Decimal("0.000001")
    months = Decimal(len(days)) / 30
    for name in TIERS:
        assert abs(looked.cost(name) - paid[name] / months) < Decimal("0.000002")


def net(rows: Sequence[Cost]) -> Decimal:
    return sum((row.net for row in rows), Decimal(0))


def test_a_site_that_needs_little_is_told_its_smaller_size_and_what_that_saves() -> None:
    (item,) = advise(case([used("standard")] * 28))
    assert (item.kind, item.tier, item.saving) == ("another_size", "basic", Decimal("9.00"))
    told = {one.name: (str(one.value.normalize()), one.unit, one.source) for one in item.figures}
    assert told["days looked at"] == ("28", "days", "bill")
    assert told["a month on standard"] == ("9", "USD a month", "bill")
    assert told["most memory"] == ("2E+2", "MB", "metrics")
    assert told["memory of basic"] == ("576", "MB", "prices")
    assert told["times it would wake up in a week"] == ("9", "times", "metrics")


def test_what_goes_beyond_its_size_hears_of_a_cheaper_larger_one_and_else_of_what_is_beyond() -> None:
    cheap = replace(
        SHEET, tiers={**SHEET.tiers, "standard": replace(SHEET.tiers["standard"], monthly=Decimal("0.1"))}
    )
    (item,) = advise(case([used("basic", disk=15)] * 7, None, cheap))
    assert (item.kind, item.tier, item.saving) == ("another_size", "standard", Decimal("0.30"))
    assert "costs more than standard" in item.text
    (item,) = advise(case([used("basic", disk=15)] * 7))
    assert (item.kind, item.tier, item.saving) == ("beyond_included", None, Decimal("0.40"))
    assert "Files of a site" in item.text


def test_what_is_as_it_should_be_is_left_alone() -> None:
    assert advise(case([used("basic")] * 28)) == []
    busy = replace(AT_EASE, at_once=Fraction(4), memory_bytes=700 * 2**20)
    assert advise(case([used("standard")] * 28, busy)) == []


def test_without_metrics_nothing_smaller_is_advised() -> None:
    assert advise(case([used("performance")] * 28, None)) == []


def test_who_needs_more_than_there_is_hears_what_it_costs() -> None:
    (item,) = advise(case([used("basic")] * 28, replace(AT_EASE, at_once=Fraction(5))))
    assert (item.kind, item.tier, item.saving) == ("too_small", "standard", Decimal("-9.00"))
    assert advise(case([used("performance")] * 28, replace(AT_EASE, at_once=Fraction(50)))) == []


def test_a_site_nobody_visits_costs_all_of_it_too_much() -> None:
    found = advise(case([used("performance", disk=60)] * 28, replace(AT_EASE, requests=3)))
    assert [(one.kind, one.tier) for one in found] == [("idle", None), ("another_size", "basic")]
    assert found[0].saving > found[1].saving > 0
    assert advise(case([used("basic")] * 28, replace(AT_EASE, requests=3))) == []


def test_days_on_another_size_today_and_days_it_was_hardly_there_do_not_count() -> None:
    half = replace(used("basic"), live=DAY // 2)
    rows = bill([used("standard"), half, used("basic"), used("basic")])
    today = Cost(**workflows._as_row("local", CostLine(*line_of(TODAY))))
    found = days_of([*rows, today], "basic", SHEET, TODAY)
    assert [one.day for one in found] == [TODAY - timedelta(2), TODAY - timedelta(1)]
    assert days_of(rows, "standard", SHEET, TODAY) == []


def line_of(day: date) -> tuple[Any, ...]:
    size = ("Hosting", "Size basic", "month", "regular", "USD")
    return (day, f"{day:%Y%m}", "ten_a", "", *size, Decimal(1), Decimal(0), Decimal(0), 1, NOW)


async def test_the_busiest_minute_of_a_week_counts_and_a_week_that_is_not_whole_does_not() -> None:
    noons = [NOW - timedelta(days=number, hours=-1) for number in range(1, 8)]
    later = noons[0] + timedelta(minutes=5)
    metrics = FakeMetrics()
    for at in noons[:6]:
        metrics.tell("e", "requests", at, 60)
    assert await peaks_of(metrics, "e", NOW) is None
    for metric, at, value in (
        ("requests", noons[6], 60),
        ("requests", later, 120),
        ("latency_p99", later, 1500),
        ("latency_p99", noons[1], 2000),
        ("memory_bytes", noons[3], 10**8),
        ("memory_bytes", noons[4], 3 * 10**8),
    ):
        metrics.tell("e", metric, at, value)
    assert await peaks_of(metrics, "e", NOW) == Peaks(NOW - WEEK, NOW, 540, 3 * 10**8, Fraction(3), 7)


def test_where_minutes_are_not_kept_any_more_the_rate_is_that_of_their_stretch() -> None:
    points = [(NOW - WEEK, 600.0), (NOW - WEEK + timedelta(minutes=10), 60.0)]
    moments = [at for at, _ in points]
    found = {
        "requests": Series("requests", "count", points),
        "latency_p99": Series("latency_p99", "ms", [(at, 1000.0) for at in moments]),
        "memory_bytes": Series("memory_bytes", "bytes", [(at, None) for at in moments]),
    }
    told = peaks(found, Span(NOW - WEEK, NOW - WEEK + timedelta(minutes=11)))
    assert (told.at_once, told.memory_bytes, told.wakes) == (Fraction(1), 0, 1)


costs = st.lists(st.decimals(0, 500, places=9), min_size=1, max_size=60)


@given(costs, st.integers(1, 99))
def test_the_promise_is_the_one_that_trying_every_amount_finds(days: list[Decimal], discount: int) -> None:
    paid = 1 - Fraction(discount, 100)
    level = commitments.best_level(days, paid)
    corners = [Decimal(0), *days]
    between = [(low + high) / 2 for low, high in pairwise(sorted(corners))]
    best = min(commitments.total(days, one, paid) for one in [*corners, *between])
    assert commitments.total(days, level, paid) == best


def test_a_commitment_is_weighed_on_the_steady_part_of_what_it_covers() -> None:
    days = [TODAY - timedelta(number) for number in range(1, 91)]
    spent = [
        ("Cloud SQL", "Cloud SQL for MySQL: Zonal - vCPU in Iowa", day, Decimal(10 if day.day > 3 else 30))
        for day in days
    ]
    storage = [("Cloud SQL", "Cloud SQL for MySQL: Storage", day, Decimal(1000)) for day in days]
    three, one = commitments.offers([*spent, *storage], "USD", TODAY)
    assert (three.years, three.a_day, three.discount_percent) == (3, Decimal(10), Decimal(52))
    assert three.saving == Decimal(156)  # 52 % of 10 a day, in 30 days
    assert (one.years, one.saving, one.pays_from_percent) == (1, Decimal(75), Decimal(75))
    assert (one.pays_after_months, three.pays_after_months) == (Decimal(9), Decimal("17.28"))
    assert one.cost - one.cost_with == one.saving
    assert three.used_percent == 100
    assert 80 < three.steady_percent < 90


@pytest.mark.parametrize("days", [0, 1, 29])
def test_few_days_say_nothing_of_years(days: int) -> None:
    sku = "Services CPU (Instance-based billing) in europe-west1"
    spent = [("Cloud Run", sku, TODAY - timedelta(number + 1), Decimal(5)) for number in range(days)]
    assert commitments.offers(spent, "USD", TODAY) == []
    later = [*spent, ("Cloud Run", sku, TODAY - timedelta(31), Decimal(5))]
    assert len(commitments.offers(later, "USD", TODAY)) == (2 if days == 29 else 0)


def test_use_that_comes_and_goes_is_promised_to_nobody() -> None:
    sku = "Services CPU (Request-based billing) in europe-west1"
    now_and_then = [
        ("Cloud Run", sku, TODAY - timedelta(number), Decimal(number % 2)) for number in range(1, 61)
    ]
    assert commitments.offers(now_and_then, "USD", TODAY) == []
