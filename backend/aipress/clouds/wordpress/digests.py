"""A digest of all rows of a database: which server keeps them, and in what order, makes no difference.

Each row is hashed by itself and the hashes are summed, so that there is nothing to sort: two databases have one digest where they have
the same rows, each as often. Only what a connection was told is compared: text as UTF-8, times as UTC.
"""

import hashlib
from collections.abc import Iterable

from pymysql.cursors import Cursor, SSCursor

from aipress.clouds.wordpress.freezing import MARK
from aipress.clouds.wordpress.naming import quoted

WHOLE = 1 << 512
ONE_MOMENT = (
    "SET SESSION time_zone = '+00:00', sql_mode = '' /*M!100100 , max_statement_time = 0 */",
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT",
)
COLUMNS = (
    "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t"
    " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
    " WHERE c.table_schema = %s AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position"
)


def digest(sql: Cursor, database: str) -> str:
    """Of its tables' names, columns and rows; SHA-256 as hex. Holds one row at a time."""
    for statement in ONE_MOMENT:
        sql.execute(statement)
    sql.execute(f"USE {quoted(database)}")
    sql.execute(COLUMNS, (database,))
    columns: dict[str, list[str]] = {}
    for table, column in sql.fetchall():
        columns.setdefault(str(table), []).append(str(column))
    whole = hashlib.sha256()
    for table in sorted(columns, key=str.encode):
        many, summed = _rows(sql, table, columns[table])
        names = b"".join(map(_told, (table.encode(), *(column.encode() for column in columns[table]))))
        whole.update(_told(names) + many.to_bytes(8, "big") + summed.to_bytes(64, "big"))
    return whole.hexdigest()


def _rows(sql: Cursor, table: str, columns: list[str]) -> tuple[int, int]:
    """How many there are, and the sum of their hashes. The mark of a frozen site is no row of it."""
    named = ", ".join(map(quoted, columns))
    asked = f"SELECT {named} FROM {quoted(table)}"  # noqa: S608 - quoted, and said as their owner
    if table == "wp_options" and "option_name" in columns:
        asked += f" WHERE option_name <> '{MARK}' OR option_name IS NULL"
    many, summed = 0, 0
    for row in _raw(sql, asked):
        hashed = hashlib.sha512(b"".join(map(_told, row))).digest()
        many, summed = many + 1, (summed + int.from_bytes(hashed, "big")) % WHOLE
    return many, summed


def _raw(sql: Cursor, asked: str) -> "Iterable[tuple[bytes | None, ...]]":
    """Rows as the server sends them, one at a time."""
    line = sql.connection
    decoders, line.decoders, line.use_unicode = line.decoders, {}, False
    try:
        with line.cursor(SSCursor) as rows:
            rows.execute(asked)
            yield from rows.fetchall_unbuffered()
    finally:
        line.decoders, line.use_unicode = decoders, True


def _told(value: bytes | None) -> bytes:
    return b"-" if value is None else b"+" + len(value).to_bytes(8, "big") + value
