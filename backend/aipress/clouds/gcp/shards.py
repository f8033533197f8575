"""Which project's region, and which shared Cloud SQL instance there, a new environment comes to: the first with room for it.

Limits: Cloud Run has 1,000 services in a project's region and raises that for nobody (https://cloud.google.com/run/quotas). Cloud SQL's
agreement ends at 50,000 tables in an instance, and its recommender warns at four fifths. An instance has `max_connections`, and an
environment may hold one for each PHP worker of each instance it may have. We stop earlier, so that what is under way still fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from aipress.errors import NoRoom

MOST_SERVICES, FULL_SERVICES = 1000, 950
MOST_TABLES, FULL_TABLES = 50_000, 40_000
TABLES = 100  # of an environment: WordPress's 12, and what its plugins add
MOST_TOLD = 3  # full shards that are told of one by one
KEPT_BACK = 10  # percent of connections, for exports, repairs and the control plane itself


@dataclass(frozen=True)
class SqlInstance:
    """A shared instance. `tables` counts what was measured, and TABLES for each environment that was not yet."""

    name: str
    max_connections: int = 4000
    tables: int = 0
    connections: int = 0

    @property
    def usable_connections(self) -> int:
        """What environments may hold together."""
        return self.max_connections * (100 - KEPT_BACK) // 100

    def has_room(self, connections: int) -> bool:
        """Whether one more environment that may hold so many connections stays within both limits."""
        held = self.connections + connections
        return self.tables + TABLES <= FULL_TABLES and held <= self.usable_connections


@dataclass(frozen=True)
class Shard:
    """A project's region: how many services are there, and its instances."""

    project: str
    region: str
    services: int = 0
    instances: tuple[SqlInstance, ...] = ()

    def instance_for(self, connections: int) -> str:
        """The first instance with room; '' where none has, or there is no room for a service."""
        if self.services >= FULL_SERVICES:
            return ""
        return next((one.name for one in self.instances if one.has_room(connections)), "")


@dataclass(frozen=True)
class Placement:
    """Where an environment is; kept with it for ever."""

    project: str
    region: str
    instance: str


class Candidates:
    """Which shards are worth looking at, by connections and region: one that was full is looked at again once somebody left it.

    So to place one environment costs the same with three shards as with a thousand, and whoever asks of rows reads few of them.
    """

    def __init__(self, regions: Sequence[str]) -> None:
        self._regions = tuple(regions)
        self._open: dict[tuple[int, str], _Open] = {}

    def first(self, connections: int, region: str = "") -> int | None:
        """The number of the first shard that may have room; None where all are full."""
        found = self._of(connections, region).in_order
        return found[0] if found else None

    def is_full(self, shard: int, connections: int, region: str = "") -> None:
        """That was the first, and has none. Said of another, since somebody else said it meanwhile, it is nothing."""
        found = self._of(connections, region)
        if found.in_order[:1] == [shard]:
            found.known.remove(heappop(found.in_order))

    def has_room_again(self, shard: int) -> None:
        """Somebody left it."""
        for (_, region), found in self._open.items():
            if region in ("", self._regions[shard]) and shard not in found.known:
                found.known.add(shard)
                heappush(found.in_order, shard)

    def _of(self, connections: int, region: str) -> "_Open":
        key = (connections, region)
        if key not in self._open:
            asked = [at for at, one in enumerate(self._regions) if region in ("", one)]
            self._open[key] = _Open(asked, set(asked))
        return self._open[key]


@dataclass(frozen=True)
class _Open:
    """Shards by number: the heap's first is the smallest, and which are in it."""

    in_order: list[int]
    known: set[int]


def place(
    shards: Sequence[Shard], connections: int, region: str = "", candidates: Candidates | None = None
) -> Placement:
    """The first shard with room, of this region where one is asked for. Raises NoRoom, saying what is full where."""
    candidates = candidates or Candidates([one.region for one in shards])
    while (at := candidates.first(connections, region)) is not None:
        shard = shards[at]
        if instance := shard.instance_for(connections):
            return Placement(shard.project, shard.region, instance)
        candidates.is_full(at, connections, region)
    raise NoRoom(
        f"{_all_full(shards, region)} Nothing was made; add a project, a region or a Cloud SQL instance, and ask again."
    )


def place_alone(shards: Sequence[Shard], instance: str, region: str = "") -> Placement:
    """The first shard with room for a service, and there an instance of this name that nobody shares. Raises NoRoom."""
    for shard in shards:
        if region in ("", shard.region) and shard.services < FULL_SERVICES:
            return Placement(shard.project, shard.region, instance)
    raise NoRoom(f"{_all_full(shards, region)} Nothing was made; add a project or a region, and ask again.")


def with_one_more(shard: Shard, instance: str, connections: int) -> Shard:
    """The shard once an environment of so many connections was placed on that instance."""
    return _changed(shard, instance, 1, TABLES, connections)


def with_one_less(shard: Shard, instance: str, connections: int, tables: int = TABLES) -> Shard:
    """The shard once such an environment, of so many tables, was removed."""
    return _changed(shard, instance, -1, -tables, -connections)


def _changed(shard: Shard, instance: str, services: int, tables: int, connections: int) -> Shard:
    instances = tuple(
        replace(one, tables=one.tables + tables, connections=one.connections + connections)
        if one.name == instance
        else one
        for one in shard.instances
    )
    return replace(shard, services=shard.services + services, instances=instances)


def _all_full(shards: Sequence[Shard], region: str) -> str:
    asked = [one for one in shards if region in ("", one.region)]
    more = f" {len(asked) - MOST_TOLD} more are full too." if len(asked) > MOST_TOLD else ""
    told = " ".join(_why_full(shard) for shard in asked[-MOST_TOLD:])
    return f"{told}{more}" if told else f"There is no shard in {region or 'any region'}."


def _why_full(shard: Shard) -> str:
    where = f"{shard.project} in {shard.region}"
    if shard.services >= FULL_SERVICES:
        return f"{where} has {shard.services} services, and {FULL_SERVICES} is where we stop."
    if not shard.instances:
        return f"{where} has no Cloud SQL instance."
    told = "; ".join(
        f"{one.name} with {one.tables} of {FULL_TABLES} tables and {one.connections} of {one.usable_connections} connections"
        for one in shard.instances
    )
    return f"{where} has room for services, but for no database: {told}."
