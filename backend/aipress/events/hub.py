"""The hub: what changed lately, numbered, in a ring, and who listens. A listener holds a place in the ring and no queue.

So a slow listener costs nothing: once the ring has gone past its place it is told to start anew.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal
from weakref import WeakSet

from aipress.auth.principal import Principal
from aipress.errors import TooMany
from aipress.kit import ids

Kind = Literal["operation", "tenant", "plan", "conversation", "member", "alert"]
REMEMBERED = 4096  # changes that somebody who was away can still be told of
HEARTBEAT = 10.0  # seconds between two signs of life, and between two looks at who is listening
GATHER = 0.02  # seconds in which what happens together is told together
MOST_STREAMS = 50  # open at once by one person: more tabs than anybody looks at
OF_EVERYBODY = frozenset(
    ("operation", "tenant", "member", "alert")
)  # kinds that admins hear of whosever they are


@dataclass(frozen=True)
class Change:
    """One thing that changed: its id, the site it belongs to, its state now. `concerns` are the users it may matter to."""

    kind: Kind
    id: str
    tenant_id: str | None
    state: str | None
    concerns: frozenset[str]

    def may_matter_to(self, principal: Principal) -> bool:
        """Whether it is worth looking up that this caller may see it; the rooms' `visible_to` decides."""
        return principal.id in self.concerns or (principal.is_admin and self.kind in OF_EVERYBODY)


Numbered = tuple[int, Change]


@dataclass(eq=False)
class Listener:
    """Somebody listening: who, and up to which number they were told."""

    principal: Principal
    place: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """One for a process. `epoch` makes numbers of different processes, and of different lives of one, tell apart."""

    def __init__(self, remembered: int = REMEMBERED, heartbeat: float = HEARTBEAT) -> None:
        self.heartbeat = heartbeat
        self._ring: deque[Numbered] = deque(maxlen=remembered)
        self._listeners: WeakSet[Listener] = WeakSet()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.looking = asyncio.Semaphore(4)  # of a thousand woken at once, so many ask the database
        self.is_open = False
        self.start_anew()

    def start_anew(self) -> None:
        """Forget the past: whoever listens is told so, and starts anew."""
        self.epoch, self.number = ids.short(), 0
        self._ring.clear()
        for listener in self._listeners:
            listener.place = -1
            listener.woken.set()

    def open(self) -> None:
        """Take changes, in the event loop that runs now."""
        self._loop, self.is_open = asyncio.get_running_loop(), True

    def close(self) -> None:
        """Let everybody go."""
        self.is_open = False
        for listener in self._listeners:
            listener.woken.set()

    def tell(self, changes: Sequence[Change]) -> None:
        """Tell everybody. From any thread: workflows may run in another one."""
        if self.is_open and self._loop is not None:
            with suppress(RuntimeError):  # its loop has ended, and with it everybody who listened
                self._loop.call_soon_threadsafe(self._take, changes)

    def _take(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self.number += 1
            self._ring.append((self.number, change))
        for listener in self._listeners:
            if any(change.may_matter_to(listener.principal) for change in changes):
                listener.woken.set()

    def listen(self, principal: Principal, last_seen: str | None) -> Listener:
        """A listener, from behind what was `last_seen` (`<epoch>-<number>`) or from now. Raises TooMany."""
        if sum(one.principal.id == principal.id for one in self._listeners) >= MOST_STREAMS:
            raise TooMany(f"{MOST_STREAMS} streams of yours are open already. Close one of them first.")
        listener = Listener(principal, self.place_of(last_seen))
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget this listener. One that nobody holds any more is forgotten by itself."""
        self._listeners.discard(listener)

    @property
    def how_many(self) -> int:
        """How many listen now."""
        return len(self._listeners)

    def place_of(self, last_seen: str | None) -> int:
        """The number that was seen last; now, for who never saw any; -1 for what is not of this epoch."""
        if not last_seen:
            return self.number
        epoch, _, number = last_seen.rpartition("-")
        known = epoch == self.epoch and number.isdecimal() and int(number) <= self.number
        return int(number) if known else -1

    def after(self, listener: Listener) -> list[Numbered] | None:
        """What this listener was not told of yet and may matter to them, the newest of each thing. None when it is forgotten."""
        oldest = self._ring[0][0] if self._ring else self.number + 1
        if listener.place + 1 < oldest:
            return None
        newest: dict[tuple[str, str, str | None], Numbered] = {}
        for number, change in reversed(self._ring):
            if number <= listener.place:
                break
            if change.may_matter_to(listener.principal):
                newest.setdefault((change.kind, change.id, change.tenant_id), (number, change))
        listener.place = self.number
        return sorted(newest.values(), key=lambda numbered: numbered[0])


async def turns(hub: Hub, listener: Listener) -> AsyncIterator[list[Numbered] | None]:
    """What to look at, turn by turn: some changes, nothing at a heartbeat, and None at last when the past is forgotten."""
    now = asyncio.get_running_loop().time
    listener.woken.set()
    beat = now() + hub.heartbeat
    while hub.is_open:
        if await _pause(listener, beat):
            await asyncio.sleep(GATHER)  # what happens together is told together
            listener.woken.clear()
            found = hub.after(listener)
            if found is None:
                yield None
                return
            if found:
                yield found
        else:
            beat = now() + hub.heartbeat
            yield []


async def _pause(listener: Listener, until: float) -> bool:
    """Wait for something that may matter, until a moment of the loop's clock; whether there is something."""
    try:
        async with asyncio.timeout_at(until):
            await listener.woken.wait()
    except TimeoutError:
        return False
    return True
