"""A few environments made ahead of time, so that a site is there in a blink. Claiming one is in `service`."""

import asyncio

from sqlalchemy import func, select

from aipress import clouds, durable
from aipress.kit import ids, logs
from aipress.kit.db import Database
from aipress.tenants import workflows
from aipress.tenants.models import Environment

log = logs.get()
LOOK_AGAIN = 0.05  # seconds between two looks at the pool


async def keep_full(rows: Database, size: int) -> None:
    """Prepare environments, one at a time, whenever fewer than `size` are ready. Runs until cancelled."""
    while True:
        try:
            if await _is_short(rows, size):
                await _prepare_one(rows)
        except Exception:
            log.exception("the pool could not be filled; trying again")
            await asyncio.sleep(5)
        await asyncio.sleep(LOOK_AGAIN)


async def _is_short(rows: Database, size: int) -> bool:
    """Whether one more should be made now: room in the pool, and none on its way."""
    async with rows.reading() as session:
        counted = select(Environment.state, func.count()).where(
            Environment.state.in_(("preparing", "pooled"))
        )
        found = dict((await session.execute(counted.group_by(Environment.state))).tuples().all())
    return found.get("preparing", 0) == 0 and found.get("pooled", 0) < size


async def _prepare_one(rows: Database) -> None:
    await clouds.current().runtime.check_room()
    async with rows.transaction() as session:
        environment = Environment(id=ids.short(), cloud=clouds.current().name, attempt=2)
        session.add(environment)
        session.after_commit(lambda: durable.start(workflows.prepare, environment.id))
