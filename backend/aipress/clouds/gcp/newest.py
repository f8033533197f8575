"""Changes on the basis of what was read: somebody else may have been quicker, and then it is read again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aipress.clouds.gcp.answers import Changed
from aipress.errors import CloudBusy

T = TypeVar("T")
PAUSES = (0.05, 0.2, 0.5, 1.0)


async def on_newest(change: Callable[[], Awaitable[T]]) -> T:
    """What `change`, which reads and writes, came to in the end. Raises CloudBusy where others were always quicker."""
    for pause in PAUSES:
        try:
            return await change()
        except Changed:
            await asyncio.sleep(pause)
    try:
        return await change()
    except Changed as error:
        raise CloudBusy(f"{error} Others change it too; ask again.") from error
