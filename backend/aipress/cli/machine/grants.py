"""What MariaDB must not have: accounts anybody can be, and databases anybody can read. Looked at, never assumed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
from pymysql.cursors import Cursor

from aipress.cli.trouble import Trouble
from aipress.clouds.local.shipper.slow import LOG, SHELF

START_SECONDS = 120

# mysql.global_priv is documented at mariadb.com/kb/en/mysqlglobal_priv-table; `test%` rows in mysql.db are open to every account.
OPEN_ACCOUNTS = """
SELECT CONCAT("'", User, "'@'", Host, "'") FROM mysql.global_priv
WHERE COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) = 0 AND COALESCE(JSON_VALUE(Priv, '$.is_role'), 0) = 0 AND
      (User = '' OR Host <> 'localhost' OR
       (JSON_VALUE(Priv, '$.plugin') = 'mysql_native_password' AND COALESCE(JSON_VALUE(Priv, '$.authentication_string'), '') = ''))
"""
OPEN_DATABASES = "SELECT CONCAT('the database ', Db, ' for ', IF(User = '', 'everybody', User)) FROM mysql.db WHERE User = '' OR Db LIKE 'test%'"
SETTINGS = "SELECT @@local_infile, @@skip_networking, @@skip_name_resolve"

SLOW_LOG = (
    f"CREATE DATABASE IF NOT EXISTS {SHELF}",
    "CREATE USER IF NOT EXISTS `{shipper}`@localhost IDENTIFIED VIA unix_socket",
    f"GRANT ALL ON {SHELF}.* TO `{{shipper}}`@localhost",
    f"GRANT SELECT, INSERT, ALTER, DROP, CREATE ON {LOG} TO `{{shipper}}`@localhost",
)


def wait_for_mariadb(socket: Path, account: str) -> None:
    """Until it takes connections. Raises Trouble after `START_SECONDS`: recovery after a power cut may take its time."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with _asking(socket, account):
                return
        except pymysql.err.OperationalError as error:
            if time.monotonic() > deadline:
                raise Trouble(
                    f"MariaDB did not start: {error.args[-1]}.", "See ./aipress logs mariadb."
                ) from error
            time.sleep(0.1)


def what_is_open(socket: Path, account: str) -> list[str]:
    """Accounts and databases open to those who should not have them, and settings that let data out; empty is right."""
    with _asking(socket, account) as sql:
        found = [*_column(sql, OPEN_ACCOUNTS), *_column(sql, OPEN_DATABASES)]
        sql.execute(SETTINGS)
        local_infile, no_network, no_names = sql.fetchone() or (1, 0, 0)
    wrong = {
        "local_infile is on": local_infile,
        "it listens on the network": not no_network,
        "it resolves names": not no_names,
    }
    return found + [text for text, is_so in wrong.items() if is_so]


def let_take_slow_log(socket: Path, account: str, shipper: str) -> None:
    """Let the shipper take the slow log away, and nothing else: it signs in by its Unix name."""
    with _asking(socket, account) as sql:
        for statement in SLOW_LOG:
            sql.execute(statement.format(shipper=shipper))


def administrates(socket: Path, account: str, administrator: str) -> bool:
    """Whether `administrator` may make databases and give rights in them."""
    with _asking(socket, account) as sql:
        rows = _column(sql, f"SHOW GRANTS FOR `{administrator}`@localhost")
    return any(
        row.startswith("GRANT ALL PRIVILEGES ON *.*") and "unix_socket" in row and "WITH GRANT OPTION" in row
        for row in rows
    )


@contextmanager
def _asking(socket: Path, account: str) -> Iterator[Cursor]:
    with (
        pymysql.connect(
            unix_socket=str(socket), user=account, connect_timeout=5, ssl_disabled=True
        ) as connection,
        connection.cursor() as sql,
    ):
        yield sql


def _column(sql: Cursor, question: str) -> list[str]:
    sql.execute(question)
    return [str(row[0]) for row in sql.fetchall()]
