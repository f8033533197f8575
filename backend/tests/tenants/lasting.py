"""What lasts for a whole file of tests, because making it takes longer than using it, and is emptied between two of them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from aipress import durable
from aipress.kit.db import Database, Row
from tests.conftest import CLEAN, PostgreSQL
from tests.waiting import until

together = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database for each file of tests, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('rows')}/aipress.sqlite3"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    server.say(*CLEAN)
    yield server.url("postgres")


async def quiet() -> None:
    """No workflow runs any more: none holds a connection or writes a row."""

    async def is_quiet() -> bool:
        return await durable.stranded(timedelta(0)) == []

    await until(is_quiet)


async def emptied(rows: Database) -> None:
    """As if nobody had been here."""
    await quiet()
    async with rows.transaction() as session:
        for table in reversed(Row.metadata.sorted_tables):
            await session.execute(delete(table))
