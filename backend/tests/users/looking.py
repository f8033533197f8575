"""Looking behind the API: what is stored, and which statements were said."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, func, select

from aipress.audit.models import AuditEntry
from aipress.kit.db import Database, Row


@dataclass
class Statements:
    seen: list[str] = field(default_factory=list)


@contextmanager
def statements_of(rows: Database) -> Iterator[Statements]:
    """The SQL said to the database meanwhile."""
    heard = Statements()

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.seen.append(statement)

    event.listen(rows.engine.sync_engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(rows.engine.sync_engine, "before_cursor_execute", hear)


async def count(rows: Database, table: type[Row]) -> int:
    async with rows.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def everything_in(rows: Database) -> str:
    """Every value of every row of every table."""
    async with rows.reading() as session:
        tables = [(await session.execute(select(table))).all() for table in Row.metadata.sorted_tables]
    return json.dumps([[list(row) for row in table] for table in tables], default=str)


async def audited(rows: Database) -> list[tuple[str, str, str]]:
    """What was noted, oldest first: who, did what, to what."""
    async with rows.reading() as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id))).all()
    return [(entry.actor_id, entry.action, entry.subject) for entry in entries]
