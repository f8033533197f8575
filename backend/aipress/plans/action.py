"""What an action is: what it is told, how much it can hurt, who may, how it is said, undone and priced. The registry has them all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Literal

from aipress.plans import arguments as told
from aipress.plans.arguments import FREE_TIER, Arguments

Role = Literal["tenant", "admin"]
PriceList = Mapping[str, Decimal]
Pricing = Literal["free"] | Callable[[Arguments, PriceList], Decimal]
EVERYONE: frozenset[Role] = frozenset(("tenant", "admin"))


class Tier(IntEnum):
    """How much an action can hurt. From COSTLY up, an agent only ever proposes a plan; a person confirms it."""

    READ = 0
    REVERSIBLE = 1
    COSTLY = 2
    DESTRUCTIVE = 3


@dataclass(frozen=True)
class Action:
    """One thing that can be asked for, on any surface.

    `verb` is that of `./aipress` where there is one. `repeatable`: saying it twice is saying it once. `reaches_out`: it has to do
    with machines that are neither ours nor the site's, such as name servers and wordpress.org.
    """

    id: str
    arguments: type[Arguments]
    tier: Tier
    label: str
    sentence: str
    summary: str
    undone_by: str | None = None
    price: Pricing = "free"
    who: frozenset[Role] = EVERYONE
    verb: str | None = None
    repeatable: bool = False
    reaches_out: bool = False
    built: bool = False

    def tier_for(self, arguments: Arguments) -> Tier:
        """The tier of doing exactly this: a site on a paid tier costs money, one on the free tier does not."""
        if isinstance(arguments, told.NewSite) and arguments.tier not in (None, FREE_TIER):
            return Tier.COSTLY
        return self.tier

    def say(self, arguments: Arguments) -> str:
        """The action as a sentence in the imperative: "Delete the site shop"."""
        return self.sentence.format(**arguments.model_dump())

    def monthly(self, arguments: Arguments, prices: PriceList) -> Decimal:
        """What the site costs a month after this, where `prices` maps tiers to amounts; 0 when this is free."""
        return Decimal(0) if self.price == "free" else self.price(arguments, prices)

    @property
    def tool(self) -> str:
        """Its name as a tool of the assistant and of MCP."""
        return self.id.lower()


def by_tier(arguments: Arguments, prices: PriceList) -> Decimal:
    """What a month of the tier costs that is asked for."""
    return prices[getattr(arguments, "tier", None) or FREE_TIER]
