"""What means nothing any more is forgotten, at start and every hour: links, sessions, counts, and deeds past their day."""

import asyncio

from aipress.api import idempotency
from aipress.kit import logs
from aipress.kit.db import Database
from aipress.users import sign_in

log = logs.get()
EVERY_SECONDS = 3600


async def keep_tidy(rows: Database) -> None:
    """Tidy now, then every hour, until cancelled."""
    while True:
        try:
            await tidy(rows)
        except Exception:
            log.exception("tidying failed; the next round comes")
        await asyncio.sleep(EVERY_SECONDS)


async def tidy(rows: Database) -> None:
    """One round."""
    async with rows.transaction() as session:
        await sign_in.forget_expired(session)
        await idempotency.forget_old(session)
