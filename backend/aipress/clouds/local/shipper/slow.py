"""MariaDB's slow log, which it keeps as a table: there no statement can pretend to be a line, and who ran it is a column.

The table is taken away whole and an empty one put in its place, at once; then it is read row by row, and dropped when all is kept.
The mark's position says which table it is and how many of its rows are kept.
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pymysql
from pymysql.cursors import Cursor, SSCursor

from aipress.clouds.local.logs.logbook import Logbook, Mark
from aipress.clouds.local.logs.writing import Entry
from aipress.clouds.local.shipper import shaping
from aipress.clouds.local.shipper.owners import Owners
from aipress.clouds.local.shipper.shaping import Said, Spot
from aipress.kit import logs

log = logs.get()
NAME = "mariadb/slow"
LOG, SHELF = "mysql.slow_log", "aipresslogs"
ROWS = 24  # bits of a position
MOST_AT_ONCE = 2000
AFTER_A_FAILURE = 60.0
LOOK_SECONDS = 5.0
SLOW_SECONDS = 0.5  # a tenant may have its own session log more, as many as it likes: those are not kept
CRASHED = {144, 145, 1194, 1195}  # a table of text files that a killed server left open
USER = re.compile(r"w([0-9a-f]{12})\[")
REQUEST = re.compile(r"/\*aipress ([0-9a-f]{32})\*/")
MILLISECOND = timedelta(milliseconds=1)
QUESTION = "SELECT start_time, user_host, query_time, lock_time, rows_sent, rows_examined, sql_text FROM {}.{} WHERE query_time >= %s"

Kept = tuple[list[Entry], Mark]


@dataclass
class SlowQueries:
    """The slow log of the server behind `socket`; `account` may take it away."""

    socket: Path
    account: str
    least_seconds: float = SLOW_SECONDS
    _looked: float = 0.0

    def news(self, logbook: Logbook, owners: Owners) -> Iterator[Kept]:
        """What is to be kept, with the mark that says it is. Nothing while MariaDB does not answer; it keeps its table."""
        if time.monotonic() < self._looked + LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            with closing(self._connected()) as connection:
                yield from self._taken(connection, _mark(logbook), owners)
        except pymysql.err.OperationalError:
            return
        except pymysql.err.MySQLError as error:
            log.error("the slow log can't be read", why=str(error))
            self._looked += AFTER_A_FAILURE

    def look_now(self) -> None:
        self._looked = 0.0

    def _connected(self) -> "pymysql.Connection[Cursor]":
        return pymysql.connect(
            unix_socket=str(self.socket),
            user=self.account,
            autocommit=True,
            connect_timeout=5,
            read_timeout=60,
            ssl_disabled=True,
            init_command="SET time_zone = '+00:00', lc_time_names = 'en_US'",
        )

    def _taken(self, connection: "pymysql.Connection[Cursor]", mark: Mark, owners: Owners) -> Iterator[Kept]:
        with connection.cursor() as sql:
            taken = _tables(sql)
            for number in [one for one in taken if one < mark.position >> ROWS]:
                sql.execute(f"DROP TABLE {_table(number)}")
            number = mark.position >> ROWS
            if number not in taken and not self._take(sql, number):
                return
        done = mark.position & ((1 << ROWS) - 1)
        for rows in self._rows(connection, number, done):
            entries = [
                entry
                for n, row in rows
                if (entry := _entry(Spot(mark.serial, number << 20 | n, shaping.now()), row, owners))
            ]
            yield entries, replace(mark, position=number << ROWS | (rows[-1][0] + 1))
        yield [], replace(mark, position=(number + 1) << ROWS)
        with connection.cursor() as sql:
            sql.execute(f"DROP TABLE {_table(number)}")

    def _take(self, sql: Cursor, number: int) -> bool:
        """Put an empty table in the log's place; False while there is nothing in it."""
        _mended(sql, LOG, f"SELECT 1 FROM {LOG} LIMIT 1")  # noqa: S608 - ours
        if not sql.fetchall():
            return False
        sql.execute(f"DROP TABLE IF EXISTS {SHELF}.fresh")
        sql.execute(f"CREATE TABLE {SHELF}.fresh LIKE {LOG}")
        sql.execute(f"RENAME TABLE {LOG} TO {_table(number)}, {SHELF}.fresh TO {LOG}")
        return True

    def _rows(
        self, connection: "pymysql.Connection[Cursor]", number: int, done: int
    ) -> Iterator[list[tuple[int, tuple[Any, ...]]]]:
        """The rows behind those that are kept already, numbered, some at a time."""
        question = QUESTION.format(SHELF, f"taken{number}")
        with connection.cursor(SSCursor) as sql:
            _mended(sql, _table(number), question, timedelta(seconds=self.least_seconds))
            n = 0
            while rows := sql.fetchmany(MOST_AT_ONCE):
                numbered = [(n + i, row) for i, row in enumerate(rows) if n + i >= done]
                n += len(rows)
                if numbered:
                    yield numbered


def normal(statement: str) -> str:
    """A statement without its values, comments and layout, so that the same question looks the same."""
    text = statement[:65_536]
    for found, instead in SHAPES:
        text = found.sub(instead, text)
    return text.strip()


SHAPES = (
    (re.compile(r"/\*.*?\*/", re.DOTALL), " "),
    (re.compile(r"'(?:[^'\\]|\\.|'')*(?:'|$)|\"(?:[^\"\\]|\\.|\"\")*(?:\"|$)", re.DOTALL), "?"),
    (re.compile(r"\b0x[0-9a-fA-F]+\b|\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b"), "?"),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\(\s?\?(?:\s?,\s?\?)*\s?\)"), "(?)"),
    (re.compile(r"\(\?\)(?:\s?,\s?\(\?\))+"), "(?)"),
)


def _entry(spot: Spot, row: Sequence[Any], owners: Owners) -> Entry | None:
    began, who, took, locked, sent, examined, text = row
    user = USER.match(str(who))
    tenant = owners.tenant_of(user[1]) if user else ""
    if not user or not tenant:
        return None
    statement = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    request, asked = REQUEST.search(statement), normal(statement)
    fields = {
        "statement": asked,
        "duration_ms": round(took / MILLISECOND, 3),
        "lock_ms": round(locked / MILLISECOND, 3),
        "rows_sent": int(sent),
        "rows_examined": int(examined),
    }
    happened = shaping.moment(began.replace(tzinfo=UTC).isoformat()) if isinstance(began, datetime) else 0
    message = f"Slow query, {took / MILLISECOND:,.0f} ms: {asked[:1000]}"
    said = Said("slow", "warning", message, request[1] if request else "", happened)
    return shaping.entry(spot, (tenant, user[1]), said, fields)


def _mark(logbook: Logbook) -> Mark:
    known = [mark for mark in logbook.marks() if mark.name == NAME]
    if known:
        return known[0]
    fresh = Mark(logbook.next_serial("source"), NAME, 0, "", 1 << ROWS)
    logbook.write((fresh,), (), {})
    return fresh


def _tables(sql: Cursor) -> list[int]:
    sql.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_name REGEXP '^taken[0-9]+$'",
        (SHELF,),
    )
    return sorted(int(str(row[0]).removeprefix("taken")) for row in sql.fetchall())


def _table(number: int) -> str:
    return f"{SHELF}.taken{number}"


def _mended(sql: Cursor, table: str, question: str, *values: object) -> None:
    """Ask; a table that a killed server left in disorder is repaired first."""
    try:
        sql.execute(question, values)
    except pymysql.err.MySQLError as error:
        if not error.args or error.args[0] not in CRASHED:
            raise
        sql.execute(f"REPAIR TABLE {table}")
        sql.fetchall()
        sql.execute(question, values)
