"""MCP over HTTP, at `/mcp`: a bearer token of a person or an agent, no cookie; each request stands alone, no session is kept."""

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from mcp.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from aipress.chat.callers import agent_of_bearer
from aipress.chat.control_plane import ControlPlane
from aipress.chat.mcp.server import Context, make_server
from aipress.config import Settings
from aipress.errors import NotAllowed, NotSignedIn

router = APIRouter()
LONGEST_REQUEST = 256 * 1024
AGENT = "aipress.agent"


async def _agent(request: Request) -> ControlPlane:
    _check_origin(request, request.app.state.settings)
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise NotSignedIn("Send a bearer token; `./aipress token` makes one.")
    return await agent_of_bearer(authorization, request.app.state.http)


@router.post("/mcp", include_in_schema=False)
async def speak_mcp(request: Request, agent: Annotated[ControlPlane, Depends(_agent)]) -> Response:
    """One message of a client and the answer to it."""
    return _Exchange(agent, request.app.state.settings.base_url)


class _Exchange(Response):
    """A response that the SDK's transport writes, reading the request by itself."""

    def __init__(self, agent: ControlPlane, app: str) -> None:
        super().__init__()
        self._agent, self._app = agent, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = StreamableHTTPSessionManager(
            _server(self._app),
            json_response=True,
            stateless=True,
            max_request_body_size=LONGEST_REQUEST,
        )
        async with transport.run():
            await transport.handle_request({**scope, AGENT: self._agent}, receive, send)


@cache
def _server(app: str) -> Server[Any]:
    return make_server(_agent_at, app)


async def _agent_at(context: Context) -> ControlPlane:
    request: Any = context.request
    found: ControlPlane = request.scope[AGENT]
    return found


def _check_origin(request: Request, settings: Settings) -> None:
    """A browser's page speaks only from our own address: whoever holds a token and no page says no origin at all."""
    origin = request.headers.get("origin")
    if origin is not None and origin != settings.base_url:
        raise NotAllowed("Another site's page can't speak to this server.")
