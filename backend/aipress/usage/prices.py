"""What models cost: the file of prices, each from a day on and with its source. A model that is not in it has no known price."""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("prices.toml")
MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Tokens:
    """Of one model; `cached` are those of the input that the provider had kept."""

    input: int
    cached: int
    output: int


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens, from a day on, as these engines sell the model."""

    engines: frozenset[str]
    since: date
    input: Decimal
    cached: Decimal
    output: Decimal
    source: str

    def of(self, used: Tokens) -> Decimal:
        """What so many tokens cost."""
        fresh = max(0, used.input - used.cached)
        sums = fresh * self.input, used.cached * self.cached, used.output * self.output
        return sum(sums, Decimal(0)) / MILLION


def cost_of(engine: str, model: str, day: date, used: Tokens) -> Decimal | None:
    """What they cost on that day; None when nobody wrote down what this engine takes for the model."""
    known = [one for one in price_list().get(model, ()) if engine in one.engines and one.since <= day]
    return max(known, key=lambda one: one.since).of(used) if known else None


@cache
def price_list() -> dict[str, list[Price]]:
    """Every price there is, by model."""
    told = tomllib.loads(FILE.read_text())
    return {model: [_price(one) for one in prices] for model, prices in told.items()}


def _price(told: dict[str, Any]) -> Price:
    amounts = {kind: Decimal(told[kind]) for kind in ("input", "cached", "output")}
    return Price(frozenset(told["engines"]), told["since"], source=told["source"], **amounts)
