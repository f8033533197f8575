"""What things cost on a cloud: its price sheet, and the one way a charge is made of it. Everything is exact.

An amount is computed as a fraction and rounded once, half away from zero, to the nine decimals of BigQuery's NUMERIC.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

METERS = ("disk", "database", "memory", "cpu")
NINE = Decimal("0.000000001")
WIDE = Context(prec=60)


@dataclass(frozen=True)
class Price:
    """What one unit of something metered costs."""

    service: str
    sku: str
    unit: str
    price: Decimal


@dataclass(frozen=True)
class TierPrice:
    """What a month of a tier costs, and how many units of each meter that includes (of memory: GiB at any time)."""

    monthly: Decimal
    includes: dict[str, Decimal]

    def included(self, meter: str, months: Fraction, hours: Fraction) -> Fraction:
        """The units that come with the tier for as long as a site was there; memory is used by the hour."""
        return Fraction(self.includes[meter]) * (hours if meter == "memory" else months)


@dataclass(frozen=True)
class Room:
    """How much a tier may do: requests at once, and how many of its instances never sleep."""

    children: int
    min_instances: int


@dataclass(frozen=True)
class PriceSheet:
    """Everything that is priced. `machine` is what a month of this machine costs whoever runs it."""

    name: str
    currency: str
    tiers: dict[str, TierPrice]
    usage: dict[str, Price]
    machine: Decimal
    rooms: dict[str, Room]


def size_sku(tier: str) -> str:
    """What a tier itself is called on a bill."""
    return f"Size {tier}"


def charge(price: Decimal, amount: Fraction, included: Fraction | None) -> tuple[Decimal, Decimal]:
    """What an amount costs, and what of it is taken off again because it is included."""
    cost = exact(amount * Fraction(price))
    off = min(cost, exact(included * Fraction(price))) if included is not None else Decimal(0)
    return cost, off


def exact(amount: Fraction) -> Decimal:
    """The amount to a billionth."""
    scaled = amount * 10**9
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    nanos = whole + (rest * 2 >= scaled.denominator)
    return WIDE.multiply(Decimal(nanos if amount >= 0 else -nanos), NINE).quantize(NINE, ROUND_HALF_UP, WIDE)
