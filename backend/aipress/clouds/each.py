"""Asking all clouds of the platform the same thing, so that one that does not answer stops no other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aipress import clouds
from aipress.clouds.base import Cloud
from aipress.errors import CloudBusy, CloudError
from aipress.kit import logs

log = logs.get()
T = TypeVar("T")


async def of_each(
    what: str, ask: Callable[[Cloud], Awaitable[T]], seconds: float | None = None
) -> dict[str, T]:
    """What every cloud answers, by its name; all are asked at once, and waited for so long (without: as long as they take).

    One that does not answer is left out, and a line says so.
    """
    asked = clouds.every()
    answers = await asyncio.gather(*(_answer(what, cloud, in_time(ask, seconds)) for cloud in asked))
    return {cloud.name: answer[0] for cloud, answer in zip(asked, answers, strict=True) if answer}


def in_time(ask: Callable[[Cloud], Awaitable[T]], seconds: float | None) -> Callable[[Cloud], Awaitable[T]]:
    """The same question, given up with CloudBusy after so many seconds."""

    async def hurried(cloud: Cloud) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await ask(cloud)
        except TimeoutError as error:
            if seconds is None:
                raise
            raise CloudBusy(f"It does not answer within {seconds:g} seconds.") from error

    return hurried


async def _answer(what: str, cloud: Cloud, ask: Callable[[Cloud], Awaitable[T]]) -> tuple[T] | None:
    try:
        return (await ask(cloud),)
    except CloudError as error:
        log.warning("a cloud does not answer; others go on", what=what, cloud=cloud.name, why=str(error))
    except Exception:
        log.exception("asking a cloud failed; others go on", what=what, cloud=cloud.name)
    return None
