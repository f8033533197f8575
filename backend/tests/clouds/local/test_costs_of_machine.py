"""What is metered on this machine, and what becomes of it: nothing lost and nothing doubled, whoever dies when; prices as on the sheet."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.local import export, meter, prices, warehouse
from aipress.clouds.local.meter import DayOfUse, Reading, Used
from aipress.clouds.pricing import NINE, exact
from aipress.tenants.tiers import MONTHLY

SHOP = EnvironmentSpec("0" * 12, 1, "ten_shop", "shop", tier="basic")
MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)
SHEET = prices.read()
GIB = 2**30


def reading(cpu_us: int = 0, disk: int = GIB) -> Reading:
    return Reading(disk, 0, 0, cpu_us)


def played(looks: list[tuple[datetime, Mapping[EnvironmentSpec, Reading]]]) -> list[DayOfUse]:
    """All days after these looks."""
    days: dict[date, DayOfUse] = {}
    last = meter.begun(looks[0][0])
    for now, readings in looks:
        for day in meter.count(last, readings, now) or [last]:
            days[day.day] = last = DayOfUse.from_json(json.loads(json.dumps(day.as_json())))
    return [days[day] for day in sorted(days)]


def test_what_is_used_is_what_stands_there_times_how_long() -> None:
    looks = [(MIDNIGHT + timedelta(minutes=5 * n), {SHOP: reading(1000 * n)}) for n in range(13)]
    (day,) = played(looks)
    assert day.used == (Used(SHOP.id, "ten_shop", "basic", 3_600_000, GIB * 3_600_000, 0, 0, 12_000),)


def test_a_look_across_midnight_belongs_to_both_days_and_loses_nothing() -> None:
    looks = [
        (MIDNIGHT - timedelta(minutes=2), {SHOP: reading(0)}),
        (MIDNIGHT + timedelta(minutes=3), {SHOP: reading(700)}),
    ]
    before, after = played(looks)
    assert [one.live for one in (*before.used, *after.used)] == [120_000, 180_000]
    assert sum(one.cpu for one in (*before.used, *after.used)) == 700
    assert (before.until, after.day) == (MIDNIGHT, date(2026, 11, 28))


def test_time_without_a_look_is_no_use_but_processor_time_was_counted_all_the_same() -> None:
    looks = [(MIDNIGHT, {SHOP: reading(0)}), (MIDNIGHT + timedelta(days=3, hours=1), {SHOP: reading(500)})]
    days = played(looks)
    assert sum(one.live for day in days for one in day.used) == 0
    assert sum(one.cpu for day in days for one in day.used) == 500


def test_a_counter_that_begins_anew_loses_nothing_of_what_it_counts_then() -> None:
    counts = (0, 900, 100, 150)
    looks = [(MIDNIGHT + timedelta(minutes=n), {SHOP: reading(cpu)}) for n, cpu in enumerate(counts)]
    assert played(looks)[0].used[0].cpu == 900 + 100 + 50


def test_who_was_not_seen_for_a_while_is_not_counted_anew() -> None:
    seen = {SHOP: reading(1000)}
    looks = [(MIDNIGHT + timedelta(minutes=n), one) for n, one in enumerate((seen, seen, {}, seen))]
    assert played(looks)[0].used[0].cpu == 1000


@given(st.lists(st.integers(1, 40), min_size=2, max_size=40), st.data())
def test_whatever_the_looks_no_moment_is_counted_twice(minutes: list[int], data: st.DataObject) -> None:
    now, cpu, looks = MIDNIGHT - timedelta(hours=3), 0, []
    for gap in minutes:
        now, cpu = now + timedelta(minutes=gap), cpu + data.draw(st.integers(0, 10**7))
        looks.append((now, {SHOP: reading(cpu)}))
    days = played(looks)
    counted = sum(one.live for day in days for one in day.used)
    seen = sum(gap for gap in minutes[1:] if timedelta(minutes=gap) <= meter.LONGEST)
    assert counted == seen * 60_000
    assert sum(one.cpu for day in days for one in day.used) == cpu


def test_a_whole_month_of_a_tier_costs_its_price_and_what_it_includes_costs_nothing() -> None:
    for tier, monthly in MONTHLY.items():
        days = [
            DayOfUse(date(2026, 11, n), MIDNIGHT, used=(Used("e", "t", tier, 86_400_000, GIB * 86_400_000),))
            for n in range(1, 31)
        ]
        rows = [row for day in days for row in export.rows_of(day, SHEET, MIDNIGHT)]
        assert abs(sum(net(row) for row in rows) - monthly.amount) <= 30 * NINE  # rounded each day
        assert sum(Decimal(row["cost"]) for row in rows) > monthly.amount


def test_what_goes_beyond_the_tier_costs_its_price() -> None:
    used = Used("e", "t", "basic", 86_400_000, 35 * GIB * 86_400_000)
    rows = export.rows_of(DayOfUse(date(2026, 11, 1), MIDNIGHT, used=(used,)), SHEET, MIDNIGHT)
    assert sum(net(row) for row in rows) == Decimal("0.04")  # 30 GiB too many for a thirtieth of a month


def net(row: export.Row) -> Decimal:
    return Decimal(row["cost"]) + sum(Decimal(credit["amount"]) for credit in row["credits"])


def test_the_machine_is_shared_once_somebody_says_what_it_costs() -> None:
    day = DayOfUse(date(2026, 11, 1), MIDNIGHT, machine=86_400_000)
    assert list(export.rows_of(day, SHEET, MIDNIGHT)) == []
    (row,) = export.rows_of(day, replace(SHEET, machine=Decimal(30)), MIDNIGHT)
    assert (row["cost"], row["labels"]) == ("1.000000000", [{"key": "aipress-pool", "value": "machine"}])


def test_rows_have_exactly_the_columns_of_the_export() -> None:
    used = Used("e", "t", "basic", 1, GIB, GIB, GIB, GIB)
    for row in export.rows_of(DayOfUse(date(2026, 11, 1), MIDNIGHT, used=(used,)), SHEET, MIDNIGHT):
        assert row.keys() <= warehouse.columns().keys()


def test_the_sheet_and_the_tiers_say_the_same_price() -> None:
    assert {tier: one.monthly for tier, one in SHEET.tiers.items()} == {
        tier: money.amount for tier, money in MONTHLY.items()
    }
    assert {money.currency for money in MONTHLY.values()} == {SHEET.currency}


@pytest.mark.parametrize(
    ("what", "instead"),
    [('monthly: "9"', "monthly: 9.1"), ('price: "0.04"', 'price: "-1"'), ('price: "0.04"', 'price: "NaN"'), ("usage:", "used:")],
)  # fmt: skip
def test_a_sheet_that_is_not_whole_or_has_floats_is_refused(tmp_path: Path, what: str, instead: str) -> None:
    sheet = tmp_path / "prices.yaml"
    sheet.write_text(prices.SHEET.read_text().replace(what, instead))
    with pytest.raises(ValueError, match="not a whole price sheet"):
        prices.read(sheet)


@given(st.fractions(max_denominator=10**12, min_value=-(10**6), max_value=10**6))
def test_amounts_are_rounded_once_half_away_from_zero(amount: Fraction) -> None:
    nanos = Fraction(exact(amount)) * 10**9
    assert nanos.denominator == 1
    assert abs(nanos - amount * 10**9) <= Fraction(1, 2)
