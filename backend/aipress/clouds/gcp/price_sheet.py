"""What tiers and units cost on Google Cloud, from the list prices: of a tier what is paid whether anybody comes or not, of units the rest."""

from decimal import Decimal
from fractions import Fraction

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import prices
from aipress.clouds.gcp.environments import wanted
from aipress.clouds.gcp.planning import supposed_place, with_own_instance
from aipress.clouds.gcp.prices import Load, Sheet
from aipress.clouds.gcp.sizes import SIZES, size_for
from aipress.clouds.options import DEFAULTS, Options
from aipress.clouds.pricing import Price, PriceSheet, Room, TierPrice, exact

HOUR = 3600  # of a second, for prices by the second
NOTHING = Load(requests=0, seconds=Fraction(0), files_gib=Fraction(0), database_gib=Fraction(0))
ROOM = {"basic": ("5", "1"), "standard": ("20", "4"), "performance": ("50", "10")}
"""GiB of files and of a database that a tier has room for, as everywhere. They are paid for all the same."""
CENT = Decimal("0.01")


def price_sheet(sheet: Sheet | None = None) -> PriceSheet:
    """By Google's list; what is really paid is on the bill."""
    known = sheet or prices.read()
    return PriceSheet(
        name=f"Google's list prices of {known.read:%Y-%m-%d}",
        currency=known.currency,
        tiers={tier: _tier(tier, known) for tier in SIZES},
        usage={
            "disk": _unit(known, "files", 1, "gibibyte month"),
            "database": _unit(
                known, "database", 2 if known.instance.highly_available else 1, "gibibyte month"
            ),
            "memory": _unit(known, "memory", HOUR, "gibibyte hour"),
            "cpu": _unit(known, "cpu", HOUR, "hour"),
        },
        machine=Decimal(0),
        rooms={
            tier: Room(one.children * one.max_instances, one.min_instances) for tier, one in SIZES.items()
        },
    )


def surcharge(tier: str, options: Options) -> Decimal:
    """What these options cost a month beside their tier, if nobody comes; less than nothing where they save."""
    known = prices.read()
    return (_kept(tier, options, known) - _kept(tier, DEFAULTS, known)).quantize(CENT)


def _kept(tier: str, options: Options, sheet: Sheet) -> Decimal:
    nobodys = EnvironmentSpec("0" * 12, 0, "nobody", "site", tier=tier, options=options)
    place = with_own_instance(nobodys, supposed_place("p", "r", "d"))
    resources = wanted(nobodys, place).all
    return prices.total(prices.monthly(resources, size_for(nobodys).connections, NOTHING, sheet))


def _tier(tier: str, sheet: Sheet) -> TierPrice:
    """A month in which nobody comes: its part of the shared instance, its secrets, instances kept awake."""
    disk, database = ROOM[tier]
    memory = exact(Fraction(SIZES[tier].memory_mb, 1024))
    includes = {"disk": Decimal(disk), "database": Decimal(database), "memory": memory, "cpu": Decimal(0)}
    return TierPrice(_kept(tier, DEFAULTS, sheet).quantize(CENT), includes)


def _unit(sheet: Sheet, name: str, times: int, unit: str) -> Price:
    told = sheet.prices[name]
    return Price(told.service, told.sku, unit, told.amount * times)
