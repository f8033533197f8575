"""Somebody who listens to events, and notes what they hear."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tests.make import Client, Headers
from tests.waiting import until


@dataclass(frozen=True)
class Heard:
    """One event."""

    number: str
    kind: str
    id: str | None
    tenant_id: str | None
    state: str | None


@dataclass
class Ear:
    """What one stream said so far; `ended` when it is over."""

    events: list[Heard] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def states(self, kind: str) -> list[str | None]:
        return [event.state for event in self.events if event.kind == kind]

    async def hears(self, kind: str, state: str | None = None) -> Heard:
        """The first event of this kind (and state), once it is there."""

        async def is_there() -> Heard | None:
            fitting = [one for one in self.events if one.kind == kind and state in (None, one.state)]
            return fitting[0] if fitting else None

        return await until(is_there)

    async def counts(self, wanted: int) -> None:
        """Returns once so many events are there."""

        async def are_there() -> bool:
            return len(self.events) >= wanted

        await until(are_there)

    async def beats(self, more: int) -> None:
        """Returns after so many more signs of life."""
        before = len(self.comments)

        async def are_there() -> bool:
            return len(self.comments) >= before + more

        await until(are_there)

    async def is_over(self) -> None:
        async with asyncio.timeout(10):
            await self.ended.wait()


@asynccontextmanager
async def listening(wire: Client, headers: Headers, last_seen: str = "") -> AsyncIterator[Ear]:
    """An open stream, from when it has said that it is."""
    ear, shown = Ear(), headers | ({"Last-Event-ID": last_seen} if last_seen else {})
    async with wire.stream("GET", "/api/events", headers=shown, timeout=30) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        noting = asyncio.create_task(_note(answer, ear))
        try:
            await until(lambda: _says(ear))
            yield ear
        finally:
            noting.cancel()
            with suppress(asyncio.CancelledError):
                await noting


async def _says(ear: Ear) -> bool:
    return bool(ear.comments)


async def _note(answer: httpx.Response, ear: Ear) -> None:
    frame: dict[str, str] = {}
    with suppress(httpx.RemoteProtocolError):  # a server that stops cuts what is open
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if line.startswith(":"):
                ear.comments.append(value)
            elif line:
                frame[name] = value
            elif frame:
                ear.events.append(Heard(frame["id"], frame["event"], **json.loads(frame["data"])))
                frame = {}
    ear.ended.set()
