"""The form of a dump: a first line that says what it needs, definitions, rows, and a last line that is only there when all the rest is.

Tables come before rows, and all else after them, so that no trigger fires and no row is checked while it is loaded.
"""

import hashlib
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import aclosing

import pymysql
from pymysql.cursors import Cursor

from aipress.clouds.wordpress import programs
from aipress.clouds.wordpress.definitions import Definition, Definitions
from aipress.clouds.wordpress.naming import quoted
from aipress.clouds.wordpress.programs import Door
from aipress.errors import CloudBusy, CloudRefused

FIRST, LAST = b"-- AIPress dump 1 ", b"\n-- AIPress dump, whole\n"
LONGEST_FIRST = 1_000_000  # bytes
LOCK_SECONDS = 30
GONE = {1051, 1146, 1305}  # no such table, view or routine
SETTINGS = (
    "SET NAMES utf8mb4; SET SESSION time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0, wait_timeout = 28800,"
    " sql_mode = 'NO_AUTO_VALUE_ON_ZERO' /*M!100100 , max_statement_time = 0 */;\n"
)
COLLATIONS = (
    "SELECT collation_name FROM information_schema.collations /*M!101001 UNION SELECT full_collation_name"
    " FROM information_schema.collation_character_set_applicability */"
)
KINDS = {"VIEW": "VIEW", "SEQUENCE": "SEQUENCE"}


async def written(
    door: Door, defined: Definitions, triggers: Sequence[Definition]
) -> AsyncGenerator[bytes, None]:
    """A dump of what is defined so, with all rows."""
    yield FIRST + json.dumps({"collations": defined.collations, "left": defined.left}).encode() + b"\n"
    yield SETTINGS.encode()
    for name, made in defined.tables.items():
        yield (_apart(name, made, defined.columns[name]) if name in defined.kept else f"{made};\n").encode()
    if defined.tables:
        async with aclosing(programs.read_rows(door, list(defined.tables))) as parts:
            async for part in parts:
                yield part
    yield SETTINGS.encode()
    for name, columns in defined.kept.items():
        yield _put_together(name, columns).encode()
    for view in defined.stand_ins:
        yield f"{view};\n".encode()
    for one in (*defined.routines, *defined.views, *triggers):
        yield _delimited(one).encode()
    yield LAST


async def told(dump: AsyncIterable[bytes]) -> tuple[dict[str, str], AsyncIterator[bytes]]:
    """The collations it needs, each with a table that does, and the rest of it. Raises CloudRefused for what is no dump."""
    parts = aiter(dump)
    begun = b""
    while b"\n" not in begun and len(begun) < LONGEST_FIRST:
        part = await anext(parts, b"")
        if not part:
            break
        begun += part
    first, _, rest = begun.partition(b"\n")
    try:
        needs = json.loads(first.removeprefix(FIRST)) if first.startswith(FIRST) else None
    except ValueError:
        needs = None
    if not isinstance(needs, dict):
        raise CloudRefused("That is no dump of a site's database. Nothing was changed.")
    return needs["collations"], _rest(rest, parts)


def check_collations(sql: Cursor, needed: Mapping[str, str]) -> None:
    """Raises CloudRefused, naming table and collation, where this server lacks one."""
    sql.execute(COLLATIONS)
    known = {str(row[0]) for row in sql.fetchall()}
    for collation, table in needed.items():
        if collation not in known:
            raise CloudRefused(
                f"Table {json.dumps(table)[:80]} is sorted by {collation[:80]}, which this server doesn't know. Nothing was changed."
            )


def empty(sql: Cursor, database: str) -> None:
    """Drop all that is in it."""
    sql.execute(f"SET SESSION foreign_key_checks = 0, lock_wait_timeout = {LOCK_SECONDS}")
    sql.execute(f"USE {quoted(database)}")
    sql.execute(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s", (database,)
    )
    for name, kind in sql.fetchall():
        _say_unless_gone(sql, f"DROP {KINDS.get(str(kind), 'TABLE')} {quoted(str(name))}", GONE)
    sql.execute(
        "SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = %s"
        " AND routine_type IN ('PROCEDURE', 'FUNCTION')",
        (database,),
    )
    for name, kind in sql.fetchall():
        _say_unless_gone(sql, f"DROP {kind} {quoted(str(name))}", GONE)


async def loaded(door: Door, statements: AsyncIterator[bytes]) -> None:
    """Say what `told` left of a dump. Raises CloudBusy, CloudRefused."""
    await programs.say(door, _whole(statements))


async def _whole(statements: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Raises CloudBusy where the last line is not there."""
    end = b""
    async for part in statements:
        end = (end + part)[-len(LAST) :]
        yield part
    if end != LAST:
        raise CloudBusy("The dump broke off before its end. What was loaded of it is worth nothing.")


async def _rest(rest: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield rest
    async for part in parts:
        yield part


def _apart(name: str, made: str, columns: Sequence[str]) -> str:
    """Make a table that has columns made of others under another name, and in its place one that takes all rows as they were read:
    MySQL takes no values for such columns."""
    ready, table = quoted(_ready(name)), quoted(name)
    first = f"CREATE TABLE {table} "
    if not made.startswith(first):
        raise CloudRefused(f"Table {json.dumps(name)[:80]} can't be read. Nothing was changed.")
    taken = ", ".join(map(quoted, columns))
    taking = f"CREATE TABLE {table} AS SELECT {taken} FROM {ready} LIMIT 0"  # noqa: S608 - quoted, and said as their owner
    return f"CREATE TABLE {ready} {made.removeprefix(first)};\n{taking};\n"


def _put_together(name: str, columns: Sequence[str]) -> str:
    """The table itself, with the rows that were taken in its place."""
    ready, table, kept = quoted(_ready(name)), quoted(name), ", ".join(map(quoted, columns))
    moved = f"INSERT INTO {ready} ({kept}) SELECT {kept} FROM {table}"  # noqa: S608 - quoted, and said as their owner
    return f"{moved};\nDROP TABLE {table};\nRENAME TABLE {ready} TO {table};\n"


def _ready(name: str) -> str:
    """Nobody else's name."""
    return f"aipress-{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def _delimited(one: Definition) -> str:
    """With an end that is nowhere in it: a routine is made of statements itself."""
    end = f"//{secrets.token_hex(6)}"  # the program takes no longer one
    return f"SET SESSION sql_mode = '{one.mode}';\nDELIMITER {end}\n{one.sql}\n{end}\nDELIMITER ;\n"


def _say_unless_gone(sql: Cursor, statement: str, gone: set[int]) -> None:
    try:
        sql.execute(statement)
    except pymysql.err.MySQLError as error:
        if error.args[0] not in gone:
            raise
