"""A site's lines as they come in, for as long as whoever listens may see them: their rights are looked up before each telling."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aipress.clouds.logs import LogLine
from aipress.events.hub import Hub, Listener

GATHER = 0.2  # seconds in which what comes together is told together
MOST_WAITING = 500  # lines that wait for a slow listener before the reading of more does


@dataclass(frozen=True)
class Followed:
    """A site's lines as they come in, on the cloud where it was when somebody began to listen."""

    tenant: str
    cloud: str
    lines: AsyncIterator[LogLine]


async def told(
    hub: Hub, listener: Listener, followed: Followed, still_may: Callable[[], Awaitable[None]]
) -> AsyncGenerator[list[LogLine], None]:
    """What came in of the lines that are followed, some lines at a time, oldest first; none at a heartbeat. `still_may` raises once the listener may not.

    A change that may concern the listener wakes the stream, so that a right that ended is noticed at once.
    """
    waiting: asyncio.Queue[LogLine] = asyncio.Queue(MOST_WAITING)
    reading = asyncio.create_task(_read(followed, waiting, listener))
    try:
        while hub.is_open:
            heard = await _pause(listener, hub.heartbeat)
            is_over = reading.done()
            await still_may()
            lines = [waiting.get_nowait() for _ in range(waiting.qsize())]
            if lines or not heard:
                yield lines
            if is_over:
                await reading  # says what ended it
                return
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def _read(followed: Followed, waiting: asyncio.Queue[LogLine], listener: Listener) -> None:
    try:
        async for line in followed.lines:
            if line.tenant == followed.tenant:
                await waiting.put(line)
            listener.woken.set()
    finally:
        listener.woken.set()


async def _pause(listener: Listener, seconds: float) -> bool:
    """Wait for something that may matter; whether there is something."""
    try:
        async with asyncio.timeout(seconds):
            await listener.woken.wait()
    except TimeoutError:
        return False
    await asyncio.sleep(GATHER)
    listener.woken.clear()
    return True
