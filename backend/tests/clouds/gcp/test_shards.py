"""Thousands of environments come and go, and no limit of Google's is ever reached; whoever is refused would not have fitted anywhere."""

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipress.clouds.gcp import shards
from aipress.clouds.gcp.shards import FULL_SERVICES, Placement, Shard, SqlInstance
from aipress.clouds.gcp.sizes import SIZES
from aipress.errors import NoRoom

few = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
TIERS = tuple(SIZES)


def pool(number: int, connections: int = 4000) -> tuple[SqlInstance, ...]:
    return tuple(SqlInstance(f"pool-{one}", connections) for one in range(number))


@dataclass
class Fleet:
    """Who is where, counted apart from what shards say of themselves."""

    shards: list[Shard]
    placed: list[tuple[Placement, str]] = field(default_factory=list)

    def add(self, tier: str) -> None:
        where = shards.place(self.shards, SIZES[tier].connections)
        self.placed.append((where, tier))
        self.put(where, lambda shard: shards.with_one_more(shard, where.instance, SIZES[tier].connections))

    def drop(self, at: int) -> None:
        where, tier = self.placed.pop(at % len(self.placed))
        self.put(where, lambda shard: shards.with_one_less(shard, where.instance, SIZES[tier].connections))

    def put(self, where: Placement, change: object) -> None:
        for at, shard in enumerate(self.shards):
            if (shard.project, shard.region) == (where.project, where.region):
                self.shards[at] = change(shard)  # type: ignore[operator]

    def counted(self) -> tuple[Counter[tuple[str, str]], Counter[Placement], Counter[Placement]]:
        services = Counter((where.project, where.region) for where, _ in self.placed)
        tables: Counter[Placement] = Counter()
        connections: Counter[Placement] = Counter()
        for where, tier in self.placed:
            tables[where] += 100
            connections[where] += SIZES[tier].children * SIZES[tier].max_instances
        return services, tables, connections


@few
@given(seed=st.integers(0, 2**32), wishes=st.integers(1, 4000), leaving=st.floats(0, 0.45))
def test_no_limit_is_ever_passed_and_nobody_is_refused_who_fits(
    seed: int, wishes: int, leaving: float
) -> None:
    random = Random(seed)  # noqa: S311 - a story, no secret
    fleet = Fleet(
        [
            Shard(f"p{n}", f"r{n % 2}", instances=pool(random.randint(1, 3), random.choice((1000, 4000))))
            for n in range(4)
        ]
    )
    for _ in range(wishes):
        if fleet.placed and random.random() < leaving:
            fleet.drop(random.randrange(len(fleet.placed)))
            continue
        tier = random.choices(TIERS, (80, 15, 5))[0]
        try:
            fleet.add(tier)
        except NoRoom:
            assert not any(shard.instance_for(SIZES[tier].connections) for shard in fleet.shards)
    services, tables, connections = fleet.counted()
    assert max(services.values(), default=0) <= 950
    assert max(tables.values(), default=0) <= 40_000
    for shard in fleet.shards:
        assert shard.services == services[shard.project, shard.region]
        for one in shard.instances:
            where = Placement(shard.project, shard.region, one.name)
            assert (one.tables, one.connections) == (tables[where], connections[where])
            assert connections[where] <= one.max_connections * 0.9


def test_pitfall_07_a_region_stops_before_googles_limit() -> None:
    full = Shard("p", "r", FULL_SERVICES, pool(1))
    with pytest.raises(NoRoom, match="950 services, and 950 is where we stop"):
        shards.place([full], SIZES["basic"].connections)
    assert shards.place([full, Shard("q", "r", 0, pool(1))], SIZES["basic"].connections) == Placement(
        "q", "r", "pool-0"
    )
    assert shards.place([replace(full, services=949)], SIZES["basic"].connections).project == "p"


def test_pitfall_08_an_instance_stops_before_fifty_thousand_tables() -> None:
    nearly = SqlInstance("pool-0", tables=39_901)
    with pytest.raises(NoRoom, match="39901 of 40000 tables"):
        shards.place([Shard("p", "r", instances=(nearly,))], SIZES["basic"].connections)
    assert (
        shards.place(
            [Shard("p", "r", instances=(nearly, SqlInstance("pool-1")))], SIZES["basic"].connections
        ).instance
        == "pool-1"
    )
    assert nearly.has_room(SIZES["basic"].connections) is False
    assert replace(nearly, tables=39_900).has_room(SIZES["basic"].connections) is True


def test_a_large_tier_is_refused_where_a_small_one_still_fits() -> None:
    nearly = Shard("p", "r", instances=(SqlInstance("pool-0", connections=3500),))
    assert shards.place([nearly], SIZES["basic"].connections).instance == "pool-0"
    with pytest.raises(NoRoom, match="3500 of 3600 connections"):
        shards.place([nearly], SIZES["performance"].connections)


def test_a_region_that_was_asked_for_is_kept_to() -> None:
    two = [Shard("p", "europe-west1", instances=pool(1)), Shard("p", "us-central1", instances=pool(1))]
    assert shards.place(two, SIZES["basic"].connections, "us-central1").region == "us-central1"
    with pytest.raises(NoRoom, match="no shard in asia-east1"):
        shards.place(two, SIZES["basic"].connections, "asia-east1")
    with pytest.raises(NoRoom, match="no Cloud SQL instance"):
        shards.place([Shard("p", "r")], SIZES["basic"].connections)


def test_ten_thousand_small_sites_fill_eleven_regions() -> None:
    fleet = Fleet([Shard(f"p{n:02}", "r", instances=pool(3)) for n in range(11)])
    for _ in range(10_000):
        fleet.add("basic")
    assert [shard.services for shard in fleet.shards] == [950] * 10 + [500]
    assert max(one.tables for shard in fleet.shards for one in shard.instances) <= 40_000
