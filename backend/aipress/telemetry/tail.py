"""A site's lines as they come in, for as long as whoever listens may see them: their rights are looked up before each telling."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from aipress import clouds
from aipress.clouds.logs import LogLine, LogQuery
from aipress.events.hub import Hub, Listener

GATHER = 0.2  # seconds in which what comes together is told together
MOST_WAITING = 500  # lines that wait for a slow listener before the reading of more does


async def told(
    hub: Hub, listener: Listener, query: LogQuery, after: str, still_may: Callable[[], Awaitable[None]]
) -> AsyncGenerator[list[LogLine], None]:
    """What came in, some lines at a time, oldest first; none at a heartbeat. `still_may` raises once the listener may not.

    A change that may concern the listener wakes the stream, so that a right that ended is noticed at once.
    """
    waiting: asyncio.Queue[LogLine] = asyncio.Queue(MOST_WAITING)
    reading = asyncio.create_task(_read(query, after, waiting, listener))
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


async def _read(query: LogQuery, after: str, waiting: asyncio.Queue[LogLine], listener: Listener) -> None:
    try:
        async for line in clouds.current().logs.follow(query, after):
            if line.tenant == query.tenant:
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
