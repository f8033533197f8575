"""Splitting, forecasting and explaining, as arithmetic: whatever the numbers, the parts are the whole."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipress.billing.bill import bill_of, change, days_of, forecast, month_before
from aipress.billing.models import Cost
from aipress.billing.sharing import split
from aipress.billing.workflows import allocated
from aipress.clouds.costs import CostLine
from aipress.errors import CloudRefused

NANO = Decimal("0.000000001")
money = st.integers(-(10**18), 10**18).map(lambda nanos: Decimal(nanos).scaleb(-9))
parts = st.dictionaries(st.text("abc", min_size=1, max_size=4), st.integers(0, 10**15), max_size=12)
NOVEMBER, TODAY = "202611", date(2026, 11, 11)


@given(money, parts.filter(lambda one: sum(one.values()) > 0))
def test_the_parts_are_the_whole_and_nobody_is_a_billionth_away_from_fair(
    whole: Decimal, weights: dict[str, int]
) -> None:
    found = split(whole, weights)
    total = sum(weights.values())
    assert sum(found.values(), Decimal(0)) == whole
    for name, part in found.items():
        fair = whole * weights[name]
        assert abs(part * total - fair) < NANO * total
        assert weights[name] > 0 or part == 0
    assert found == split(whole, dict(reversed(weights.items())))
    assert {name: -part for name, part in split(-whole, weights).items()} == found


def line(tenant: str, shared: str, cost: Decimal, credits: Decimal) -> CostLine:
    moment = datetime(2026, 11, 2, tzinfo=UTC)
    words = (shared, "Service", "Sku", "hour", "regular", "USD")
    return CostLine(TODAY, NOVEMBER, tenant, *words, Decimal(1), cost, credits, 1, moment)


lines = st.builds(line, st.sampled_from(("", "a", "b")), st.sampled_from(("", "x", "y")), money, money)


@given(st.lists(lines, max_size=20), st.dictionaries(st.sampled_from("xy"), parts))
def test_tenants_and_nobody_have_together_what_all_rows_have(
    of_day: list[CostLine], shares: dict[str, dict[str, int]]
) -> None:
    given_out = allocated(of_day, shares)
    for of in (lambda one: one.cost, lambda one: one.credits, lambda one: one.amount):
        assert sum(map(of, given_out), Decimal(0)) == sum(map(of, of_day), Decimal(0))
    for one in of_day:
        if one.tenant:
            assert one in given_out
    nobodys = [one for one in given_out if not one.tenant]
    assert all(not one.shared or not any(shares.get(one.shared, {}).values()) for one in nobodys)


def test_a_split_that_loses_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum is looked at, not believed: a whole finer than a billionth can't be split without a rest."""
    with pytest.raises(CloudRefused):
        allocated([line("", "x", Decimal("0.0000000005"), Decimal(0))], {"x": {"a": 1, "b": 1}})


def cost(day: date, net: str, sku: str = "CPU", used: str = "1", credits: str = "0") -> Cost:
    gross = Decimal(net) - Decimal(credits)
    return Cost(
        usage_date=day, invoice_month=f"{day:%Y%m}", tenant_id="t", shared="", service="S", sku=sku, unit="hour",
        kind="regular", currency="USD", amount=Decimal(used), cost=gross, credits=Decimal(credits),
    )  # fmt: skip


def of_month(a_day: str, days: int, month: int = 11) -> list[Cost]:
    return [cost(date(2026, month, 1) + timedelta(n), a_day) for n in range(days)]


def test_a_month_of_equal_days_is_foretold_exactly() -> None:
    told = forecast(NOVEMBER, TODAY, of_month("0.3", 10))
    assert told
    assert told.amount == Decimal("9.0")
    assert "7 days" in told.basis


def test_what_today_cost_already_is_not_forgotten() -> None:
    told = forecast(NOVEMBER, TODAY, [*of_month("1", 10), cost(TODAY, "50")])
    assert told
    assert told.amount == 10 + 50 + 19


def test_a_month_that_is_over_costs_what_it_cost() -> None:
    told = forecast("202610", TODAY, of_month("1", 31, 10))
    assert told
    assert told.amount == 31


def test_nothing_is_foretold_on_the_first_day_there_is() -> None:
    assert forecast(NOVEMBER, TODAY, [cost(TODAY, "1")]) is None


def test_a_site_that_is_two_days_old_goes_by_those() -> None:
    rows = [cost(TODAY - timedelta(n), "2") for n in (1, 2)]
    told = forecast(NOVEMBER, TODAY, rows)
    assert told
    assert told.amount == 4 + 2 * 20


def test_the_same_days_of_the_month_before_are_compared() -> None:
    told = change(NOVEMBER, TODAY, of_month("2", 10), of_month("1", 31, 10))
    assert told
    assert (told.before, told.now, told.difference, told.through_day) == (11, 20, 9, 11)


def test_there_is_no_change_without_a_month_before() -> None:
    assert change(NOVEMBER, TODAY, of_month("2", 10), []) is None


@pytest.mark.parametrize(
    ("before", "now", "why", "text"),
    [
        (("2", "2"), ("4", "4"), (2, 0, 0), "CPU: from 2.00 to 4.00 hour."),
        (("2", "2"), ("6", "2"), (0, 4, 0), "CPU: its price changed."),
        (("2", "2"), None, (-2, 0, 0), "CPU: used no more, 2.00 hour before."),
    ],
)
def test_a_change_is_laid_to_use_or_to_price(
    before: tuple[str, str], now: tuple[str, str] | None, why: tuple[int, int, int], text: str
) -> None:
    then = [cost(date(2026, 10, 1), before[0], used=before[1])]
    told = change(NOVEMBER, TODAY, [cost(date(2026, 11, 1), now[0], used=now[1])] if now else [], then)
    assert told
    (reason,) = told.reasons
    assert ((reason.by_use, reason.by_price, reason.by_credits), reason.text) == (why, text)


def test_what_came_with_the_size_is_told_apart() -> None:
    then = [cost(date(2026, 10, 1), "0", used="2", credits="-2")]
    told = change(NOVEMBER, TODAY, [cost(date(2026, 11, 1), "2", used="2")], then)
    assert told
    (reason,) = told.reasons
    assert (reason.by_use, reason.by_price, reason.by_credits) == (0, 0, 2)
    assert "came with the size" in reason.text


rows = st.builds(
    lambda n, net, sku, used, credits, month: cost(
        date(2026, month, n), f"{net}", sku, f"{used}", f"-{credits}"
    ),
    st.integers(1, 28), money, st.sampled_from(("CPU", "Disk", "")), money.map(abs), money.map(abs), st.just(11),
)  # fmt: skip


@given(st.lists(rows, max_size=15), st.lists(rows, max_size=15))
def test_services_days_and_reasons_add_up_to_their_wholes(now: list[Cost], before: list[Cost]) -> None:
    for one in before:
        one.usage_date = one.usage_date.replace(month=10)
    bill = bill_of("USD", NOVEMBER, TODAY, now, before)
    assert sum((one.amount for one in bill.by_service), Decimal(0)) == bill.month_to_date
    assert sum((one.amount for one in bill.by_day), Decimal(0)) == bill.month_to_date
    if bill.change:
        assert sum((one.difference for one in bill.change.reasons), Decimal(0)) == bill.change.difference
        for one in bill.change.reasons:
            assert sum(map(Fraction, (one.by_use, one.by_price, one.by_credits))) == one.difference


def test_months_have_their_days_and_the_one_before() -> None:
    assert days_of("202402") == (date(2024, 2, 1), date(2024, 2, 29))
    assert month_before("202601") == "202512"
