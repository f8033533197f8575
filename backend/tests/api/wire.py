"""The control plane behind a server, on a Unix socket: what is sent arrives when it is sent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest_asyncio
import uvicorn

from tests.api.world import World
from tests.make import Client

Stop = Callable[[], Awaitable[None]]


@asynccontextmanager
async def served(
    world: World, place: Path, patience: int | None = None
) -> AsyncIterator[tuple[Client, Stop]]:
    """A client of the app over a socket at `place`, and what stops its server, which waits `patience` seconds for streams."""
    settings = uvicorn.Config(
        world.app,
        uds=str(place),
        lifespan="off",
        ws="none",
        log_config=None,
        timeout_graceful_shutdown=patience,
    )
    server = uvicorn.Server(settings)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)

    async def stop() -> None:
        server.should_exit = True
        await serving

    transport = httpx.AsyncHTTPTransport(uds=str(place))
    async with httpx.AsyncClient(transport=transport, base_url=world.settings.base_url, timeout=10) as client:
        yield client, stop
    await stop()


@pytest_asyncio.fixture(loop_scope="module")
async def wire(world: World, tmp_path: Path) -> AsyncIterator[Client]:
    """A client over a socket."""
    async with served(world, tmp_path / "control.sock") as (client, _):
        yield client
