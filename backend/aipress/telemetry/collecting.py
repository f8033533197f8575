"""Metrics are kept up to date: three times a minute somebody looks at what every environment uses just then."""

import asyncio

from aipress.clouds.base import Cloud
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.tenants import ledger

log = logs.get()
LOOK_SECONDS = 20.0


async def keep_collecting(rows: Database, cloud: Cloud, every: float = LOOK_SECONDS) -> None:
    """A look at one cloud every so many seconds, until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await collect(rows, cloud)
        except CloudError as error:
            log.warning("metrics are not collected just now", cloud=cloud.name, why=str(error))
        except Exception:
            log.exception("a look for metrics failed; the next one comes")


async def collect(rows: Database, cloud: Cloud) -> None:
    """Note what every environment that is on this cloud uses at this moment."""
    await cloud.metrics.collect(await ledger.environments_there(rows, cloud.name), clock.now())
