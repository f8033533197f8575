"""What means nothing any more is forgotten; what still does is kept."""

from datetime import timedelta

from sqlalchemy import func, select

from aipress.api.housekeeping import tidy
from aipress.api.idempotency import LIFE, Deed
from aipress.kit import clock
from aipress.kit.db import Database
from aipress.users.models import BrowserSession, SignInLink
from tests import make


async def test_a_round_forgets_what_has_expired_and_nothing_else(rows: Database) -> None:
    ago, later = clock.in_seconds(-60), clock.in_seconds(60)
    person = await make.user(rows)
    for moment in (ago, later):
        await make.link(rows, "a@example.com", expires_at=moment)
        await make.session(rows, person, expires_at=moment)
    async with rows.transaction() as session:
        for key, age in (("old", LIFE + timedelta(seconds=1)), ("new", timedelta(0))):
            session.add(Deed(key=key, request_hash="", at=clock.now() - age))
    await tidy(rows)
    async with rows.reading() as session:
        kept = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (SignInLink, BrowserSession, Deed)
        ]
    assert kept == [1, 1, 1]
