"""The SDK's own client at both doors of a real control plane: over HTTP, and with the server as its child."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import httpx2
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests import make
from tests.chat.wire.conftest import Office
from tests.waiting import until

Way = Literal["http", "http, as it was", "stdio"]
WAYS: tuple[Way, ...] = ("http", "http, as it was", "stdio")
"""The last but one is the handshake of protocol versions before 2026."""
BACKEND = Path(__file__).resolve().parents[3]


@asynccontextmanager
async def client_of(office: Office, token: str, way: Way) -> AsyncIterator[Client]:
    """An MCP client that shows this token."""
    if way == "stdio":
        async with _answering_on_its_socket(office), Client(_child_of(office, token)) as client:
            yield client
        return
    transport = httpx2.AsyncHTTPTransport(uds=str(office.socket))
    async with httpx2.AsyncClient(transport=transport, headers=make.as_bearer(token), timeout=20) as http:
        door = streamable_http_client(f"{office.settings.base_url}/mcp", http_client=http)
        async with Client(door, mode="auto" if way == "http" else "legacy") as client:
            yield client


def _child_of(office: Office, token: str) -> StdioServerParameters:
    told = {
        "PYTHONPATH": str(BACKEND),
        "AIPRESS_DATA_DIR": str(office.settings.data_dir),
        "AIPRESS_PORT": str(office.settings.port),
        "AIPRESS_TOKEN": token,
    }
    return StdioServerParameters(command=sys.executable, args=["-P", "-m", "aipress.chat.mcp"], env=told)


@asynccontextmanager
async def _answering_on_its_socket(office: Office) -> AsyncIterator[None]:
    """While the control plane answers where programs of this machine look for it."""
    where = office.settings.run_dir / "control.sock"
    where.parent.mkdir(parents=True, exist_ok=True)
    server = uvicorn.Server(uvicorn.Config(office.control, uds=str(where), lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())

    async def has_started() -> bool:
        return server.started

    await until(has_started)
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await serving
