"""Databases: one MariaDB, and for each environment a database and a user of its own, both named `w<id>`.

Names have no underscore, which is a wildcard in grants. The account we use signs in by its Unix name: no password.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pymysql
from pymysql.constants import CLIENT
from pymysql.cursors import Cursor

from aipress.clouds.base import Database, EnvironmentSpec, Identity, LoginTicket, Secrets
from aipress.clouds.local.gauges import DatabaseUse
from aipress.clouds.local.vault import SealedVault
from aipress.clouds.options import DEFAULTS, Options
from aipress.clouds.wordpress import tables
from aipress.clouds.wordpress.carrying import LONGEST_ANSWER, Carried
from aipress.clouds.wordpress.failures import translated
from aipress.clouds.wordpress.options import read_option
from aipress.clouds.wordpress.programs import Door
from aipress.clouds.wordpress.tables import RIGHTS, Shape

T = TypeVar("T")
CONNECTIONS = 20  # at once, per environment
LONGEST_STATEMENT = 60  # seconds
ID = re.compile(r"[0-9a-f]{12}")
CARRYING = ThreadPoolExecutor(4, "carrying")


class MariaDatabases(Carried):
    """Databases on this machine's own MariaDB, reached through its socket."""

    def __init__(self, socket: Path, account: str, template: Path, vault: SealedVault) -> None:
        self.socket, self.account, self.template, self.vault = socket, account, template, vault

    def most_connections(self, tier: str, options: Options = DEFAULTS) -> int:
        """The same for every site."""
        return CONNECTIONS

    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Database:
        """User, database, rights, content, in this order: once the content is whole, all of it is."""
        name = f"w{environment.id}"
        password = self.vault.reveal(secrets.scope, "DB_PASSWORD")

        def work(sql: Cursor) -> None:
            if tables.is_filled(sql, name):
                return
            sql.execute(f"CREATE USER IF NOT EXISTS `{name}`@localhost")
            limits = f"WITH MAX_USER_CONNECTIONS {CONNECTIONS} MAX_STATEMENT_TIME {LONGEST_STATEMENT}"
            sql.execute(f"ALTER USER `{name}`@localhost IDENTIFIED BY %s {limits}", (password,))
            sql.execute(
                f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
            )
            sql.execute(f"GRANT {RIGHTS} ON `{name}`.* TO `{name}`@localhost")
            tables.fill(sql, name, self.template.read_text())

        await self._run(work)
        return Database(name=name, user=name)

    async def introduce(self, database: Database, identity: Identity) -> None:
        """Write the site's name, address and first administrator over the template's."""
        await self._run(lambda sql: tables.introduce(sql, database.name, identity), database.user)

    async def admit(self, database: Database, ticket: LoginTicket) -> None:
        """Leave the ticket where the site's mu-plugin takes it, once."""
        await self._run(lambda sql: tables.admit(sql, database.name, ticket), database.user)

    async def option(self, name: str, environment_ids: Sequence[str]) -> dict[str, str]:
        """This option of WordPress, by environment; those where it can't be read just now are left out."""
        databases = [f"w{id}" for id in environment_ids if ID.fullmatch(id)]
        if not databases:
            return {}
        found = await self._run(lambda sql: read_option(sql, name, databases))
        return {database[1:]: value for database, value in found.items()}

    async def remove(self, environment_id: str) -> None:
        """User first: nobody writes any more while the database goes."""
        name = f"w{environment_id}"

        def work(sql: Cursor) -> None:
            sql.execute(f"DROP USER IF EXISTS `{name}`@localhost")
            sql.execute(f"DROP DATABASE IF EXISTS `{name}`")

        await self._run(work)

    async def existing(self) -> set[str]:
        """Environments with a database or a user."""

        def work(sql: Cursor) -> set[str]:
            sql.execute(
                "SELECT schema_name FROM information_schema.schemata WHERE schema_name REGEXP '^w[0-9a-f]{12}$'"
                " UNION SELECT user FROM mysql.global_priv WHERE user REGEXP '^w[0-9a-f]{12}$'"
            )
            return {str(row[0])[1:] for row in sql.fetchall()}

        return await self._run(work)

    async def sizes(self) -> dict[str, int]:
        """Bytes on disk of each environment's database, by environment."""

        def work(sql: Cursor) -> dict[str, int]:
            sql.execute(
                "SELECT SUBSTRING_INDEX(name, '/', 1), CAST(SUM(file_size) AS UNSIGNED)"
                " FROM information_schema.innodb_sys_tablespaces WHERE name REGEXP '^w[0-9a-f]{12}/' GROUP BY 1"
            )
            return {str(name)[1:]: int(size) for name, size in sql.fetchall()}

        return await self._run(work)

    async def use(self) -> dict[str, DatabaseUse]:
        """How busy MariaDB was for each environment since it started, and its connections now; who never came is absent."""

        def work(sql: Cursor) -> dict[str, DatabaseUse]:
            sql.execute(
                "SELECT user, CAST(busy_time * 1000000 AS UNSIGNED), concurrent_connections"
                " FROM information_schema.user_statistics WHERE user REGEXP '^w[0-9a-f]{12}$'"
            )
            return {str(user)[1:]: DatabaseUse(int(busy), int(open)) for user, busy, open in sql.fetchall()}

        return await self._run(work)

    async def connections(self, environment_id: str) -> tuple[int, int, int]:
        """Open connections of this environment, of everybody, and how many there may be."""

        def work(sql: Cursor) -> tuple[int, int, int]:
            sql.execute(
                "SELECT COALESCE(SUM(user = %s), 0), COUNT(*), @@max_connections FROM information_schema.processlist",
                (f"w{environment_id}",),
            )
            own, everybodys, most = sql.fetchone() or (0, 0, 0)
            return int(own), int(everybodys), int(most)

        return await self._run(work)

    async def shapes(self, environment_id: str, names: Sequence[str]) -> list[Shape]:
        """Of each of these tables it has: its name, about how many rows, its columns, and those that an index begins with."""

        return await self._run(lambda sql: tables.shapes(sql, f"w{environment_id}", names))

    async def as_owner(self, environment_id: str, work: Callable[[Cursor], T]) -> T:
        """In threads of their own: what takes long keeps nobody else waiting."""
        going_on = asyncio.get_running_loop().run_in_executor
        return await going_on(CARRYING, self._in_transaction, work, f"w{environment_id}", LONGEST_ANSWER)

    async def as_administrator(self, environment_id: str, work: Callable[[Cursor], T]) -> T:
        return await self._run(work)

    async def door(self, environment_id: str) -> Door:
        name, password = f"w{environment_id}", self.vault.reveal(environment_id, "DB_PASSWORD")
        return Door("MariaDB", name, {"socket": str(self.socket), "user": name, "password": password})

    def grantee(self, environment_id: str) -> str:
        return f"`w{environment_id}`@localhost"

    async def _run(self, work: Callable[[Cursor], T], user: str = "") -> T:
        """What is said to tables a tenant may have exchanged is said as its own `user`: a view acts with the rights of who asks."""
        return await asyncio.to_thread(self._in_transaction, work, user)

    def _in_transaction(self, work: Callable[[Cursor], T], user: str, seconds: int = 60) -> T:
        password = self.vault.reveal(user.removeprefix("w"), "DB_PASSWORD") if user else ""
        with (
            translated("MariaDB"),
            pymysql.connect(
                unix_socket=str(self.socket),
                user=user or self.account,
                password=password,
                charset="utf8mb4",
                client_flag=CLIENT.MULTI_STATEMENTS,
                connect_timeout=5,
                read_timeout=seconds,
                ssl_disabled=True,  # a Unix socket; preparing for TLS would cost more than all the rest
            ) as connection,
        ):
            with connection.cursor() as sql:
                done = work(sql)
            connection.commit()
            return done
