"""The migrations make the schema the code thinks there is."""

from collections.abc import AsyncIterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import aipress.api.app  # noqa: F401  (every table)
from aipress.api import schema
from aipress.kit.db import Database, Row


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Database]:
    rows = Database(database_url)
    yield rows
    await rows.close()


async def test_migrations_lead_to_the_tables_the_code_declares(empty: Database) -> None:
    await schema.upgrade(empty)
    await schema.upgrade(empty)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Row.metadata)
        return [one for one in found if not _is_the_engines(one)]

    async with empty.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def _is_the_engines(difference: object) -> bool:
    """The workflow engine keeps tables of its own in the same PostgreSQL."""
    return "dbos" in str(difference)
