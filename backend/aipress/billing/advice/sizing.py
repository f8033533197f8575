"""Which size is right: the cheapest that holds what the site needed at its busiest, with a fifth to spare."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from aipress.billing.advice.peaks import Peaks
from aipress.billing.advice.use import DayUsed, beyond, cost_of
from aipress.billing.schemas import AdviceItem, Figure
from aipress.clouds.pricing import PriceSheet

GIB = 2**30
SPARE = Fraction(6, 5)
CENT = Decimal("0.01")
QUIET = 7  # requests a week, one a day: nobody's site
MB = Decimal(2**20)


@dataclass(frozen=True)
class Case:
    """A site that is looked at: its tier, its days, and its busiest week; None where that was not measured."""

    tier: str
    days: Sequence[DayUsed]
    peaks: Peaks | None
    sheet: PriceSheet

    def cost(self, tier: str) -> Decimal:
        return cost_of(self.days, tier, self.sheet)


def advise(case: Case) -> list[AdviceItem]:
    """What would cost less, what saves most first; nothing where the site is as it should be."""
    found = [*_another_size(case), *_nobody_comes(case)]
    if not any(item.tier for item in found):
        found += _beyond_its_size(case)
    return sorted(found, key=lambda item: (-item.saving, item.kind))


def best_tier(case: Case) -> str:
    """The cheapest tier that holds it, and of those that cost the same the one it has, or else the largest. The largest where none
    does."""
    tiers = list(case.sheet.tiers)
    fitting = [tier for tier in tiers if fits(case, tier)] or tiers[-1:]
    return min(fitting, key=lambda tier: (case.cost(tier), tier != case.tier, -tiers.index(tier)))


def fits(case: Case, tier: str) -> bool:
    """Whether this tier holds the busiest time with a fifth to spare. Unmeasured, only what is at least as large is known to."""
    if case.peaks is None:
        tiers = list(case.sheet.tiers)
        return tiers.index(tier) >= tiers.index(case.tier)
    holds = Fraction(case.sheet.tiers[tier].includes["memory"]) * GIB
    at_once = case.sheet.rooms[tier].children
    return case.peaks.memory_bytes * SPARE <= holds and case.peaks.at_once * SPARE <= at_once


def _another_size(case: Case) -> Iterator[AdviceItem]:
    best = best_tier(case)
    saving = case.cost(case.tier) - case.cost(best)
    is_small = not fits(case, case.tier)
    if best != case.tier and (is_small or saving >= CENT):
        yield AdviceItem(
            kind="too_small" if is_small else "another_size",
            tier=best,
            saving=saving,
            currency=case.sheet.currency,
            text=_of_size(case, best, is_small),
            figures=[*_costs(case, best), *_peaks(case, best)],
        )


def _nobody_comes(case: Case) -> Iterator[AdviceItem]:
    cost = case.cost(case.tier)
    if case.peaks and case.peaks.requests < QUIET and cost >= CENT:
        yield AdviceItem(
            kind="idle",
            tier=None,
            saving=cost,
            currency=case.sheet.currency,
            text="Hardly anybody visits this site. Without it, all of its cost would be saved; deleting can't be undone.",
            figures=[*_costs(case, case.tier), *_peaks(case, case.tier)],
        )


def _beyond_its_size(case: Case) -> Iterator[AdviceItem]:
    for meter, cost in beyond(case.days, case.tier, case.sheet).items():
        if cost >= CENT:
            price, tier = case.sheet.usage[meter], case.sheet.tiers[case.tier]
            used = sum((used.units[meter] for used in case.days), Decimal(0))
            yield AdviceItem(
                kind="beyond_included",
                tier=None,
                saving=cost,
                currency=case.sheet.currency,
                text=f"{price.sku}: more is used than comes with the size, and what is beyond costs extra.",
                figures=[
                    Figure(name="beyond what is included", value=cost, unit=_per_month(case), source="bill"),
                    Figure(name=f"used in {len(case.days)} days", value=used, unit=price.unit, source="bill"),
                    Figure(
                        name="included", value=tier.includes[meter], unit=_included(meter), source="prices"
                    ),
                ],
            )


def _of_size(case: Case, best: str, is_small: bool) -> str:
    if is_small:
        return f"At its busiest the site needs more than {case.tier} gives; {best} holds it."
    sheet = list(case.sheet.tiers)
    if sheet.index(best) > sheet.index(case.tier):
        return f"What the site uses beyond {case.tier} costs more than {best}, which includes it."
    return f"{best} holds what the site needs at its busiest, with a fifth to spare."


def _costs(case: Case, best: str) -> list[Figure]:
    """What these days cost, scaled to a month, as it is and as it would be."""
    told = [
        Figure(name="days looked at", value=Decimal(len(case.days)), unit="days", source="bill"),
        Figure(
            name=f"a month on {case.tier}", value=case.cost(case.tier), unit=_per_month(case), source="bill"
        ),
    ]
    if best != case.tier:
        would = Figure(
            name=f"a month on {best}", value=case.cost(best), unit=_per_month(case), source="prices"
        )
        told.append(would)
    return told


def _peaks(case: Case, best: str) -> list[Figure]:
    """The busiest time of the week, beside what the size holds."""
    if case.peaks is None:
        return []
    room, holds = case.sheet.rooms[best], case.sheet.tiers[best].includes["memory"] * GIB / MB
    at_once = Decimal(round(case.peaks.at_once * 100)) / 100
    told = (
        ("requests in a week", Decimal(case.peaks.requests), "requests", "metrics"),
        ("most memory", round(case.peaks.memory_bytes / MB, 1), "MB", "metrics"),
        (f"memory of {best}", holds, "MB", "prices"),
        ("most requests at once", at_once, "requests", "metrics"),
        (f"requests at once on {best}", Decimal(room.children), "requests", "prices"),
        ("times it would wake up in a week", Decimal(case.peaks.wakes), "times", "metrics"),
    )
    sleeps = room.min_instances == 0
    return [
        Figure(name=name, value=value, unit=unit, source=source)
        for name, value, unit, source in told[: 6 if sleeps else 5]
    ]


def _per_month(case: Case) -> str:
    return f"{case.sheet.currency} a month"


def _included(meter: str) -> str:
    return {"memory": "gibibyte at any time", "cpu": "hours a month"}.get(meter, "gibibyte")
