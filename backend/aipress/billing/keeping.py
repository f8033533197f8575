"""Costs are kept up to date: every few minutes what environments use is noted, every hour and every day it is counted."""

import asyncio

from aipress import durable
from aipress.billing import workflows
from aipress.clouds.base import Cloud
from aipress.clouds.each import of_each
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.tenants import ledger

log = logs.get()
FIRST_BY_HAND = 1000  # attempts from here on were asked for


async def keep_counting(rows: Database, every: float) -> None:
    """A round every so many seconds, until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await meter_all(rows)
            await count_what_is_due()
        except CloudError as error:
            log.warning("costs are not metered just now", why=str(error))
        except Exception:
            log.exception("a round of metering costs failed; the next one comes")


async def meter_all(rows: Database) -> None:
    """Note what every environment that is there used until now, on each cloud."""
    now = clock.now()

    async def meter(cloud: Cloud) -> None:
        await cloud.costs.meter(await ledger.environments_there(rows, cloud.name), now)

    await of_each("what sites use", meter)


async def count_now(rows: Database) -> None:
    """Note what is used up to this moment, and start counting it, whether that is due or not; once a second at most."""
    await meter_all(rows)
    now = clock.now()
    subject, attempt = f"{now:%Y-%m-%dT%H}", FIRST_BY_HAND + now.minute * 60 + now.second
    await durable.start(workflows.count_costs, subject, attempt)


async def count_what_is_due() -> None:
    """Start the count of this day and of this hour, unless they were started before."""
    now = clock.now()
    for subject in (f"{now:%Y-%m-%d}", f"{now:%Y-%m-%dT%H}"):
        await durable.start(workflows.count_costs, subject)
