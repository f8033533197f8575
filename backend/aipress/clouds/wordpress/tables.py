"""What a cloud does in a site's own database: fills it, introduces the site, admits somebody, looks what its tables are like.

A tenant may have exchanged a table for a view, which acts with the rights of whoever uses it. So what reads or writes tables here is
said as the environment's own user.
"""

import json
from collections.abc import Sequence

from pymysql.cursors import Cursor

from aipress.clouds.base import Identity, LoginTicket
from aipress.clouds.wordpress.introducing import introduced, personalise

Shape = tuple[str, int, frozenset[str], frozenset[str]]
RIGHTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE TEMPORARY TABLES, LOCK TABLES, REFERENCES, "
    "CREATE VIEW, SHOW VIEW, TRIGGER, CREATE ROUTINE, ALTER ROUTINE, EXECUTE"
)
"""What WordPress and its plugins need inside their own database; nothing that reaches outside it, no GRANT OPTION."""
LAST_TABLE = (
    "wp_users"  # the dump's tables come in alphabetical order: with this one in, the import was complete
)


def is_filled(sql: Cursor, database: str) -> bool:
    """Whether a WordPress is in it, whole."""
    wanted = "SELECT 1 FROM information_schema.tables WHERE table_schema = %s AND table_name = %s"
    any_row = f"SELECT 1 FROM `{database}`.`{LAST_TABLE}` LIMIT 1"  # noqa: S608 - both names are ours
    return sql.execute(wanted, (database, LAST_TABLE)) == 1 and sql.execute(any_row) == 1


def fill(sql: Cursor, database: str, dump: str) -> None:
    """Import the template, as it was dumped. Its statements replace what an interrupted import left."""
    sql.execute(f"USE `{database}`")
    sql.execute(dump)
    while sql.nextset():
        pass


def introduce(sql: Cursor, database: str, identity: Identity) -> None:
    """Write the site's name, address and first administrator over the template's."""
    sql.execute(f"USE `{database}`")
    for statement in personalise(introduced(identity)):
        sql.execute(statement.sql, statement.values)


def admit(sql: Cursor, database: str, ticket: LoginTicket) -> None:
    """Leave the ticket where the site's mu-plugin takes it, once."""
    said = {"email": ticket.email, "name": ticket.name, "expires": int(ticket.expires_at.timestamp())}
    values = (f"aipress_login_{ticket.token_hash}", json.dumps(said))
    sql.execute(f"USE `{database}`")
    sql.execute("INSERT INTO wp_options (option_name, option_value, autoload) VALUES (%s, %s, 'off')", values)


def shapes(sql: Cursor, database: str, tables: Sequence[str]) -> list[Shape]:
    """Of each of these tables it has: its name, about how many rows, its columns, and those that an index begins with."""
    return [shape for table in tables if (shape := _shape(sql, database, table))]


def _shape(sql: Cursor, database: str, table: str) -> Shape | None:
    """By names given as values; None where there is no such table."""
    of_it = (database, table)
    sql.execute(
        "SELECT table_name, COALESCE(table_rows, 0) FROM information_schema.tables"
        " WHERE table_schema = %s AND table_name = %s",
        of_it,
    )
    found = sql.fetchone()
    if found is None:
        return None
    sql.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
        of_it,
    )
    columns = frozenset(str(row[0]) for row in sql.fetchall())
    sql.execute(
        "SELECT column_name FROM information_schema.statistics"
        " WHERE table_schema = %s AND table_name = %s AND seq_in_index = 1",
        of_it,
    )
    return str(found[0]), int(found[1]), columns, frozenset(str(row[0]) for row in sql.fetchall())
