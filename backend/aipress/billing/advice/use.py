"""What a site used on each whole day, read from its bill; and what that use would have cost on another tier."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from aipress.billing.models import Cost
from aipress.clouds.pricing import METERS, PriceSheet, charge, exact, size_sku

LOOKED_AT = 28  # days: four whole weeks
FEWEST = 7
WHOLE = Fraction(9, 10)  # of a day a site has to be there, for the day to count
MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True)
class DayUsed:
    """One day: how much of its month the site was there, and what it used of each meter, in the units of the price sheet."""

    day: date
    there: Fraction
    units: Mapping[str, Decimal]

    @property
    def days(self) -> Fraction:
        return self.there * monthrange(self.day.year, self.day.month)[1]


def days_of(rows: Iterable[Cost], tier: str, sheet: PriceSheet, today: date) -> list[DayUsed]:
    """The whole days before today that the site spent on this tier, oldest first, and back to the last on another one."""
    by_day: defaultdict[date, list[Cost]] = defaultdict(list)
    for row in rows:
        if today - timedelta(LOOKED_AT) <= row.usage_date < today and not row.shared:
            by_day[row.usage_date].append(row)
    found: list[DayUsed] = []
    for day in sorted(by_day, reverse=True):
        if any(row.sku in _other_sizes(tier, sheet) for row in by_day[day]):
            break
        used = _used(day, by_day[day], tier, sheet)
        if used.days >= WHOLE:
            found.append(used)
    return found[::-1]


def cost_of(days: Sequence[DayUsed], tier: str, sheet: PriceSheet) -> Decimal:
    """What these days cost on this tier by the sheet, scaled to a whole month."""
    total = sum((_day_cost(used, tier, sheet) for used in days), Decimal(0))
    return _a_month(total, days)


def beyond(days: Sequence[DayUsed], tier: str, sheet: PriceSheet) -> dict[str, Decimal]:
    """What use beyond the tier costs a month, by meter."""
    costs = {meter: sum((_beyond(used, meter, tier, sheet) for used in days), Decimal(0)) for meter in METERS}
    return {meter: _a_month(cost, days) for meter, cost in costs.items() if cost}


def _day_cost(used: DayUsed, tier: str, sheet: PriceSheet) -> Decimal:
    size, _ = charge(sheet.tiers[tier].monthly, used.there, None)
    return size + sum((_beyond(used, meter, tier, sheet) for meter in METERS), Decimal(0))


def _beyond(used: DayUsed, meter: str, tier: str, sheet: PriceSheet) -> Decimal:
    included = sheet.tiers[tier].included(meter, used.there, used.days * 24)
    cost, off = charge(sheet.usage[meter].price, Fraction(used.units.get(meter, Decimal(0))), included)
    return cost - off


def _a_month(amount: Decimal, days: Sequence[DayUsed]) -> Decimal:
    """To a millionth: each day was rounded to a billionth."""
    months = sum((used.there for used in days), Fraction(0))
    return exact(Fraction(amount) / months).quantize(MILLIONTH)


def _used(day: date, rows: Sequence[Cost], tier: str, sheet: PriceSheet) -> DayUsed:
    amounts: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.kind == "regular":
            amounts[row.sku] += row.amount
    units = {meter: amounts[sheet.usage[meter].sku] for meter in METERS}
    return DayUsed(day, Fraction(amounts[size_sku(tier)]), units)


def _other_sizes(tier: str, sheet: PriceSheet) -> set[str]:
    return {size_sku(one) for one in sheet.tiers if one != tier}
