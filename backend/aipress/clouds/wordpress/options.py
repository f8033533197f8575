"""One option of many WordPresses at once, read past whatever their tenants made of their databases.

A tenant may put a view in a table's place, and a view can do in the name of whoever reads it what its maker may not. HANDLER
reads tables and nothing else, and no lock or length keeps the question from going on.
"""

from collections.abc import Sequence

import pymysql
from pymysql.cursors import Cursor

from aipress.clouds.wordpress.failures import UNREACHABLE

AT_ONCE = 100
LONGEST = 1_000_000  # bytes of a value
# Each server reads the comment that is meant for it: MariaDB the first, MySQL the second.
QUICKLY = (
    "SET SESSION innodb_lock_wait_timeout = 1 /*M! , lock_wait_timeout = 0, max_statement_time = 5 */"
    " /*!80000 , lock_wait_timeout = 1, max_execution_time = 5000 */"
)
ONE = (
    "HANDLER `{name}`.wp_options OPEN AS {name};"
    " HANDLER {name} READ option_name = (%s) WHERE LENGTH(option_value) <= {longest} LIMIT 1;"
    " HANDLER {name} CLOSE"
)


def read_option(sql: Cursor, option: str, databases: Sequence[str]) -> dict[str, str]:
    """The option's value by database, whose names are ours; those where it can't be read now are left out."""
    found: dict[str, str] = {}
    sql.execute(QUICKLY)
    first = 0
    while first < len(databases):
        first += _read(sql, option, databases[first : first + AT_ONCE], found)
    return found


def _read(sql: Cursor, option: str, names: Sequence[str], found: dict[str, str]) -> int:
    """Ask them all in one go. The first that refuses ends it: says how many are settled, that one included."""
    settled = 0
    try:
        sql.execute(
            "; ".join(ONE.format(name=name, longest=LONGEST) for name in names), [option] * len(names)
        )
        for name in names:
            sql.nextset()
            value = _value(sql)
            if value is not None:
                found[name] = value
            sql.nextset()
            sql.nextset()
            settled += 1
    except pymysql.err.MySQLError as error:
        if not error.args or error.args[0] in UNREACHABLE or not isinstance(error, pymysql.err.DatabaseError):
            raise
        settled += 1
    return settled


def _value(sql: Cursor) -> str | None:
    row = sql.fetchone()
    columns = [each[0] for each in sql.description or ()]
    value = row[columns.index("option_value")] if row and "option_value" in columns else None
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
