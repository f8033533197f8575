"""A round lets each site do what it has due: once, a few at a time, and nobody for whom another one takes long."""

import asyncio
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from aipress import clouds
from aipress.clouds.cron import Due, Run
from aipress.cron.lanes import Lanes
from aipress.cron.service import PARTS, Rounds, part_of
from aipress.errors import CloudBusy
from aipress.kit import clock
from tests.fakes.cloud import FakeCloud
from tests.tenants.conftest import House
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.tenants.moved import two_clouds
from tests.waiting import until

pytestmark = together

A_MINUTE = timedelta(minutes=1)
QUICK_SECONDS = 0.05


@pytest_asyncio.fixture(loop_scope="module")
async def sites(house: House) -> list[str]:
    """The environments of three live sites."""
    for name in ("One", "Two", "Three"):
        await house.create(name)
    return sorted(house.cloud.edge.things)


def rounds(house: House, quick: int = 2, slow: int = 6) -> Rounds:
    return Rounds(house.rows, clouds.current(), Lanes(quick, slow, QUICK_SECONDS))


async def go_round(one: Rounds) -> None:
    """A whole round, and what it began that ends by itself."""
    for part in range(PARTS):
        await one.look(part)
    await asyncio.wait(
        list(one.lanes.under_way.values()) or [asyncio.create_task(asyncio.sleep(0))], timeout=0.2
    )


async def ended(one: Rounds, *ids: str) -> None:
    """Wait until none of these runs or waits for its turn."""

    async def is_so() -> bool:
        return not set(ids) & one.lanes.under_way.keys()

    await until(is_so)


def plan(house: House, id: str, *hooks: str, late: timedelta = A_MINUTE) -> datetime:
    since = clock.now() - late
    house.cloud.cron.agenda[id] = [Due(hook, since) for hook in hooks]
    return since


def told(house: House) -> list[tuple[str, object, object]]:
    return [(one.environment, one.fields["hook"], one.fields["outcome"]) for one in house.cloud.notes.added]


async def test_each_site_is_asked_once_in_a_round_and_only_what_is_due_runs(
    house: House, sites: list[str]
) -> None:
    plan(house, sites[0], "publish_future_post")
    house.cloud.cron.agenda[sites[1]] = [Due("later", clock.now() + A_MINUTE)]
    await go_round(rounds(house))
    assert sorted(house.cloud.cron.asked) == sites
    assert house.cloud.cron.ran == [sites[0]]
    assert {part_of(id) for id in sites} <= set(range(PARTS))


async def test_a_run_is_a_line_of_the_site(house: House, sites: list[str]) -> None:
    plan(house, sites[0], "publish_future_post", "tidy", "tidy")
    await go_round(rounds(house))
    (line,) = house.cloud.notes.added
    assert (line.environment, line.source, line.level) == (sites[0], "cron", "info")
    assert len(line.request_id) == 32
    assert line.fields["hook"] == "publish_future_post, tidy"
    assert line.fields["outcome"] == "done"
    assert line.fields["duration_ms"] == 1.0
    lag = line.fields["lag_ms"]
    assert isinstance(lag, int)
    assert 60_000 <= lag < 90_000


async def test_a_site_that_hangs_holds_up_no_other_and_is_not_begun_again(
    house: House, sites: list[str]
) -> None:
    house.cloud.cron.hangs[sites[0]] = asyncio.Event()
    one = rounds(house, quick=1)
    for _ in range(3):
        for id in sites:
            plan(house, id, "chore")
        await go_round(one)
        await ended(one, *sites[1:])
    assert house.cloud.cron.ran.count(sites[0]) == 1
    assert house.cloud.cron.ran.count(sites[1]) == house.cloud.cron.ran.count(sites[2]) == 3
    assert sites[0] in one.lanes.under_way
    house.cloud.cron.hangs[sites[0]].set()
    await ended(one, *sites)
    assert (sites[0], "chore", "done") in told(house)


async def test_never_more_run_at_once_than_there_is_room_for(house: House, sites: list[str]) -> None:
    for id in sites:
        plan(house, id, "chore")
        house.cloud.cron.hangs[id] = asyncio.Event()
    one = rounds(house, quick=1, slow=1)
    await go_round(one)
    for id in sites:
        house.cloud.cron.hangs[id].set()
    await ended(one, *sites)
    assert sorted(house.cloud.cron.ran) == sites
    assert max(house.cloud.cron.at_once) <= 2


async def test_what_fails_is_told_rests_and_runs_again(
    house: House, sites: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(house, sites[0], "chore", late=timedelta(hours=2))
    house.cloud.cron.endings[sites[0]] = [
        Run("failed", 12.0, "PHP answered 500."),
        CloudBusy("It does not start."),
    ]
    one, now = rounds(house), clock.now()
    await go_round(one)
    assert told(house) == [(sites[0], "chore", "failed")]
    assert "PHP answered 500." in house.cloud.notes.added[0].message
    await go_round(one)
    assert told(house)[1:] == [(sites[0], "chore", "late")]
    await go_round(one)
    assert len(told(house)) == 2, "late is told once, not every round"
    for minutes in (1, 3):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + minutes * A_MINUTE)
        await go_round(one)
    assert [outcome for _, _, outcome in told(house)] == ["failed", "late", "failed", "done"]
    assert "It does not start." in house.cloud.notes.added[2].message


async def test_whoever_is_killed_loses_nothing(house: House, sites: list[str]) -> None:
    plan(house, sites[0], "chore")
    house.cloud.cron.hangs[sites[0]] = asyncio.Event()
    killed = rounds(house)
    await go_round(killed)
    await killed.lanes.stop()
    assert told(house) == []
    house.cloud.cron.hangs.clear()
    await go_round(rounds(house))
    assert told(house) == [(sites[0], "chore", "done")]


async def test_an_earlier_run_that_goes_on_is_left_alone(house: House, sites: list[str]) -> None:
    plan(house, sites[0], "chore")
    house.cloud.cron.endings[sites[0]] = [Run("busy", 3.0, "An earlier run goes on.")]
    one = rounds(house)
    await go_round(one)
    assert told(house) == []
    await go_round(one)
    assert told(house) == [(sites[0], "chore", "done")]


async def test_sites_that_are_not_live_are_not_asked(house: House, sites: list[str]) -> None:
    await house.remove("two")
    await go_round(rounds(house))
    assert len(house.cloud.cron.asked) == 2


async def test_a_site_that_is_being_moved_is_not_asked_on_either_side(house: House) -> None:
    """What it does could neither be noted where it leaves, nor is it to be done where it arrives."""
    two = two_clouds(house)
    here = await two.site()
    plan(house, here, "publish_future_post")
    with held(two.there.databases, "load") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        await go_round(rounds(house))
        assert (two.here.cron.asked, two.there.cron.asked) == ([], [])
    done = await house.ended(begun.id)
    assert done.state == "succeeded"


async def test_on_two_clouds_each_is_asked_of_its_own_sites_and_one_that_is_away_keeps_no_other(
    house: House, sites: list[str]
) -> None:
    google = FakeCloud()
    clouds.use(house.cloud.as_cloud("local"), google.as_cloud("gcp"))
    await house.create("Four", cloud="gcp")
    (there,) = google.edge.things
    for cloud in (house.cloud, google):
        for id in (sites[0], there):
            cloud.cron.agenda[id] = [Due("tidy", clock.now() - A_MINUTE)]
    each = [Rounds(house.rows, cloud, Lanes(2, 6, QUICK_SECONDS)) for cloud in clouds.every()]
    google.cron.endings[there] = [CloudBusy("Nobody answers there.")]
    for one in each:
        await go_round(one)
    assert (sorted(house.cloud.cron.asked), google.cron.asked) == (sites, [there])
    assert (house.cloud.cron.ran, google.cron.ran) == ([sites[0]], [there])
    assert [note.environment for note in house.cloud.notes.added] == [sites[0]]
    assert [(note.environment, note.fields["outcome"]) for note in google.notes.added] == [(there, "failed")]
