"""The workflow engine from behind: what `durable` lets nobody do, and everything it has written down."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from dbos import DBOS


async def break_off(workflow_id: str) -> None:
    """No further step of this workflow is begun, and it will never go on."""
    await DBOS.cancel_workflow_async(workflow_id)


def disguise(url: str, workflow_id: str, **columns: object) -> None:
    """Write something else into a workflow's own row."""
    with _tables(url) as (connection, tables):
        status = tables["workflow_status"]
        connection.execute(sa.update(status).where(status.c.workflow_uuid == workflow_id).values(**columns))


def everything_written(url: str) -> dict[str, list[str]]:
    """All that the engine's tables hold, a string for every row of each."""
    with _tables(url) as (connection, tables):
        return {
            name: [str(tuple(row)) for row in connection.execute(sa.select(table))]
            for name, table in tables.items()
        }


@contextmanager
def _tables(url: str) -> Iterator[tuple[sa.Connection, dict[str, sa.Table]]]:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    found = sa.MetaData(schema=None if url.startswith("sqlite") else "dbos")
    try:
        with engine.begin() as connection:
            found.reflect(connection)
            yield connection, {table.name: table for table in found.sorted_tables}
    finally:
        engine.dispose()
