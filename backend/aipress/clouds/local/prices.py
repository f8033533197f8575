"""The price sheet of this machine: what a unit of everything costs here. Amounts are written as text, and stay exact."""

from decimal import Decimal
from pathlib import Path

import yaml

from aipress.clouds.local.runtime import TIERS
from aipress.clouds.pricing import METERS, Price, PriceSheet, Room, TierPrice

SHEET = Path(__file__).with_name("prices.yaml")


def read(path: Path = SHEET) -> PriceSheet:
    """The sheet in this file. Raises ValueError, saying where, unless it is whole."""
    told = yaml.safe_load(path.read_text())
    try:
        return PriceSheet(
            name=str(told["name"]),
            currency=str(told["currency"]),
            tiers={name: _tier(one) for name, one in told["tiers"].items()},
            usage={meter: _price(told["usage"][meter]) for meter in METERS},
            machine=_amount(told["machine"]["monthly"]),
            rooms={name: Room(one.children, one.min_instances) for name, one in TIERS.items()},
        )
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(
            f"{path} is not a whole price sheet: {type(error).__name__} at {error}. "
            "Amounts are quoted, and not negative."
        ) from error


def _tier(told: dict[str, object]) -> TierPrice:
    return TierPrice(_amount(told["monthly"]), {meter: _amount(told[meter]) for meter in METERS})


def _price(told: dict[str, object]) -> Price:
    return Price(str(told["service"]), str(told["sku"]), str(told["unit"]), _amount(told["price"]))


def _amount(told: object) -> Decimal:
    """Text only: YAML's own numbers are floats."""
    if not isinstance(told, str):
        raise TypeError(f"{told!r}")
    amount = Decimal(told)
    if not amount.is_finite() or amount < 0:
        raise ArithmeticError(told)
    return amount
