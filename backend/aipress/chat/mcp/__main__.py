"""MCP over standard input and output, as `./aipress mcp` starts it. The token comes in AIPRESS_TOKEN and is swapped at each call."""

import asyncio
import os
import sys

from mcp.server.stdio import stdio_server

from aipress.chat.callers import agent_of_bearer
from aipress.chat.control_plane import ControlPlane, connect
from aipress.chat.mcp.server import Context, make_server
from aipress.config import Settings
from aipress.errors import AIPressError
from aipress.kit import logs

TOKEN = "AIPRESS_TOKEN"  # noqa: S105  the variable's name


def main() -> None:
    """Serve until standard input ends. A token that is not good ends it at once, with a sentence."""
    settings = Settings()
    logs.configure("mcp", "warning")
    try:
        asyncio.run(serve(settings, f"Bearer {os.environ.pop(TOKEN, '')}"))
    except AIPressError as error:
        sys.exit(f"aipress: {error}")


async def serve(settings: Settings, authorization: str) -> None:
    """Serve one client in the name of whoever `authorization` belongs to. Raises NotSignedIn, CloudBusy before it begins."""
    async with connect(settings) as http:
        await agent_of_bearer(authorization, http)

        async def agent(_: Context) -> ControlPlane:
            return await agent_of_bearer(authorization, http)

        server = make_server(agent, settings.base_url)
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())


if __name__ == "__main__":
    main()
