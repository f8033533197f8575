"""Ten thousand sites are placed, given domains and purged, and no limit of Google's is reached. `./aipress prove scale`: a million."""

import json
import os
from collections import Counter
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from time import perf_counter

import pytest

from aipress.clouds.gcp import purges, quotas, routing, scale, shards
from aipress.clouds.gcp.purges import Purge, together
from aipress.clouds.gcp.scale import MIX, Fleet
from aipress.clouds.gcp.shards import Placement, Shard
from aipress.clouds.gcp.sizes import SIZES
from tests.clouds.gcp import rig, scaling
from tests.figures import keep

FULL = bool(os.environ.get("AIPRESS_PROVE"))
SITES = 1_000_000 if FULL else 10_000
looked = Counter[str]()


@dataclass(frozen=True)
class Watched(Shard):
    """A shard that counts how often somebody looks whether it has room."""

    def instance_for(self, connections: int) -> str:
        looked["shards"] += 1
        return super().instance_for(connections)


def watched(sites: int) -> Fleet:
    looked.clear()
    fleet = Fleet(sites)
    fleet.shards = [Watched(one.project, one.region) for one in fleet.shards]
    return fleet


def within_limits(placed: list[tuple[Placement, str]]) -> dict[str, int]:
    """The fullest of everything, counted from who is where and from nothing that shards say of themselves."""
    services = Counter((where.project, where.region) for where, _ in placed)
    tables, connections = Counter[Placement](), Counter[Placement]()
    for where, tier in placed:
        tables[where] += shards.TABLES
        connections[where] += SIZES[tier].children * SIZES[tier].max_instances
    found = {
        "services of the fullest region": max(services.values()),
        "tables of the fullest instance": max(tables.values()),
        "connections of the fullest instance": max(connections.values()),
    }
    assert max(services.values()) <= 950
    assert max(tables.values()) <= 40_000
    assert max(connections.values()) <= 3600
    return {**found, "regions": len(services), "instances": len(tables)}


def test_no_limit_is_passed_and_each_site_costs_as_much_to_place_as_the_first() -> None:
    fleet = watched(SITES)
    placed, looks, seconds = [], [], []
    tenth = SITES // 10
    for part in range(10):
        before, begun = looked["shards"], perf_counter()
        for tier in islice(cycle(MIX), part * tenth, (part + 1) * tenth):
            placed.append((fleet.add(tier), tier))
        looks.append((looked["shards"] - before) / tenth)
        seconds.append((perf_counter() - begun) / tenth)
    found = within_limits(placed)
    assert max(looks) < 1.5, (
        "a site is placed by looking at one shard, or little more, however many there are"
    )
    keep(
        "scale",
        sites=SITES,
        **found,
        **{
            f"shards looked at for one of the {name} tenth": looks[at]
            for name, at in (("first", 0), ("last", 9))
        },
        **{
            f"µs to place one of the {name} tenth": seconds[at] * 1e6
            for name, at in (("first", 0), ("last", 9))
        },
    )


def test_who_looks_at_every_shard_anew_would_be_noticed() -> None:
    fleet = watched(20_000)
    for tier in islice(cycle(MIX), 15_000):
        fleet.add(tier)
    looked.clear()
    for _ in range(10):
        shards.place(fleet.shards, SIZES["basic"].connections)
    assert looked["shards"] > 100


def test_coming_and_going_costs_no_more() -> None:
    random = Random(7)  # noqa: S311 - a story, no secret
    fleet, sites = watched(SITES), SITES // 10
    placed = [(fleet.add(tier), tier) for tier in islice(cycle(MIX), sites)]
    looked.clear()
    for tier in islice(cycle(MIX), sites):
        at = random.randrange(len(placed))
        placed[at], placed[-1] = placed[-1], placed[at]
        where, left = placed.pop()
        number = int(where.project.rpartition("-")[2])
        fleet.shards[number] = shards.with_one_less(
            fleet.shards[number], where.instance, SIZES[left].connections
        )
        fleet.candidates.has_room_again(number)
        placed.append((fleet.add(tier), tier))
    within_limits(placed)
    assert looked["shards"] / sites < 10


@pytest.mark.parametrize("sites", scaling.SITES if FULL else scaling.SITES[:2])
def test_the_page_says_what_is_counted(sites: int) -> None:
    found, at = scale.needed(sites), scaling.SITES.index(sites)
    told = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in scaling.PAGE.read_text().splitlines()
    ]
    page = {cells[0]: cells[1:] for cells in told if len(cells) == len(scaling.SITES) + 1}
    assert {name: page[name][at] for name in scaling.ROWS} == {
        name: scaling.row(name, found) for name in scaling.ROWS
    }


def test_the_page_has_every_limit_and_names_the_mix() -> None:
    told = scaling.PAGE.read_text()
    limits = scaling.counted([scale.needed(10)]).partition("| limit")[2].splitlines()[2:]
    assert len(limits) > 8
    assert [line for line in limits if line not in told] == []
    assert scaling.mix() in told


def test_what_the_page_says_in_words_is_what_is_counted() -> None:
    told = " ".join(scaling.PAGE.read_text().split())
    full, resources = scale.needed(shards.FULL_SERVICES), scaling.made_for_one()
    kinds = Counter(one.kind for one in resources)
    per_instance = full.fullest_tables // shards.TABLES // 10 * 10
    assert kinds["secret"] == 11
    for words in (
        f"A project holds {shards.FULL_SERVICES} sites",
        f"an instance holds {per_instance} sites",
        f"{quotas.writes(quotas.RATES[0], resources)} writes, {int(quotas.slowest(resources)[1])} sites a minute in a project",
        "over in two minutes" if full.minutes_to_purge == 2 else "another number",
    ):
        assert words in told


def test_a_full_shards_url_map_has_room_for_a_domain_of_every_site() -> None:
    grown = scaling.url_map(shards.FULL_SERVICES if FULL else 200)
    size, domains = len(json.dumps(grown)), len(grown["hostRules"]) - 1  # type: ignore[arg-type]
    one_more = routing.with_domain(grown, scaling.numbered(10**6), "www.another-site.example", rig.PLACE)
    each = len(json.dumps(one_more)) - size
    keep(
        "scale",
        **{
            "bytes of a URL map for each domain": each,
            "domains a URL map has room for": routing.LARGEST_MAP_BYTES // each,
        },
    )
    assert size + each * (shards.FULL_SERVICES - domains) < routing.LARGEST_MAP_BYTES / 2


def test_purges_of_every_shard_stay_within_a_minute_and_are_soon_over() -> None:
    """An hour in which every site of a full shard is edited again and again, and then nobody edits any more."""
    random = Random(3)  # noqa: S311 - a story, no secret
    hosts = [f"site-{number}.eu1.example.com" for number in range(shards.FULL_SERVICES)]
    waiting: list[Purge] = []
    most = longest = 0
    for minute in range(60):
        if minute < 30:
            waiting += [Purge(random.choice(hosts), f"/{random.randrange(50)}/") for _ in range(3000)]
        now, waiting = together(waiting)
        most, longest = max(most, len(now)), max(longest, len(waiting))
        assert len(now) <= purges.A_MINUTE
    assert (most, waiting) == (purges.A_MINUTE, [])
    assert longest <= len(hosts)


def test_sites_are_made_no_faster_than_every_rate_lets_them() -> None:
    resources = scaling.made_for_one()
    a_minute = int(quotas.slowest(resources)[1])
    asked = {rate: quotas.writes(rate, resources) * a_minute for rate in quotas.RATES}
    assert all(count <= rate.per_minute for rate, count in asked.items())
    assert any(quotas.writes(rate, resources) * (a_minute + 1) > rate.per_minute for rate in quotas.RATES)
    assert scale.needed(scaling.SITES[0]).minutes_to_make * a_minute >= shards.FULL_SERVICES
