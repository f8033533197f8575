"""What so and so many sites need on Google Cloud: found by placing each of them, one after another, as the product would.

A shard is a project's region, and a project of its own: service accounts, writes of secrets and purges are limited by project. Where
a shard has no database with room it gets another instance; where it is full of services, another project is begun.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import cycle, islice
from math import ceil

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import environments, planning, prices, purges, quotas, shards
from aipress.clouds.gcp.shards import FULL_SERVICES, Candidates, Placement, Shard, SqlInstance, with_one_more
from aipress.clouds.gcp.sizes import size_of
from aipress.clouds.pricing import exact
from aipress.errors import NoRoom

MIX = (*("basic",) * 5, "standard") * 3 + ("basic", "performance")
"""Of twenty sites sixteen are basic, three standard, one performance: supposed, nobody counted."""
ADDRESSES = 2  # a running instance holds in its subnetwork, while a rollout doubles them


@dataclass
class Fleet:
    """All shards as they fill. `room_for`: the most sites there will be."""

    room_for: int
    shards: list[Shard] = field(init=False)
    tiers: Counter[str] = field(default_factory=Counter)
    current: int = 0

    def __post_init__(self) -> None:
        count = ceil(self.room_for / FULL_SERVICES) + 1
        self.shards = [Shard(f"sites-{number:04}", "region") for number in range(count)]
        self.candidates = Candidates([one.region for one in self.shards])

    def add(self, tier: str) -> Placement:
        """One more site; where there is no room for it, room is made first."""
        try:
            where = shards.place(self.shards, size_of(tier).connections, candidates=self.candidates)
        except NoRoom:
            self._grow()
            return self.add(tier)
        number = int(where.project.rpartition("-")[2])
        self.shards[number] = with_one_more(self.shards[number], where.instance, size_of(tier).connections)
        self.tiers[tier] += 1
        return where

    @property
    def used(self) -> list[Shard]:
        """The shards with somebody in them."""
        return [one for one in self.shards if one.services]

    def _grow(self) -> None:
        if self.shards[self.current].services >= FULL_SERVICES:
            self.current += 1
        shard = self.shards[self.current]
        another = SqlInstance(f"pool-{len(shard.instances) + 1}")
        self.shards[self.current] = replace(shard, instances=(*shard.instances, another))
        self.candidates.has_room_again(self.current)


@dataclass(frozen=True)
class Needed:
    """What a number of sites needs. Numbers of the fullest shard and instance are beside those of all."""

    sites: int
    projects: int
    sql_instances: int
    fullest_services: int
    fullest_tables: int
    fullest_connections: int
    service_accounts_of_a_project: int
    secrets: int
    addresses_of_a_subnetwork: int
    minutes_to_make: int
    minutes_to_purge: int
    sites_cost: Decimal
    sql_cost: Decimal

    @property
    def subnetwork(self) -> str:
        """The smallest that has as many, beside the four Google keeps."""
        return f"/{32 - (self.addresses_of_a_subnetwork + 3).bit_length()}"

    @property
    def cost(self) -> Decimal:
        """A month of all of it."""
        return self.sites_cost + self.sql_cost


def fleet_of(sites: int) -> Fleet:
    """So many sites, placed in the order they come."""
    fleet = Fleet(sites)
    for tier in islice(cycle(MIX), sites):
        fleet.add(tier)
    return fleet


def needed(sites: int) -> Needed:
    """Everything counted after placing them all."""
    fleet = fleet_of(sites)
    instances = [one for shard in fleet.shards for one in shard.instances]
    largest = max(shard.services for shard in fleet.shards)
    secrets, a_minute = _of_a_site()
    return Needed(
        sites=sites,
        projects=len(fleet.used),
        sql_instances=len(instances),
        fullest_services=largest,
        fullest_tables=max(one.tables for one in instances),
        fullest_connections=max(one.connections for one in instances),
        service_accounts_of_a_project=largest,
        secrets=secrets * sites,
        addresses_of_a_subnetwork=addresses(min(sites, FULL_SERVICES)),
        minutes_to_make=ceil(largest / a_minute),
        minutes_to_purge=ceil(largest / purges.A_MINUTE),
        sites_cost=sum((count * own_cost(tier) for tier, count in fleet.tiers.items()), Decimal(0)),
        sql_cost=len(instances) * cost_of_instance(),
    )


def own_cost(tier: str) -> Decimal:
    """What a site of this tier costs a month by itself: its plan without its share of an instance, which is counted whole."""
    plan = planning.plan_of(_site(tier), planning.supposed_place("p", "r", "example.com"), prices.Load())
    shared = {plan.sheet.prices["sql_cpu"], plan.sheet.prices["sql_memory"]}
    return prices.total([line for line in plan.lines if line.price not in shared])


def cost_of_instance() -> Decimal:
    """A shared instance's month, twice where it is highly available."""
    sheet = prices.read()
    hours = prices.HOURS * (2 if sheet.instance.highly_available else 1)
    cpu = Fraction(sheet.prices["sql_cpu"].amount) * sheet.instance.vcpus
    memory = Fraction(sheet.prices["sql_memory"].amount) * sheet.instance.memory_gib
    return exact(hours * (cpu + memory))


def to_raise(found: Needed) -> Iterator[str]:
    """Which of Google's limits have to be raised in each project before it is full, and to what."""
    for one in quotas.CEILINGS:
        if one.what == "service accounts" and found.service_accounts_of_a_project > one.most:
            yield f"{one.what} of a {one.scope}: from {one.most} to {found.service_accounts_of_a_project}"
    if found.projects > 1:
        yield f"projects of the billing account and the organisation: {found.projects}"


def addresses(sites: int) -> int:
    """How many a subnetwork needs for so many sites, all awake, while a rollout goes on."""
    return ADDRESSES * sum(size_of(tier).max_instances for tier in islice(cycle(MIX), sites))


def _of_a_site() -> tuple[int, Fraction]:
    """Its secrets, and how many sites like it a project makes in a minute."""
    resources = environments.wanted(_site("basic"), planning.supposed_place("p", "r", "example.com")).all
    return sum(one.kind == "secret" for one in resources), quotas.slowest(resources)[1]


def _site(tier: str) -> EnvironmentSpec:
    return EnvironmentSpec("0" * 12, 1, "tenant", "site", tier=tier)
