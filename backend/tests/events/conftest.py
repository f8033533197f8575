"""The fixtures of this room: the whole control plane, running, with a hub of each test's own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from aipress.events import crossing
from aipress.events.hub import Hub
from tests.api.wire import wire
from tests.api.world import World, running, world
from tests.tenants.lasting import lasting_url

__all__ = ["lasting_url", "running", "wire", "world"]


@pytest_asyncio.fixture(loop_scope="module")
async def hub(world: World) -> AsyncIterator[Hub]:
    """A hub of this test's own, which looks five times a second at who is listening."""
    before, listener = world.app.state.hub, world.rows.on_commit
    fresh = Hub(heartbeat=0.2)
    world.app.state.hub = fresh
    crossing.begin(fresh, world.rows)
    yield fresh
    world.app.state.hub, world.rows.on_commit = before, listener
