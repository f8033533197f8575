"""Environments get places on Google Cloud, one after another however many ask at once, and give them back."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import shards
from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.shards import Placement
from aipress.clouds.options import DEFAULTS, Options
from aipress.errors import CloudBusy, CloudRefused, NoRoom
from aipress.kit.db import Database
from aipress.tenants.placing import PlacementsInRows, _as_full, _counted

REGIONS = ("", "us-central1", "")
BASIC = 6  # connections of a basic environment: three workers, two instances


def platform(*shards: tuple[str, tuple[int, ...]]) -> Platform:
    """Each project with its instances' connections, named pool-1, pool-2, …"""
    return Platform.model_validate(
        {
            "shards": [
                {
                    "project": project,
                    "region": "europe-west1",
                    "domain": f"{project}.example.com",
                    "image": f"images/wordpress@sha256:{'0' * 64}",
                    "network": "sites",
                    "subnetwork": "sites",
                    "cache": {"name": "sites", "address": "10.30.0.5:6379"},
                    "instances": [
                        {"name": f"pool-{number}", "address": "10.20.0.3", "max_connections": most}
                        for number, most in enumerate(connections, 1)
                    ],
                }
                for project, connections in shards
            ]
        }
    )


def environment(
    number: int, tier: str = "basic", slug: str = "", options: Options = DEFAULTS
) -> EnvironmentSpec:
    slug = slug or f"site-{number}"
    return EnvironmentSpec(f"{number:012x}", number, f"ten_{number}", slug, tier=tier, options=options)


async def test_a_place_is_chosen_once_and_kept_for_whoever_looks_later(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (4000,)), ("two", (4000,))))
    chosen = await placements.of(environment(1))
    assert (chosen.service, chosen.tenant, chosen.tier) == ("site-1", "ten_1", "basic")
    assert chosen.placement == Placement("one", "europe-west1", "pool-1")
    later = PlacementsInRows(rows, platform(("new", (4000,)), ("one", (4000,))))
    assert await later.of(environment(1)) == chosen == await later.find(chosen.environment_id)
    assert await later.all() == [chosen]


async def test_a_hundred_at_once_never_overfill_a_shard(rows: Database) -> None:
    """Room for 30 + 30 and for 40 more: everybody finds a place, nothing is over its limit, and the next is refused."""
    full = [-(-most * BASIC * 10 // 9) for most in (30, 30, 40)]
    placements = PlacementsInRows(rows, platform(("one", (full[0], full[1])), ("two", (full[2],))))
    placed = await asyncio.gather(*(placements.of(environment(number)) for number in range(1, 101)))
    counted = Counter((one.placement.project, one.placement.instance) for one in placed)
    assert counted == {("one", "pool-1"): 30, ("one", "pool-2"): 30, ("two", "pool-1"): 40}
    assert len(await placements.all()) == 100
    with pytest.raises(NoRoom, match="room for services, but for no database"):
        await placements.check_room()
    with pytest.raises(NoRoom):
        await placements.of(environment(101))
    assert await placements.find(environment(101).id) is None


async def test_one_that_asks_many_times_at_once_has_one_place(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (4000,))))
    placed = await asyncio.gather(*(placements.of(environment(1)) for _ in range(20)))
    assert set(placed) == {placed[0]}
    assert len(await placements.all()) == 1


async def test_what_is_forgotten_frees_its_room_and_is_nowhere(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (10,))))
    await placements.of(environment(1))
    with pytest.raises(NoRoom):
        await placements.of(environment(2))
    for _ in range(2):
        await placements.forget(environment(1).id)
    assert await placements.find(environment(1).id) is None
    assert (await placements.of(environment(2))).placement.instance == "pool-1"


async def test_a_larger_tier_counts_as_such_where_it_is(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (150,)), ("two", (150,))))
    small = await placements.of(environment(1))
    grown = await placements.of(environment(1, "performance"))
    assert grown == replace(small, tier="performance")
    assert (await placements.of(environment(2, "standard"))).placement.project == "two"


async def test_what_grows_beyond_its_instance_is_refused_and_stays_as_it_was(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (150,)), ("two", (4000,))))
    for number in range(1, 4):
        await placements.of(environment(number))
    with pytest.raises(
        NoRoom, match=r"pool-1 of one .* has 18 of 135 connections given away, and this needs 300 more"
    ):
        await placements.of(environment(1, options=Options(max_instances=102)))
    assert await placements.find(environment(1).id) == await placements.of(environment(1))
    grown = await placements.of(environment(1, options=Options(max_instances=41)))
    assert grown.options == Options(max_instances=41)
    with pytest.raises(NoRoom):
        await placements.of(environment(2, options=Options(max_instances=3)))
    await placements.of(environment(1))
    await placements.of(environment(2, options=Options(max_instances=3)))


async def test_a_place_is_in_the_region_that_was_asked_for(rows: Database) -> None:
    two = platform(("one", (4000,)), ("two", (4000,)))
    far = two.shards[1].model_copy(update={"region": "us-central1"})
    placements = PlacementsInRows(rows, two.model_copy(update={"shards": (two.shards[0], far)}))
    placed = [
        await placements.of(environment(n, options=Options(region=one))) for n, one in enumerate(REGIONS)
    ]
    assert [one.placement.region for one in placed] == ["europe-west1", "us-central1", "europe-west1"]
    with pytest.raises(NoRoom, match="no shard in asia-east1"):
        await placements.of(environment(9, options=Options(region="asia-east1")))
    assert await placements.find(environment(9).id) is None


async def test_a_region_that_is_full_is_named(rows: Database) -> None:
    two = platform(("one", (10,)), ("two", (4000,)))
    far = two.shards[1].model_copy(update={"region": "us-central1"})
    placements = PlacementsInRows(rows, two.model_copy(update={"shards": (two.shards[0], far)}))
    await placements.of(environment(1))
    with pytest.raises(NoRoom, match="one in europe-west1 has room for services, but for no database"):
        await placements.of(environment(2, options=Options(region="europe-west1")))
    assert (await placements.of(environment(2))).placement.project == "two"


async def test_an_address_that_another_one_still_has_is_waited_for(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (4000,))))
    await placements.of(environment(1, slug="bakery"))
    with pytest.raises(CloudBusy, match="free in a moment"):
        await placements.of(environment(2, slug="bakery"))
    await placements.forget(environment(1).id)
    assert (await placements.of(environment(2, slug="bakery"))).service == "bakery"


async def test_a_full_shard_is_full_by_services_too(rows: Database) -> None:
    """Environments on an instance that the platform's file has no more still are services of the project."""
    before = PlacementsInRows(rows, platform(("one", (4000, 4000))))
    placed = [await before.of(environment(number)) for number in (1, 2)]
    after = PlacementsInRows(rows, platform(("one", (4000,))))
    async with rows.reading() as session:
        shard = _as_full(only := platform(("one", (4000,))).shards[0], await _counted(session, only))
    assert (await after.find(environment(1).id), await after.find(environment(2).id)) == tuple(placed)
    assert shard.services == len(placed) == 2
    assert [one.name for one in shard.instances] == ["pool-1"]


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements about placements, as they are said to the database."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "placements" in statement:
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_to_place_one_costs_the_same_with_thirty_full_shards_as_with_one(rows: Database) -> None:
    one = -(-BASIC * 10 // 9)
    placements = PlacementsInRows(rows, platform(*((f"p{number:02}", (one,)) for number in range(40))))
    costs = []
    for number in range(1, 31):
        with counting() as said:
            await placements.of(environment(number))
        costs.append(len(said))
    assert costs[1] == costs[29] <= 6
    assert {len(costs), len(await placements.all())} == {30}
    await placements.forget(environment(3).id)
    with counting() as said:
        chosen = await placements.of(environment(31))
    assert (chosen.placement.project, len(said)) == ("p02", costs[0]), "whoever left made room there"
    afresh = PlacementsInRows(rows, platform(*((f"p{number:02}", (one,)) for number in range(40))))
    with counting() as said:
        await afresh.of(environment(32))
    assert len(said) >= 30, "after a start every full shard is read once"


async def test_room_that_another_process_made_is_found_before_anybody_is_refused(rows: Database) -> None:
    there = platform(("one", (7,)), ("two", (7,)))
    ours, theirs = PlacementsInRows(rows, there), PlacementsInRows(rows, there)
    for number in (1, 2):
        await ours.of(environment(number))
    with pytest.raises(NoRoom):
        await ours.of(environment(3))
    await theirs.forget(environment(1).id)
    assert (await ours.of(environment(3))).placement.project == "one"


async def test_an_instance_of_its_own_takes_no_room_on_a_shared_one(rows: Database) -> None:
    placements = PlacementsInRows(rows, platform(("one", (1,)), ("two", (1,))))
    own = environment(1, options=Options(database="own"))
    with pytest.raises(NoRoom):
        await placements.of(environment(2))
    placed = await placements.of(own)
    assert placed.placement.project == "one"
    assert re.fullmatch(f"w{own.id}-[0-9a-f]{{4}}", placed.placement.instance)
    assert await placements.of(own) == placed
    renamed = await placements.renamed(own.id)
    assert renamed.placement.instance != placed.placement.instance
    assert await PlacementsInRows(rows, platform(("one", (1,)))).find(own.id) == renamed
    with pytest.raises(CloudRefused, match="placed nowhere"):
        await placements.renamed(environment(2).id)


async def test_a_shard_full_of_services_takes_no_own_instance_either(
    rows: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "FULL_SERVICES", 1)
    placements = PlacementsInRows(rows, platform(("one", (4000,)), ("two", (4000,))))
    placed = [await placements.of(environment(n, options=Options(database="own"))) for n in (1, 2)]
    assert [one.placement.project for one in placed] == ["one", "two"]
    with pytest.raises(NoRoom, match="add a project or a region"):
        await placements.of(environment(3, options=Options(database="own")))
