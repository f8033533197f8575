"""Waiting in tests: until something is true, with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T | None]], seconds: float = 20, pause: float = 0.02) -> T:
    """What `look` returns, as soon as it is not None or False. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = await look()
        if found is not None and found is not False:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s: {look.__name__}")
        await asyncio.sleep(pause)
