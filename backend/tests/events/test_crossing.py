"""Several control planes on one PostgreSQL: what one of them changes, all of them tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from aipress.events import crossing
from aipress.events.hub import Change, Hub
from aipress.kit.db import Database, Row
from aipress.threads.models import Thread
from aipress.users.models import User
from tests import make
from tests.conftest import PostgreSQL
from tests.waiting import until


def change(number: int, concerns: int = 1) -> Change:
    whom = frozenset(f"usr_{one:026d}" for one in range(concerns))
    return Change("tenant", f"ten_{number:026d}", f"ten_{number:026d}", "live", whom)


def test_changes_are_packed_into_notifications_that_fit_and_come_out_the_same() -> None:
    told = [change(number) for number in range(200)]
    packed = list(crossing.packets("me", told))
    assert len(packed) > 1
    assert all(len(packet.encode()) < 8000 for packet in packed)
    opened = [crossing.unpacked(packet) for packet in packed]
    assert {origin for origin, _ in opened} == {"me"}
    assert [one for _, changes in opened for one in changes] == told


def test_a_change_that_fits_into_no_notification_says_that_something_changed() -> None:
    packed = list(crossing.packets("me", [change(1), change(2, concerns=1000), change(3)]))
    assert all(len(packet.encode()) < 8000 for packet in packed)
    assert [one for packet in packed for one in crossing.unpacked(packet)[1]] == [change(1), None, change(3)]


@pytest.fixture
def shared_url(postgresql: PostgreSQL) -> str:
    postgresql.say(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid() AND backend_type = 'client backend'"
    )
    postgresql.say("DROP SCHEMA IF EXISTS public, dbos CASCADE", "CREATE SCHEMA public")
    return postgresql.url("postgres")


@asynccontextmanager
async def control_plane(url: str) -> AsyncIterator[tuple[Database, Hub]]:
    """As much of one as tells and hears."""
    rows, hub = Database(url), Hub()
    async with rows.engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    epoch = hub.epoch
    crossing_task = asyncio.create_task(crossing.keep_crossing(hub, rows, crossing.begin(hub, rows)))
    await until(lambda: _differs(hub, epoch))
    try:
        yield rows, hub
    finally:
        crossing_task.cancel()
        with suppress(asyncio.CancelledError):
            await crossing_task
        await rows.close()


async def _differs(hub: Hub, epoch: str) -> bool:
    return hub.epoch != epoch


async def begun(rows: Database, person: User, thread_id: str) -> None:
    async with rows.transaction() as session:
        session.add(Thread(id=thread_id, owner_id=person.id))


async def heard(hub: Hub, number: int) -> bool:
    return hub.number >= number


async def test_what_one_changes_the_other_tells_once(shared_url: str) -> None:
    async with control_plane(shared_url) as (here, one), control_plane(shared_url) as (there, other):
        person = await make.user(here)
        ear, far_ear = one.listen(person.principal(), None), other.listen(person.principal(), None)
        await begun(here, person, "thr_1")
        await begun(there, person, "thr_2")
        await until(lambda: heard(one, 2))
        await until(lambda: heard(other, 2))
        await asyncio.sleep(0.2)
        for hub, listener in ((one, ear), (other, far_ear)):
            found = [change.id for _, change in hub.after(listener) or ()]
            assert (sorted(found), hub.number) == (["thr_1", "thr_2"], 2)


async def test_what_was_undone_crosses_nothing(shared_url: str) -> None:
    async with control_plane(shared_url) as (here, _), control_plane(shared_url) as (_, other):
        person = await make.user(here)
        with suppress(ZeroDivisionError):
            async with here.transaction() as session:
                session.add(Thread(id="thr_1", owner_id=person.id))
                await session.flush()
                raise ZeroDivisionError
        await begun(here, person, "thr_2")
        await until(lambda: heard(other, 1))
        assert [change.id for _, change in other._ring] == ["thr_2"]


async def test_who_did_not_hear_for_a_while_makes_everybody_start_anew(
    shared_url: str, postgresql: PostgreSQL
) -> None:
    async with control_plane(shared_url) as (here, hub):
        person = await make.user(here)
        listener, epoch = hub.listen(person.principal(), None), hub.epoch
        postgresql.say(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid != pg_backend_pid()"
        )
        await until(lambda: _differs(hub, epoch))
        assert hub.after(listener) is None
