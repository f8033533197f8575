"""What is shared is split by who used how much of it, so that the parts add up to the whole to the last digit.

Largest remainder: everybody gets their part rounded down to a billionth, and what is left goes, a billionth each, to those who
lost most by that; among equals to the first by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from aipress.clouds.costs import CostLine

Parts = Mapping[str, int]


def split(whole: Decimal, parts: Parts) -> dict[str, Decimal]:
    """The whole, which has nine decimals at most, by parts: whole numbers, not negative, and not all 0."""
    nanos, total = int(whole.scaleb(9)), sum(parts.values())
    sign, left = (-1 if nanos < 0 else 1), abs(nanos)
    shares = {name: divmod(left * part, total) for name, part in parts.items()}
    spare = left - sum(share for share, _ in shares.values())
    most_lost = sorted(parts, key=lambda name: (-shares[name][1], name))[:spare]
    return {
        name: Decimal(sign * (share + (name in most_lost))).scaleb(-9) for name, (share, _) in shares.items()
    }


def shared_out(line: CostLine, parts: Parts) -> Iterator[CostLine]:
    """The line as everybody's part of it; as it is, nobody's, where nobody used any."""
    weights = {tenant: part for tenant, part in parts.items() if part > 0}
    if not weights:
        yield line
        return
    cost, credits, amount = (split(one, weights) for one in (line.cost, line.credits, line.amount))
    for tenant in sorted(weights):
        yield replace(line, tenant=tenant, cost=cost[tenant], credits=credits[tenant], amount=amount[tenant])
