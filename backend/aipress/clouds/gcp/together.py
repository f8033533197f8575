"""Several requests at once, as many as Google's quotas and one connection pool bear."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 6


async def together(work: Iterable[Awaitable[T]], most: int = AT_ONCE) -> list[T]:
    """What each came to, in order. All have ended when this returns, or raises what the first of them failed with."""
    room = asyncio.Semaphore(most)

    async def one(part: Awaitable[T]) -> T:
        async with room:
            return await part

    found = await asyncio.gather(*map(one, work), return_exceptions=True)
    for came in found:
        if isinstance(came, BaseException):
            raise came
    return [came for came in found if not isinstance(came, BaseException)]
