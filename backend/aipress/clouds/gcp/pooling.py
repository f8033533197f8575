"""Whether a pool of connections would be worth it: what sites may hold, what they hold at once, and what fits a shared instance.

`python -m aipress.clouds.gcp.pooling` prints the table of docs/databases.md. An instance's connections are shared out by what sites could hold at
worst; what they do hold follows from their requests (Little's law), and how many at once, at a moment in a million, from Poisson's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, exp

from aipress.clouds.gcp import prices
from aipress.clouds.gcp.scale import MIX, cost_of_instance
from aipress.clouds.gcp.shards import FULL_TABLES, KEPT_BACK, TABLES, SqlInstance
from aipress.clouds.gcp.sizes import SIZES
from aipress.clouds.pricing import exact

MIXED = "the mix"
PEAK = 20  # times as many requests in the busiest minutes of a month as on average: supposed
SELDOM = 1e-6  # of moments more connections are wanted at once than are counted on


@dataclass(frozen=True)
class Held:
    """One kind of site on a shared instance. Costs are a site's part of the instance, a month."""

    name: str
    reserved: Fraction
    by_connections: int
    by_tables: int
    busy: float
    at_once: int
    cost: Decimal
    pooled_cost: Decimal

    @property
    def sites(self) -> int:
        """How many an instance takes today."""
        return min(self.by_connections, self.by_tables)


def held() -> list[Held]:
    """Of each tier, and of the supposed mix of them."""
    tiers = {name: Fraction(size.connections) for name, size in SIZES.items()}
    mixed = sum((tiers[name] for name in MIX), Fraction(0)) / len(MIX)
    return [_held(name, reserved) for name, reserved in {**tiers, MIXED: mixed}.items()]


def enough_connections() -> int:
    """What `max_connections` would have to be for the mix to fill an instance's tables."""
    mixed = held()[-1]
    return ceil(mixed.reserved * mixed.by_tables * 100 / (100 - KEPT_BACK))


def worth() -> Decimal:
    """What a pool that made connections no limit would save a month on each instance of the mix."""
    mixed = held()[-1]
    return (mixed.cost - mixed.pooled_cost) * mixed.by_tables


def most_at_once(mean: float) -> int:
    """How many are busy at most but at a moment in a million, where so many are on average."""
    probability = total = exp(-mean)
    count = 0
    while total < 1 - SELDOM:
        count += 1
        probability *= mean / count
        total += probability
    return count


def table() -> Iterator[str]:
    """The lines of the document's table."""
    found = held()
    yield f"| a shared instance of {SqlInstance('').max_connections:,} connections | {' | '.join(one.name for one in found)} |"
    yield f"|---{'|---' * len(found)}|"
    for label, cells in _rows(found).items():
        yield f"| {label} | {' | '.join(cells)} |"


def _rows(found: list[Held]) -> Mapping[str, list[str]]:
    return {
        "connections kept for a site: PHP workers × instances": [f"{float(one.reserved):g}" for one in found],
        "sites it has connections for": [f"{one.by_connections:,}" for one in found],
        "sites it has tables for": [f"{one.by_tables:,}" for one in found],
        f"busy connections of a site in its busiest minutes ({PEAK} × the average)": [
            f"{one.busy:.3f}" for one in found
        ],
        "busy at once of all its sites, but at a moment in a million": [f"{one.at_once:,}" for one in found],
        "a site's part of it, a month (USD)": [f"{one.cost:.2f}" for one in found],
        "the same if connections were no limit": [f"{one.pooled_cost:.2f}" for one in found],
    }


def _held(name: str, reserved: Fraction) -> Held:
    by_connections = int(SqlInstance("").usable_connections / reserved)
    by_tables = FULL_TABLES // TABLES
    sites, load = min(by_connections, by_tables), prices.Load()
    busy = float(load.requests * load.seconds * PEAK / (prices.HOURS * 3600))
    cost = Fraction(cost_of_instance())
    return Held(
        name,
        reserved,
        by_connections,
        by_tables,
        busy,
        most_at_once(busy * sites),
        exact(cost / sites),
        exact(cost / by_tables),
    )


if __name__ == "__main__":
    print("\n".join(table()))  # noqa: T201
