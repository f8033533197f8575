"""The database: one engine a process, SQLite in WAL or PostgreSQL by URL, and sessions that begin the right way.

A writing session on SQLite begins IMMEDIATE, so that two writers queue instead of one failing late.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, SessionTransaction
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from aipress.errors import CloudBusy
from aipress.kit import logs

log = logs.get()

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, with its zone, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        moment: datetime | None = value
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Noting(PlainSession):
    """A session that notes which rows it writes."""


CHANGED = "changed"


@event.listens_for(Noting, "after_flush")
def _note(session: Noting, _context: object) -> None:
    written = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    session.info.setdefault(CHANGED, {}).update({id(row): row for row in written})


@event.listens_for(Noting, "after_soft_rollback")
def _forget(session: Noting, undone: SessionTransaction) -> None:
    if not undone.nested:
        session.info.pop(CHANGED, None)


class Session(AsyncSession):
    """A session that remembers what to do once its work is safe, and tells which rows it changed."""

    sync_session_class = Noting

    def note(self, row: Row) -> None:
        """Say that a statement changed this row, which the session can't see by itself."""
        self.info.setdefault(CHANGED, {})[id(row)] = row

    async def take_turns(self, name: str) -> None:
        """Of all that say this name, one at a time goes on until its transaction ends. SQLite's writers wait for each other anyhow."""
        if self.get_bind().dialect.name == "postgresql":
            await self.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})

    def after_commit(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` after this session's transaction is committed; never if it is not."""
        self.info.setdefault("after_commit", []).append(work)

    async def commit(self) -> None:
        say = await self._about_to_commit()
        await super().commit()
        if say is not None:
            say()
        for work in self.info.pop("after_commit", []):
            try:
                await work()
            except Exception:
                # It is committed: to say now that it failed would be wrong. Whoever reconciles takes it up.
                log.exception("what was to follow a commit failed")

    async def _about_to_commit(self) -> Callable[[], None] | None:
        listener: Listener | None = self.info["listener"]()
        if listener is None:
            return None
        await self.flush()
        changed = self.info.pop(CHANGED, {})
        return await listener(self, list(changed.values())) if changed else None


Listener = Callable[[Session, Sequence[Row]], Awaitable[Callable[[], None] | None]]


class Database:
    """One engine and the two ways to open a session on it.

    `on_commit` hears in each transaction, just before it is committed, of the rows it changed; what it returns is called after.
    """

    def __init__(self, url: str) -> None:
        self.on_commit: Listener | None = None
        self.engine = make_engine(url)
        self._writing = self.engine.execution_options(begin="IMMEDIATE")

    def reading(self) -> Session:
        """A session for looking things up."""
        return self._session(self.engine)

    def writing(self) -> Session:
        """A session that may change things."""
        return self._session(self._writing)

    def _session(self, engine: AsyncEngine) -> Session:
        return Session(engine, expire_on_commit=False, info={"listener": lambda: self.on_commit})

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """One unit of work: committed at the end, undone if it fails. Raises CloudBusy where trying again may help."""
        try:
            async with self.writing() as session:
                yield session
                await session.commit()
        except (OperationalError, StaleDataError) as error:
            raise CloudBusy("The control plane's database could not write just now.") from error

    async def close(self) -> None:
        await self.engine.dispose()


def make_engine(url: str) -> AsyncEngine:
    """An engine for `url` (SQLAlchemy, async driver) with SQLite set up for many readers and a safe writer.

    Its errors don't quote what was to be stored: they end in logs.
    """
    if not url.startswith("sqlite"):
        url = url.replace("postgresql://", "postgresql+psycopg://")
        return create_async_engine(url, pool_size=20, hide_parameters=True)
    engine = create_async_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _tune_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Take transaction control from the driver and make writes durable."""
    raw: SQLiteConnection = (
        connection.driver_connection if hasattr(connection, "driver_connection") else connection
    )
    raw.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    how = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {how}")
