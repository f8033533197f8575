"""Which project's region, and which shared Cloud SQL instance there, a new environment comes to: the first with room for it.

Limits: Cloud Run has 1,000 services in a project's region and raises that for nobody (https://cloud.google.com/run/quotas). Cloud SQL's
agreement ends at 50,000 tables in an instance, and its recommender warns at four fifths. An instance has `max_connections`, and an
environment may hold one for each PHP worker of each instance it may have. We stop earlier, so that what is under way still fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aipress.clouds.gcp.sizes import size_of
from aipress.errors import NoRoom

MOST_SERVICES, FULL_SERVICES = 1000, 950
MOST_TABLES, FULL_TABLES = 50_000, 40_000
TABLES = 100  # of an environment: WordPress's 12, and what its plugins add
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

    def has_room(self, tier: str) -> bool:
        """Whether one more environment of this tier stays within both limits."""
        held = self.connections + size_of(tier).connections
        return self.tables + TABLES <= FULL_TABLES and held <= self.usable_connections


@dataclass(frozen=True)
class Shard:
    """A project's region: how many services are there, and its instances."""

    project: str
    region: str
    services: int = 0
    instances: tuple[SqlInstance, ...] = ()

    def instance_for(self, tier: str) -> str:
        """The first instance with room; '' where none has, or there is no room for a service."""
        if self.services >= FULL_SERVICES:
            return ""
        return next((one.name for one in self.instances if one.has_room(tier)), "")


@dataclass(frozen=True)
class Placement:
    """Where an environment is; kept with it for ever."""

    project: str
    region: str
    instance: str


def place(shards: Sequence[Shard], tier: str, region: str = "") -> Placement:
    """The first shard with room, of this region where one is asked for. Raises NoRoom, saying what is full where."""
    asked = [one for one in shards if region in ("", one.region)]
    for shard in asked:
        if instance := shard.instance_for(tier):
            return Placement(shard.project, shard.region, instance)
    told = " ".join(_why_full(shard) for shard in asked) or f"There is no shard in {region or 'any region'}."
    raise NoRoom(f"{told} Nothing was made; add a project, a region or a Cloud SQL instance, and ask again.")


def with_one_more(shard: Shard, instance: str, tier: str) -> Shard:
    """The shard once an environment of this tier was placed on that instance."""
    return _changed(shard, instance, 1, TABLES, size_of(tier).connections)


def with_one_less(shard: Shard, instance: str, tier: str, tables: int = TABLES) -> Shard:
    """The shard once such an environment, of so many tables, was removed."""
    return _changed(shard, instance, -1, -tables, -size_of(tier).connections)


def _changed(shard: Shard, instance: str, services: int, tables: int, connections: int) -> Shard:
    instances = tuple(
        replace(one, tables=one.tables + tables, connections=one.connections + connections)
        if one.name == instance
        else one
        for one in shard.instances
    )
    return replace(shard, services=shard.services + services, instances=instances)


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
