"""A month's rows as a bill: sums, a forecast, and why it changed. Arithmetic only; every sum is exact."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import TypeVar

from aipress.billing.models import Cost
from aipress.billing.schemas import BillRead, ChangeRead, DayCost, ForecastRead, Reason, ServiceCost

K = TypeVar("K", bound=Hashable)
NINE = Decimal("0.000000001")
SHARED = " (shared)"
GO_BY = 7  # whole days a forecast rests on, at most


# A price is at times a large amount by a tiny use: with fewer digits, such parts would not add up.
WIDE = Context(prec=80)


def bill_of(currency: str, month: str, today: date, now: Sequence[Cost], before: Sequence[Cost]) -> BillRead:
    """The bill of a month (YYYYMM) in one currency, with the rows of the month before."""
    with localcontext(WIDE):
        return BillRead(
            currency=currency,
            month_to_date=net(now),
            forecast=forecast(month, today, now),
            by_service=by_service(now),
            by_day=by_day(now),
            change=change(month, today, now, before),
        )


def net(rows: Iterable[Cost]) -> Decimal:
    return sum((row.net for row in rows), Decimal(0))


def by_service(rows: Iterable[Cost]) -> list[ServiceCost]:
    """Dearest first. Somebody's part of something shared stands by itself."""
    found = _grouped(rows, lambda row: row.service + SHARED if row.shared else row.service)
    listed = [ServiceCost(service=name, amount=net(of_it)) for name, of_it in found.items()]
    return sorted(listed, key=lambda one: (-one.amount, one.service))


def by_day(rows: Iterable[Cost]) -> list[DayCost]:
    found = _grouped(rows, lambda row: row.usage_date)
    return [DayCost(day=day, amount=net(found[day])) for day in sorted(found)]


def forecast(month: str, today: date, rows: Sequence[Cost]) -> ForecastRead | None:
    """What was spent until yesterday, and for every day from today on as much as a day of the last week cost on average.

    A month that is over costs what it cost.
    """
    first, last = days_of(month)
    if today > last:
        return ForecastRead(amount=net(rows), basis="The month is over.")
    of_days = {one.day: one.amount for one in by_day(rows) if first <= one.day < today}
    if not of_days:
        return None
    since = max(min(of_days), today - timedelta(GO_BY))
    whole = (today - since).days
    lately = sum((amount for day, amount in of_days.items() if day >= since), Decimal(0))
    so_far = net(row for row in rows if row.usage_date != today)
    spent_today = net(row for row in rows if row.usage_date == today)
    a_day = lately / whole
    to_come = max(a_day, spent_today) + a_day * (last - today).days
    days = "day" if whole == 1 else f"{whole} days"
    return ForecastRead(
        amount=(so_far + to_come).quantize(NINE, ROUND_HALF_UP),
        basis=f"If every day to come costs what the last {days} did on average.",
    )


def change(month: str, today: date, now: Sequence[Cost], before: Sequence[Cost]) -> ChangeRead | None:
    """This month beside the same days of the one before; the whole of both once it is over."""
    last = days_of(month)[1]
    through = today.day if today <= last else 31
    earlier = [
        row
        for row in before
        if row.usage_date.day <= through or row.usage_date < days_of(month_before(month))[0]
    ]
    if not earlier:
        return None
    was, is_ = _grouped(earlier, _kind_of), _grouped(now, _kind_of)
    reasons = [reason(kind, was.get(kind, []), is_.get(kind, [])) for kind in was.keys() | is_.keys()]
    worth = [one for one in reasons if one.difference]
    return ChangeRead(
        before=net(earlier),
        now=net(now),
        difference=net(now) - net(earlier),
        through_day=min(through, last.day),
        reasons=sorted(worth, key=lambda one: (-abs(one.difference), one.service, one.sku)),
    )


def reason(kind: tuple[str, str, str], before: Sequence[Cost], now: Sequence[Cost]) -> Reason:
    """Why one kind of thing costs another amount: what of it is use at the old price, and what price and credits account for.

    The three add up to the difference: what use does not explain of the cost before credits is the price's.
    """
    service, sku, unit = kind
    used_before, used_now = _used(before), _used(now)
    cost_before, cost_now = (sum((row.cost for row in rows), Decimal(0)) for rows in (before, now))
    by_use = cost_now - cost_before
    if used_before and used_now:
        more = Fraction(used_now - used_before) * Fraction(cost_before) / Fraction(used_before)
        by_use = Decimal(round(more * 10**9)).scaleb(-9)
    by_credits = sum((row.credits for row in now), Decimal(0)) - sum(
        (row.credits for row in before), Decimal(0)
    )
    by_price = cost_now - cost_before - by_use
    return Reason(
        service=service,
        sku=sku,
        difference=net(now) - net(before),
        by_use=by_use,
        by_price=by_price,
        by_credits=by_credits,
        unit=unit,
        used_before=used_before,
        used_now=used_now,
        text=_said(sku or service, unit, used_before, used_now, (by_use, by_price, by_credits)),
    )


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of a month written YYYYMM."""
    year, number = int(month[:4]), int(month[4:])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def month_before(month: str) -> str:
    return f"{days_of(month)[0] - timedelta(1):%Y%m}"


def _said(
    what: str, unit: str, before: Decimal, now: Decimal, parts: tuple[Decimal, Decimal, Decimal]
) -> str:
    by_use, by_price, by_credits = map(abs, parts)
    if by_credits > max(by_use, by_price):
        return f"{what}: more or less of it came with the size."
    if by_price > by_use:
        return f"{what}: its price changed."
    if not before:
        return f"{what}: new, {now:.2f} {unit}".rstrip() + "."
    if not now:
        return f"{what}: used no more, {before:.2f} {unit}".rstrip() + " before."
    return f"{what}: from {before:.2f} to {now:.2f} {unit}".rstrip() + "."


def _kind_of(row: Cost) -> tuple[str, str, str]:
    return row.service, row.sku, row.unit


def _used(rows: Iterable[Cost]) -> Decimal:
    return sum((row.amount for row in rows), Decimal(0))


def _grouped(rows: Iterable[Cost], key: Callable[[Cost], K]) -> dict[K, list[Cost]]:
    found: defaultdict[K, list[Cost]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(found)
