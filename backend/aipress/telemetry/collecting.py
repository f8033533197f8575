"""Metrics are kept up to date: three times a minute somebody looks at what every environment uses just then."""

import asyncio

from sqlalchemy import select

from aipress import clouds
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.tenants.models import Environment

log = logs.get()
THERE = ("live", "pooled")
LOOK_SECONDS = 20.0


async def keep_collecting(rows: Database, every: float = LOOK_SECONDS) -> None:
    """A look every so many seconds, until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await collect(rows)
        except CloudError as error:
            log.warning("metrics are not collected just now", why=str(error))
        except Exception:
            log.exception("a look for metrics failed; the next one comes")


async def collect(rows: Database) -> None:
    """Note what every environment that is there uses at this moment."""
    async with rows.reading() as session:
        here = select(Environment).where(
            Environment.state.in_(THERE), Environment.cloud == clouds.current().name
        )
        environments = [one.spec() for one in await session.scalars(here)]
    await clouds.current().metrics.collect(environments, clock.now())
