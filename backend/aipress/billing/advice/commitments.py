"""Whether promising a provider to spend so much for years pays: on the steady part of what a service cost each day.

A commitment of an amount a day costs that amount less its discount every day, used or not; what a day costs beyond it costs its usual
price. The sum of both over the days is convex in the amount, with corners only at what days cost: so the best amount is one of those.
"""

import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from aipress.billing.schemas import CommitmentRead
from aipress.clouds.pricing import exact

FILE = Path(__file__).with_name("commitments.toml")
LOOKED_AT, FEWEST = 90, 30  # days
MONTH = 30
DayOfSku = tuple[str, str, date, Decimal]  # service, kind of thing, day, what it cost


@dataclass(frozen=True)
class Term:
    """What a provider takes off for so many years of what it covers of one service, in percent, and which page says so."""

    service: str
    covers: tuple[str, ...]
    years: int
    discount: Decimal
    source: str

    @property
    def paid(self) -> Fraction:
        """The part of the promised amount that is paid for: below this use it does not pay."""
        return 1 - Fraction(self.discount) / 100

    def covered(self, costs: Iterable[DayOfSku]) -> dict[date, Decimal]:
        """What each day cost of it."""
        found: defaultdict[date, Decimal] = defaultdict(Decimal)
        for service, sku, day, amount in costs:
            if service == self.service and any(word in sku for word in self.covers):
                found[day] += amount
        return dict(found)


@cache
def terms() -> tuple[Term, ...]:
    """Every offer that is known."""
    told = tomllib.loads(FILE.read_text())["term"]
    return tuple(
        Term(one["service"], tuple(one["covers"]), one["years"], Decimal(one["discount"]), one["source"])
        for one in told
    )


def offers(costs: Sequence[DayOfSku], currency: str, today: date) -> list[CommitmentRead]:
    """Each term that would have saved something on the last 90 days, what saves most first; none on fewer than 30 of them."""
    found = [weighed(term, daily(term.covered(costs), today), currency) for term in terms()]
    worth = [one for one in found if one.days >= FEWEST and one.saving > 0]
    return sorted(worth, key=lambda one: (-one.saving, one.service, one.years))


def daily(by_day: Mapping[date, Decimal], today: date) -> list[Decimal]:
    """What each whole day cost, from the first that cost anything on; nothing where there is no row, and never less."""
    first = min((day for day in by_day if day >= today - timedelta(LOOKED_AT)), default=today)
    days = [first + timedelta(number) for number in range((today - first).days)]
    return [max(by_day.get(day, Decimal(0)), Decimal(0)) for day in days]


def best_level(days: Sequence[Decimal], paid: Fraction) -> Decimal:
    """How much a day to promise: as much as is used on at least the paid part of all days. 0 where nothing pays."""
    ordered = sorted(days)
    levels = (level for level in reversed(ordered) if _days_of(ordered, level) >= paid * len(ordered))
    return next(levels, Decimal(0))


def total(days: Sequence[Decimal], level: Decimal, paid: Fraction) -> Fraction:
    """What the days would have cost with so much promised a day."""
    beyond = sum((max(day - level, Decimal(0)) for day in days), Decimal(0))
    return Fraction(level) * paid * len(days) + Fraction(beyond)


def weighed(term: Term, days: Sequence[Decimal], currency: str) -> CommitmentRead:
    level = best_level(days, term.paid)
    spent, used = sum(days, Decimal(0)), sum((min(day, level) for day in days), Decimal(0))
    promised = level * len(days)
    return CommitmentRead(
        service=term.service,
        covers=list(term.covers),
        years=term.years,
        discount_percent=term.discount,
        currency=currency,
        days=len(days),
        a_day=exact(Fraction(level)),
        steady_percent=_percent(used, spent),
        used_percent=_percent(used, promised),
        cost=_a_month(Fraction(spent), days),
        cost_with=_a_month(total(days, level, term.paid), days),
        saving=_a_month(Fraction(spent) - total(days, level, term.paid), days),
        pays_from_percent=exact(term.paid * 100),
        pays_after_months=exact(term.paid * 12 * term.years),
        source=term.source,
    )


def _days_of(ordered: Sequence[Decimal], level: Decimal) -> int:
    """How many days cost at least this much."""
    return len(ordered) - bisect_left(ordered, level)


def _a_month(amount: Fraction, days: Sequence[Decimal]) -> Decimal:
    return exact(amount * MONTH / len(days)) if days else Decimal(0)


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return exact(Fraction(part) * 100 / Fraction(whole)) if whole else Decimal(0)
