"""What an environment's resources would cost a month, by Google's list prices: counted from the very requests that would be sent."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal

from aipress.clouds.gcp import sql_instances
from aipress.clouds.gcp.resources import Resource, Unbuildable, at
from aipress.clouds.gcp.shards import FULL_TABLES, TABLES, SqlInstance
from aipress.clouds.pricing import exact

SHEET = Path(__file__).with_name("list_prices.toml")
HOURS = 730  # of a month, as Google counts it
LEFT_OUT = (
    "traffic to visitors and the load balancer",
    "operations on the bucket",
    "the shared Valkey",
    "lines beyond Logging's free quota",
    "backups",
)


@dataclass(frozen=True)
class ListPrice:
    """One unit of something. `seen`: whether the price was read on a page, or has to be looked up yet."""

    service: str
    sku: str
    unit: str
    amount: Decimal
    source: str
    seen: Literal["page", "unseen"]


@dataclass(frozen=True)
class SharedInstance:
    """The Cloud SQL instance of which an environment takes a share."""

    vcpus: int
    memory_gib: int
    max_connections: int
    highly_available: bool

    def share(self, connections: int) -> Fraction:
        """The part of it that is gone for others: of its tables or its connections, whichever runs out first."""
        usable = SqlInstance("", self.max_connections).usable_connections
        return max(Fraction(TABLES, FULL_TABLES), Fraction(connections, usable))


@dataclass(frozen=True)
class Sheet:
    """All prices by what they are for, and the day they were read."""

    read: date
    currency: str
    prices: dict[str, ListPrice]
    instance: SharedInstance


@dataclass(frozen=True)
class Load:
    """What is assumed of a month: requests that reach WordPress one after another, how long each takes, and what is kept."""

    requests: int = 10_000
    seconds: Fraction = Fraction(3, 10)
    files_gib: Fraction = Fraction(1)
    database_gib: Fraction = Fraction(1, 10)


@dataclass(frozen=True)
class Line:
    """An amount of one thing in a month, and what it costs."""

    price: ListPrice
    amount: Fraction

    @property
    def cost(self) -> Decimal:
        """To a billionth."""
        return exact(self.amount * Fraction(self.price.amount))


def read(path: Path = SHEET) -> Sheet:
    """The sheet in this file. Raises ValueError, saying where, unless it is whole."""
    told = tomllib.loads(path.read_text())
    try:
        return Sheet(
            told["read"],
            told["currency"],
            {name: _price(one) for name, one in told["price"].items()},
            SharedInstance(**told["instance"]),
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        raise ValueError(f"{path} is not a whole price sheet: {type(error).__name__} at {error}.") from error


def monthly(resources: Sequence[Resource], connections: int, load: Load, sheet: Sheet) -> list[Line]:
    """A month of these resources, and of so many connections to a shared database, under that load. Nothing for what Google charges nothing for, such as accounts and grants."""
    kinds = Counter(one.kind for one in resources)
    amounts: dict[str, Fraction] = {}
    for one in resources:
        if one.kind == "Cloud Run service":
            amounts |= _service(one, load)
    amounts["secret"] = Fraction(kinds["secret"])
    amounts["certificate"] = Fraction(kinds["certificate"])
    amounts["files"] = load.files_gib * kinds["bucket"]
    own = [one for one in resources if one.kind == sql_instances.KIND]
    if own:
        amounts |= _own(own, load)
    else:
        amounts["database"] = load.database_gib * (2 if sheet.instance.highly_available else 1)
        amounts |= _share(connections, sheet.instance)
    return [Line(sheet.prices[name], amount) for name, amount in amounts.items() if amount]


def total(lines: Sequence[Line]) -> Decimal:
    """All of it together."""
    return sum((one.cost for one in lines), Decimal(0))


def in_cents(cost: Decimal) -> str:
    """As people read it; what is less than half a cent is not nothing."""
    cents = cost.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{cents:f}" if cents or not cost else "< 0.01"


def _service(service: Resource, load: Load) -> dict[str, Fraction]:
    """Busy while a request runs; instances kept awake cost less while none does."""
    containers = at(service.body, "template.containers")
    if not isinstance(containers, list):
        raise Unbuildable(f"The service {service.name} has no containers to price.")
    cpu = Fraction(str(at(containers[0], "resources.limits.cpu")))
    memory = Fraction(str(at(containers[0], "resources.limits.memory")).removesuffix("Mi")) / 1024
    busy = load.requests * load.seconds
    awake = Fraction(str(at(service.body, "scaling.minInstanceCount"))) * HOURS * 3600
    idle = max(awake - busy, Fraction(0))
    return {
        "cpu": busy * cpu,
        "memory": busy * memory,
        "requests": Fraction(load.requests, 10**6),
        "idle_cpu": idle * cpu,
        "idle_memory": idle * memory,
    }


def _share(connections: int, instance: SharedInstance) -> dict[str, Fraction]:
    share = instance.share(connections) * HOURS * (2 if instance.highly_available else 1)
    return {"sql_cpu": share * instance.vcpus, "sql_memory": share * instance.memory_gib}


def _own(instances: Sequence[Resource], load: Load) -> dict[str, Fraction]:
    """A site's own instance and its replicas: paid for by the hour, a standby too, and by the disk, which is 10 GiB at least."""
    amounts: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one in instances:
        times = 2 if at(one.body, "settings.availabilityType") == "REGIONAL" else 1
        vcpus, gib = sql_instances.machine_size(str(at(one.body, "settings.tier")))
        edition = "plus" if at(one.body, "settings.edition") == "ENTERPRISE_PLUS" else "own"
        disk = max(load.database_gib, Fraction(str(at(one.body, "settings.dataDiskSizeGb"))))
        amounts[f"{edition}_cpu"] += vcpus * HOURS * times
        amounts[f"{edition}_memory"] += gib * HOURS * times
        amounts["database"] += disk * times
    return amounts


def _price(told: dict[str, str]) -> ListPrice:
    if not isinstance(told["amount"], str):
        raise TypeError(f"{told['sku']}, whose amount is no text")  # TOML's own numbers are floats
    amount = Decimal(told["amount"])
    if not amount.is_finite() or amount <= 0 or told["seen"] not in ("page", "unseen"):
        raise ArithmeticError(told["sku"])
    seen: Literal["page", "unseen"] = "page" if told["seen"] == "page" else "unseen"
    return ListPrice(told["service"], told["sku"], told["unit"], amount, told["source"], seen)
