"""The one way to Cloudflare's API: token, deadline, retries, pages, and its envelope's errors in the words we have for Google's."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from weakref import WeakKeyDictionary

import httpx

from aipress.clouds.gcp.answers import Denied, Gone, Taken
from aipress.clouds.gcp.resources import Json
from aipress.errors import AIPressError, CloudBusy, CloudRefused

CLOUDFLARE = "https://api.cloudflare.com/client/v4"
TIMEOUT = httpx.Timeout(30.0, connect=5.0)
DEADLINE = 20.0  # seconds within which one request is tried again
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
DUPLICATE = {1406, 81057, 81058}
UNKNOWN = {1436, 10009, 81044}
NOT_SIGNED_IN = {9103, 9106, 9109, 10000, 10001}
"""Codes of errors (https://developers.cloudflare.com/fundamentals/api/reference/): what is there, what isn't, who isn't known."""


@dataclass(frozen=True)
class Request:
    """One request. `form` is sent as a form of several parts, as Workers KV takes values with metadata."""

    verb: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    form: Mapping[str, str] = field(default_factory=dict)


class Cloudflare:
    """Asks Cloudflare, or whoever answers like it at `endpoint`."""

    def __init__(self, token: Callable[[], Awaitable[str]], endpoint: str = "") -> None:
        self.token, self.endpoint = token, (endpoint or CLOUDFLARE).rstrip("/")
        self._clients = WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]()

    @property
    def client(self) -> httpx.AsyncClient:
        """A client of this loop's own: connections belong to one."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)
        return self._clients[loop]

    async def aclose(self) -> None:
        """Let go of this loop's connections."""
        if client := self._clients.pop(asyncio.get_running_loop(), None):
            await client.aclose()

    async def ask(self, request: Request) -> Json:
        """The envelope's result, where that is one thing."""
        result = (await self._envelope(request)).get("result")
        return result if isinstance(result, dict) else {}

    async def all(self, path: str, query: Mapping[str, str]) -> list[Json]:
        """Every page of a list, whether its pages have numbers or cursors."""
        found, asked = list[Json](), dict(query)
        while True:
            envelope = await self._envelope(Request("GET", path, asked))
            result, told = envelope.get("result"), envelope.get("result_info")
            found += [one for one in result if isinstance(one, dict)] if isinstance(result, list) else []
            more = _next(told if isinstance(told, dict) else {})
            if not more:
                return found
            asked |= more

    async def _envelope(self, request: Request) -> Json:
        """What is answered to success; asked again as long as the deadline allows, where asking again can help."""
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + DEADLINE, FIRST_PAUSE
        while True:
            answer = await self._once(request)
            wrong = answer if isinstance(answer, AIPressError) else refusal(answer, request)
            if wrong is None and isinstance(answer, httpx.Response):
                return _json(answer)
            if not isinstance(wrong, CloudBusy) or loop.time() + pause > end:
                raise wrong or CloudRefused("Cloudflare answered with nothing.")
            after = answer.headers.get("retry-after", "") if isinstance(answer, httpx.Response) else ""
            wait = max(pause, min(float(after), LONGEST_PAUSE) if after.isdigit() else 0.0)
            await asyncio.sleep(wait * random.uniform(1.0, 1.25))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self, request: Request) -> httpx.Response | CloudBusy:
        said = {"Authorization": f"Bearer {await self.token()}"}
        form = {name: (None, value.encode()) for name, value in request.form.items()}
        try:
            return await self.client.request(
                request.verb,
                self.endpoint + request.path,
                params=dict(request.query),
                json=request.body,
                files=form or None,
                headers=said,
            )
        except httpx.HTTPError as error:
            return CloudBusy(f"Cloudflare can't be reached ({type(error).__name__}) for {_what(request)}.")


def refusal(answer: httpx.Response, request: Request) -> AIPressError | None:
    """The error to raise for an answer that is none of success, or None. Cloudflare's message stays out: it may quote what was sent."""
    body = _json(answer)
    listed = body.get("errors")
    told = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    codes = {code for one in told if isinstance(code := one.get("code"), int)}
    if answer.is_success and body.get("success") is not False:
        return None
    said = (
        f"Cloudflare answered {answer.status_code} {', '.join(map(str, sorted(codes)))} to {_what(request)}."
    )
    if answer.status_code == 429 or answer.status_code >= 500:
        return CloudBusy(said)
    if codes & DUPLICATE:
        return Taken(said)
    if codes & UNKNOWN or answer.status_code == 404:
        return Gone(said)
    if codes & NOT_SIGNED_IN or answer.status_code in (401, 403):
        return Denied(f"{said} Its token lacks a permission, or is none: see docs/gcp.md.")
    return CloudRefused(said)


def _what(request: Request) -> str:
    return f"{request.verb} {request.path}"


def _next(told: Json) -> dict[str, str]:
    """What to ask of the next page; nothing where this was the last."""
    cursors = told.get("cursors")
    cursor = told.get("cursor") or (cursors.get("after") if isinstance(cursors, dict) else None)
    if cursor:
        return {"cursor": str(cursor)}
    page, pages = told.get("page"), told.get("total_pages")
    if isinstance(page, int) and isinstance(pages, int) and page < pages:
        return {"page": str(page + 1)}
    return {}


def _json(answer: httpx.Response) -> Json:
    try:
        body: Any = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
