"""How a stream ends: with its session, and before a server stops."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from aipress.api.stopping import before_stopping
from aipress.events.hub import Hub
from aipress.kit import clock
from aipress.tenants.models import Tenant
from aipress.users.models import BrowserSession, User
from tests import make
from tests.api.wire import served
from tests.api.world import World
from tests.events.listening import listening
from tests.make import Client
from tests.tenants.lasting import together

pytestmark = [together, pytest.mark.usefixtures("hub")]

Ending = Callable[[World, User], Awaitable[None]]


async def _suspended(world: World, person: User) -> None:
    async with world.rows.transaction() as session:
        (await session.get_one(User, person.id)).state = "suspended"


async def _signed_out(world: World, person: User) -> None:
    async with world.rows.transaction() as session:
        await session.execute(delete(BrowserSession).where(BrowserSession.user_id == person.id))


async def _signed_out_everywhere(world: World, person: User) -> None:
    async with world.rows.transaction() as session:
        (await session.get_one(User, person.id)).tokens_valid_after = clock.in_seconds(60)


async def _expired(world: World, person: User) -> None:
    async with world.rows.transaction() as session:
        (await session.scalars(select(BrowserSession))).one().expires_at = clock.in_seconds(-1)


@pytest.mark.parametrize("end", [_suspended, _signed_out, _signed_out_everywhere, _expired])
@pytest.mark.parametrize("heartbeat", [0.2, 60.0])
async def test_whose_session_has_ended_hears_nothing_more(
    world: World, wire: Client, hub: Hub, end: Ending, heartbeat: float
) -> None:
    """At the next event, however long until the next heartbeat; and at the next heartbeat, without any event."""
    hub.heartbeat = heartbeat
    person = await make.user(world.rows)
    ada, browser = make.as_person(world.settings, person), await make.session(world.rows, person)
    await world.site(ada, "Blog")
    async with listening(wire, {"Cookie": f"aipress_session={browser}"}) as ear:
        await end(world, person)
        if heartbeat > 1:
            async with world.rows.transaction() as session:
                (await session.scalars(select(Tenant))).one().name = "Notes"
        await ear.is_over()
        assert ear.events == []


@pytest.fixture
def survivor() -> Iterator[None]:
    """A process that a signal does not end: a server that was told to stop says it again when it has."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


async def test_a_server_told_to_stop_lets_its_streams_go_first(
    world: World, tmp_path: Path, hub: Hub, survivor: None
) -> None:
    async with (
        served(world, tmp_path / "other.sock", patience=60) as (client, stop),
        listening(client, await world.ada()) as ear,
    ):
        with before_stopping(hub.close):
            os.kill(os.getpid(), signal.SIGTERM)
            async with asyncio.timeout(5):
                await ear.is_over()
                await stop()


async def test_a_stream_that_is_not_let_go_keeps_a_server_no_longer_than_it_is_patient(
    world: World, tmp_path: Path
) -> None:
    async with (
        served(world, tmp_path / "other.sock", patience=1) as (client, stop),
        listening(client, await world.ada()) as ear,
    ):
        async with asyncio.timeout(5):
            await stop()
        await ear.is_over()
