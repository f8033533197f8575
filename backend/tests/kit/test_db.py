"""The database: how each engine is set up, when work is undone, and what waits for what."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import ForeignKey, String, delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from aipress.errors import CloudBusy
from aipress.kit import clock, db
from aipress.kit.db import Database

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


class Own(DeclarativeBase):
    """Tables of this test's own, which no migration knows."""


class Note(Own):
    """A row with a version, and maybe another it stands on."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    words: Mapped[str] = mapped_column(String(40), default="")
    below: Mapped[str | None] = mapped_column(ForeignKey("notes.id"), default=None)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the base class declares it so


@pytest.fixture
async def rows(database_url: str) -> AsyncIterator[Database]:
    rows = Database(database_url)
    async with rows.engine.begin() as connection:
        await connection.run_sync(Own.metadata.create_all)
    yield rows
    await rows.close()


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Database]:
    """The same database for somebody whose server is set to another time zone."""
    zone = "&options=-c%20timezone%3DAsia/Kolkata" if database_url.startswith("postgresql") else ""
    rows = Database(database_url + zone)
    yield rows
    await rows.close()


async def test_sqlite_keeps_what_was_committed_and_lets_readers_read_meanwhile(tmp_path: Path) -> None:
    rows = Database(f"sqlite+aiosqlite:///{tmp_path}/aipress.sqlite3")
    async with rows.reading() as session:
        found = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await rows.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


async def test_a_reader_is_not_held_up_by_a_writer_and_does_not_see_half_its_work(rows: Database) -> None:
    async with rows.writing() as writing:
        writing.add(Note(id="a"))
        await writing.flush()
        assert await asyncio.wait_for(ids_in(rows), 5) == []
        await writing.commit()
    assert await ids_in(rows) == ["a"]


async def test_many_who_write_at_once_all_get_their_turn(rows: Database) -> None:
    async def write(number: int) -> None:
        async with rows.transaction() as session:
            await session.scalars(select(Note))
            session.add(Note(id=f"{number:02}"))

    await asyncio.gather(*(write(number) for number in range(40)))
    assert len(await ids_in(rows)) == 40


async def test_work_that_fails_is_undone_as_a_whole(rows: Database) -> None:
    async def fail() -> None:
        async with rows.transaction() as session:
            session.add(Note(id="a"))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await ids_in(rows) == []


async def test_what_was_to_follow_a_commit_follows_it_once_and_never_without_it(rows: Database) -> None:
    heard: list[list[str]] = []

    async def look() -> None:
        heard.append(await ids_in(rows))

    async with rows.writing() as session:
        session.after_commit(look)
        session.add(Note(id="a"))
        await session.commit()
        await session.commit()
    async with rows.writing() as session:
        session.after_commit(look)
        session.add(Note(id="b"))
        await session.rollback()
    assert heard == [["a"]]


async def test_what_fails_behind_a_commit_does_not_make_it_look_undone(rows: Database) -> None:
    followed: list[str] = []

    async def fails() -> None:
        raise OSError("nobody there")

    async def follows() -> None:
        followed.append("yes")

    async with rows.writing() as session:
        session.after_commit(fails)
        session.after_commit(follows)
        session.add(Note(id="a"))
        await session.commit()
    assert (await ids_in(rows), followed) == (["a"], ["yes"])


async def test_who_changes_an_older_version_may_try_again(rows: Database) -> None:
    async with rows.transaction() as session:
        session.add(Note(id="a"))

    async def change_what_somebody_else_changes() -> None:
        async with rows.transaction() as session:
            note = await session.get_one(Note, "a")
            await session.execute(text("UPDATE notes SET version = 9"))
            note.at = NOON

    with pytest.raises(CloudBusy) as busy:
        await change_what_somebody_else_changes()
    assert isinstance(busy.value.__cause__, StaleDataError)


@pytest.mark.parametrize(
    "moment", [NOON, NOON.astimezone(timezone(timedelta(hours=-7))), NOON.astimezone(timezone.max)]
)
async def test_a_moment_comes_back_in_utc_whatever_zone_it_and_the_server_are_in(
    rows: Database, elsewhere: Database, moment: datetime
) -> None:
    async with rows.transaction() as session:
        session.add(Note(id="a", at=moment))
    for reader in (rows, elsewhere):
        async with reader.reading() as session:
            found = (await session.scalars(select(Note.at))).one()
        assert (found, found.isoformat()) == (NOON, "2026-05-04T12:00:00.123456+00:00")


async def test_the_text_of_an_error_does_not_hold_what_was_to_be_stored(rows: Database) -> None:
    async with rows.transaction() as session:
        session.add(Note(id="a"))
    with pytest.raises(IntegrityError) as refused:
        async with rows.transaction() as session:
            session.add(Note(id="a", words="hunter2"))
    assert "hunter2" not in str(refused.value)


async def test_what_another_row_stands_on_can_not_be_taken_away(rows: Database) -> None:
    async with rows.transaction() as session:
        session.add(Note(id="a"))
        await session.flush()
        session.add(Note(id="b", below="a"))
    with pytest.raises(IntegrityError):
        async with rows.transaction() as session:
            await session.execute(delete(Note).where(Note.id == "a"))
    assert await ids_in(rows) == ["a", "b"]


async def ids_in(rows: Database) -> list[str]:
    async with rows.reading() as session:
        return sorted(await session.scalars(select(Note.id)))
