"""A few environments made ahead of time, so that a site is there in a blink. Claiming one is in `service`."""

import asyncio
from contextlib import suppress
from typing import Literal

from sqlalchemy import func, select

from aipress import clouds, durable
from aipress.errors import CloudError
from aipress.kit import ids, logs
from aipress.kit.db import Database
from aipress.tenants import workflows
from aipress.tenants.models import Environment

log = logs.get()
QUIET_SECONDS = 2.0  # between two looks at a pool that nobody told us has changed
SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 60.0
_bells: set[asyncio.Event] = set()


async def look_soon() -> None:
    """A prepared environment was claimed: whoever keeps the pool should look now."""
    for bell in _bells:
        bell.set()


async def keep_full(rows: Database, size: int) -> None:
    """Prepare environments, one at a time, whenever fewer than `size` are ready. Runs until cancelled.

    After a preparation that failed the next one waits, ever longer: what failed once will likely fail again.
    """
    bell, pause = asyncio.Event(), SHORTEST_PAUSE
    _bells.add(bell)
    try:
        while True:
            bell.clear()
            outcome = await _look(rows, size)
            pause = min(pause * 2, LONGEST_PAUSE) if outcome == "failed" else SHORTEST_PAUSE
            if outcome == "full":
                with suppress(TimeoutError):
                    async with asyncio.timeout(QUIET_SECONDS):
                        await bell.wait()
            else:
                await asyncio.sleep(pause)
    finally:
        _bells.discard(bell)


async def _look(rows: Database, size: int) -> Literal["full", "made", "failed"]:
    """Make one environment if the pool is short of one."""
    try:
        if not await _is_short(rows, size):
            return "full"
        return "made" if await _prepare_one(rows) else "failed"
    except CloudError as error:
        log.warning("the pool is not filled just now", why=str(error))
    except Exception:
        log.exception("the pool could not be filled")
    return "failed"


async def _is_short(rows: Database, size: int) -> bool:
    """Whether one more should be made now: room in the pool, and none on its way."""
    async with rows.reading() as session:
        counted = select(Environment.state, func.count()).where(
            Environment.state.in_(("preparing", "pooled")), Environment.cloud == clouds.current().name
        )
        found = dict((await session.execute(counted.group_by(Environment.state))).all())
    return found.get("preparing", 0) == 0 and found.get("pooled", 0) < size


async def _prepare_one(rows: Database) -> bool:
    """Make one, and say whether it came to be."""
    await clouds.current().runtime.check_room()
    environment_id = ids.short()
    async with rows.transaction() as session:
        session.add(Environment(id=environment_id, cloud=clouds.current().name, attempt=2))
        session.after_commit(lambda: durable.start(workflows.prepare, environment_id))
    await durable.ended(durable.name_of(workflows.prepare, environment_id))
    async with rows.reading() as session:
        found = await session.scalar(select(Environment.state).where(Environment.id == environment_id))
    return found != "failed"
