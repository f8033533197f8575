"""To have a site only read: its WordPress keeps the rights to read alone, and a mark among its options lets it say so kindly.

A connection keeps the rights it began with, so those that were there before have to end.
"""

import pymysql
from pymysql.cursors import Cursor

from aipress.clouds.wordpress.naming import quoted
from aipress.clouds.wordpress.tables import RIGHTS

MARK = "aipress_read_only"
"""The option that `mu-plugins/aipress/read-only.php` looks for."""
KEPT = ("SELECT", "SHOW VIEW", "EXECUTE", "CREATE TEMPORARY TABLES")
TAKEN = ", ".join(right for right in RIGHTS.split(", ") if right not in KEPT)
NO_SUCH_TABLE, NO_SUCH_THREAD = 1146, 1094
LOCK_SECONDS = 3
IS_MARKED = "SELECT 1 FROM wp_options WHERE option_name = %s"
SET_MARK = "INSERT INTO wp_options (option_name, option_value, autoload) VALUES (%s, '1', 'on')"
TAKE_MARK = "DELETE FROM wp_options WHERE option_name = %s"


def mark(sql: Cursor, database: str) -> None:
    """Said by the environment's own user, while it may write. Where there is no WordPress nobody has to be told. Whoever holds all
    options for themselves is waited for by being asked again."""
    sql.execute(f"SET SESSION innodb_lock_wait_timeout = {LOCK_SECONDS}")
    sql.execute(f"USE {quoted(database)}")
    try:
        if not sql.execute(IS_MARKED, (MARK,)):
            sql.execute(SET_MARK, (MARK,))
    except pymysql.err.ProgrammingError as error:
        if error.args[0] != NO_SUCH_TABLE:
            raise


def unmark(sql: Cursor, database: str) -> None:
    """Said by the environment's own user, when it may write again."""
    sql.execute(f"USE {quoted(database)}")
    try:
        sql.execute(TAKE_MARK, (MARK,))
    except pymysql.err.ProgrammingError as error:
        if error.args[0] != NO_SUCH_TABLE:
            raise


def narrow(sql: Cursor, database: str, grantee: str) -> set[int]:
    """Leave this user the rights to read; which of its connections began with more. Said by the administrator."""
    sql.execute(f"GRANT {', '.join(KEPT)} ON {quoted(database)}.* TO {grantee}")
    sql.execute(f"REVOKE {TAKEN} ON {quoted(database)}.* FROM {grantee}")
    return connections(sql, database)


def widen(sql: Cursor, database: str, grantee: str) -> None:
    """Give it all rights it had."""
    sql.execute(f"GRANT {RIGHTS} ON {quoted(database)}.* TO {grantee}")


def connections(sql: Cursor, user: str) -> set[int]:
    """Its connections now."""
    sql.execute("SELECT id FROM information_schema.processlist WHERE user = %s", (user,))
    return {int(row[0]) for row in sql.fetchall()}


def end(sql: Cursor, ids: set[int]) -> None:
    """End these connections; what they had not committed never was."""
    for id in ids:
        try:
            sql.execute(f"KILL {id:d}")
        except pymysql.err.MySQLError as error:
            if error.args[0] != NO_SUCH_THREAD:
                raise
