"""What can be chosen for a site beside its tier, and what of it a cloud has."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Options:
    """What was chosen for a site beside its tier. Nothing chosen, a number is the tier's, and a region the cloud's to choose.

    `media`: whether uploads are written to the disk WordPress sees, or to the bucket by signed URLs. `database`: one that many sites
    share, or an instance of its own, with so many `replicas` to read from and `pooling` of connections.
    """

    region: str = ""
    min_instances: int | None = None
    max_instances: int | None = None
    concurrency: int | None = None
    media: Literal["disk", "bucket"] = "disk"
    database: Literal["shared", "own"] = "shared"
    replicas: int = 0
    pooling: bool = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Those that differ from the default, as a row keeps them."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) != one.default}


DEFAULTS = Options()


@dataclass(frozen=True)
class Number:
    """A number that may be chosen, from `least` to `most`; `usual` is what it is where nobody chooses."""

    least: int
    most: int
    usual: int


@dataclass(frozen=True)
class Offered:
    """What may be chosen for a site of one tier on one cloud. A number that is None is not there at all; of values the first is usual.

    `replicas`, `pooling` and the rest of what a database can be need an instance of its own.
    """

    regions: tuple[str, ...] = ()
    min_instances: Number | None = None
    max_instances: Number | None = None
    concurrency: Number | None = None
    media: tuple[str, ...] = ("disk",)
    database: tuple[str, ...] = ("shared",)
    replicas: Number | None = None
    pooling: tuple[bool, ...] = (False,)

    def refusals(self, options: Options, cloud: str) -> dict[str, str]:
        """Why each of these can't be chosen there, in a sentence; empty where all can."""
        found: dict[str, str] = {}
        for name, value in options.chosen.items():
            if why := self._refusal(name, value, cloud):
                found[name] = why
        if not found and (why := self._together(options)):
            found["min_instances"] = why
        if not found and options.database != "own" and (options.replicas or options.pooling):
            name = "replicas" if options.replicas else "pooling"
            found[name] = (
                f"{WORDS[name].capitalize()} need a database instance of the site's own: choose that too."
            )
        return found

    def _refusal(self, name: str, value: Any, cloud: str) -> str:
        there = self.regions if name == "region" else getattr(self, name)
        if isinstance(there, Number):
            if there.least <= value <= there.most:
                return ""
            return f"{WORDS[name].capitalize()} can be {there.least} to {there.most} here, and not {value}."
        if there and value in there:
            return ""
        if name == "region" and there:
            return f"There is no region “{value}” here; there is {', '.join(self.regions)}."
        return f"The cloud “{cloud}” has no choice of {WORDS[name]}; leave it out, or choose another cloud."

    def _together(self, options: Options) -> str:
        if self.min_instances is None or self.max_instances is None:
            return ""
        least, most = options.min_instances, options.max_instances
        least = self.min_instances.usual if least is None else least
        most = self.max_instances.usual if most is None else most
        return f"{least} instances can't stay awake where there are {most} at most." if least > most else ""


WORDS = {
    "region": "regions",
    "min_instances": "instances that stay awake",
    "max_instances": "the most instances",
    "concurrency": "requests at once for an instance",
    "media": "where media are kept",
    "database": "databases",
    "replicas": "replicas to read from",
    "pooling": "pooled connections",
}


class Choices(Protocol):
    """What a cloud lets one choose for its sites."""

    def offered(self, tier: str) -> Offered:
        """For a site of this tier."""

    def surcharge(self, tier: str, options: Options) -> Decimal:
        """What these cost a month beside the tier, in the currency of its price sheet; less than nothing where they save."""
