"""Grants that Google has not heard of everywhere: whoever starts on their strength is denied for a while, and asks again.

Two minutes as a rule, sometimes seven and more (https://cloud.google.com/iam/docs/access-change-propagation).
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aipress.errors import CloudBusy

T = TypeVar("T")
PATIENCE = 150.0  # seconds; whoever waits longer is asked again as a busy cloud is
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


class Unheard(CloudBusy):
    """Denied what was granted just now."""


async def once_heard(start: Callable[[], Awaitable[T]]) -> T:
    """What `start`, which may be said again, came to in the end. Raises Unheard where Google never heard."""
    loop = asyncio.get_running_loop()
    end, pause = loop.time() + PATIENCE, FIRST_PAUSE
    while True:
        try:
            return await start()
        except Unheard:
            if loop.time() + pause > end:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
