"""Databases on Cloud SQL instances, shared or an environment's alone: each with its own user, by what `databases.py` would say."""

import asyncio
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from pymysql.cursors import Cursor

from aipress.clouds.base import Database, EnvironmentSpec, Identity, LoginTicket, Secrets
from aipress.clouds.gcp import sql_instances
from aipress.clouds.gcp.databases import Statement, database_of, made, most_connections, removed
from aipress.clouds.gcp.instances import Server, SqlServers, User, Vault, server_of
from aipress.clouds.gcp.names import own_name
from aipress.clouds.gcp.own_instances import OwnInstances
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.places import PORT
from aipress.clouds.options import DEFAULTS, Options
from aipress.clouds.wordpress import tables
from aipress.clouds.wordpress.carrying import LONGEST_ANSWER, Carried
from aipress.clouds.wordpress.options import read_option
from aipress.clouds.wordpress.programs import Door
from aipress.clouds.wordpress.tables import Shape
from aipress.errors import CloudError, CloudRefused
from aipress.kit import logs

T = TypeVar("T")
log = logs.get()
CARRIED_AT_ONCE = 2  # of one instance
OPTION_SECONDS = 10  # the sites of other instances wait for it
OWN = re.compile(r"'?w([0-9a-f]{12})(?:'@'%')?")
EXISTING = (
    "SELECT schema_name FROM information_schema.schemata WHERE schema_name REGEXP '^w[0-9a-f]{12}$'",
    "SELECT grantee FROM information_schema.user_privileges WHERE grantee REGEXP '^.w[0-9a-f]{12}.@'",
)
CONNECTIONS = (
    "SELECT COALESCE(SUM(user = %s), 0), COUNT(*), @@max_connections FROM information_schema.processlist"
)


class CloudSqlDatabases(Carried):
    """`template` is the dump every database begins with."""

    def __init__(self, servers: SqlServers, where: Where, vault: Vault, template: Path) -> None:
        self.servers, self.where, self.vault, self.template = servers, where, vault, template
        self.own = OwnInstances(servers.google, where)
        self._homes: dict[str, Server] = {}
        self._carrying: dict[Server, asyncio.Semaphore] = {}

    def most_connections(self, tier: str, options: Options = DEFAULTS) -> int:
        """That an environment of this tier with these options may hold at once."""
        return most_connections(EnvironmentSpec("", 0, "", "", tier=tier, options=options))

    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Database:
        """User, database and rights by the administrator; WordPress by its own user, who can harm nobody else."""
        sql_instances.check(environment)
        place = await self.where.of(environment)
        if place.instance.is_own != (environment.options.database == "own"):
            raise CloudRefused(
                f"The database of environment {environment.id} is on Cloud SQL instance {place.instance.name} and stays there: from "
                "shared to its own, or back, a site is moved and not changed. Nothing was made."
            )
        if place.instance.is_own:
            self._homes.pop(environment.id, None)
            place = await self.own.ensure(environment, place)
        server = server_of(place)
        database = database_of(environment)
        user = User(database.user, await self.vault.reveal(secrets.scope, "DB_PASSWORD"))
        await self.servers.say(server, lambda sql: _say(sql, made(environment, user.password)))
        dump = await asyncio.to_thread(self._template)

        def fill(sql: Cursor) -> None:
            if not tables.is_filled(sql, database.name):
                tables.fill(sql, database.name, dump)

        await self.servers.say(server, fill, user)
        return database

    async def introduce(self, database: Database, identity: Identity) -> None:
        """Write the site's name, address and first administrator over the template's."""
        server, user = await self._owner(database)
        await self.servers.say(server, lambda sql: tables.introduce(sql, database.name, identity), user)

    async def admit(self, database: Database, ticket: LoginTicket) -> None:
        """Leave the ticket where the site's mu-plugin takes it, once."""
        server, user = await self._owner(database)
        await self.servers.say(server, lambda sql: tables.admit(sql, database.name, ticket), user)

    async def remove(self, environment_id: str) -> None:
        """What was never placed is nowhere."""
        self._homes.pop(environment_id, None)
        found = await self.where.find(environment_id)
        if found and found.place.instance.is_own:
            await self.own.remove(environment_id, found.place)
        elif found:
            await self.servers.say(server_of(found.place), lambda sql: _say(sql, removed(environment_id)))

    async def existing(self) -> set[str]:
        """Environments with a database or a user on any shared instance, or with an instance of their own."""

        def work(sql: Cursor) -> set[str]:
            names: list[str] = []
            for asked in EXISTING:
                sql.execute(asked)
                names += [str(row[0]) for row in sql.fetchall()]
            return {found[1] for name in names if (found := OWN.fullmatch(name))}

        everywhere = await asyncio.gather(*(self.servers.say(one, work) for one in self.servers.all()))
        return set().union(*everywhere, await self.own.existing())

    async def option(self, name: str, environment_ids: Sequence[str]) -> dict[str, str]:
        """This option of WordPress, by environment; those where it can't be read just now are left out."""
        by_server: dict[Server, list[str]] = {}
        for id in environment_ids:
            if server := await self._home(id):
                by_server.setdefault(server, []).append(own_name(id))
        read = await asyncio.gather(*(self._options(one, name, all) for one, all in by_server.items()))
        return {database[1:]: value for part in read for database, value in part.items()}

    async def connections(self, environment_id: str) -> tuple[int, int, int]:
        """Open connections of this environment, of everybody on its instance, and how many there may be."""
        server = await self._server(environment_id)

        def work(sql: Cursor) -> tuple[int, int, int]:
            sql.execute(CONNECTIONS, (own_name(environment_id),))
            own, everybodys, most = sql.fetchone() or (0, 0, 0)
            return int(own), int(everybodys), int(most)

        return await self.servers.say(server, work)

    async def shapes(self, environment_id: str, names: Sequence[str]) -> list[Shape]:
        """Of each of these tables it has: its name, about how many rows, its columns, and those that an index begins with."""
        server = await self._server(environment_id)
        return await self.servers.say(server, lambda sql: tables.shapes(sql, own_name(environment_id), names))

    async def as_owner(self, environment_id: str, work: Callable[[Cursor], T]) -> T:
        """What a database of any size takes may take long, so it is not in the way of what is asked in between."""
        server, user = await self._owner(_own(environment_id))
        async with self._carrying.setdefault(server, asyncio.Semaphore(CARRIED_AT_ONCE)):
            return await self.servers.say(server, work, user, LONGEST_ANSWER)

    async def as_administrator(self, environment_id: str, work: Callable[[Cursor], T]) -> T:
        return await self.servers.say(await self._server(environment_id), work)

    async def door(self, environment_id: str) -> Door:
        server, user = await self._owner(_own(environment_id))
        address, authority = await self.servers.address_of(server)
        options = {"host": address, "port": str(PORT), "protocol": "tcp", "ssl": "1"}
        return Door(
            f"Cloud SQL instance {server.name}",
            user.name,
            {**options, "user": user.name, "password": user.password},
            authority,
        )

    def grantee(self, environment_id: str) -> str:
        return f"'{own_name(environment_id)}'@'%'"

    async def _options(self, server: Server, name: str, databases: list[str]) -> dict[str, str]:
        try:
            return await self.servers.say(
                server, lambda sql: read_option(sql, name, databases), seconds=OPTION_SECONDS
            )
        except CloudError as error:
            log.warning(
                "an instance can't be asked for options just now", instance=server.name, why=str(error)
            )
            return {}

    async def _owner(self, database: Database) -> tuple[Server, User]:
        id = database.user[1:]
        return await self._server(id), User(database.user, await self.vault.reveal(id, "DB_PASSWORD"))

    async def _server(self, environment_id: str) -> Server:
        server = await self._home(environment_id)
        if server is None:
            raise CloudRefused(f"Environment {environment_id} has no database on Google Cloud.")
        return server

    async def _home(self, environment_id: str) -> Server | None:
        """Its instance, which is the same as long as it lives: whoever asks every few seconds reads no row for it."""
        if environment_id not in self._homes:
            found = await self.where.find(environment_id)
            if found is None:
                return None
            self._homes[environment_id] = server_of(found.place)
        return self._homes[environment_id]

    def _template(self) -> str:
        try:
            return self.template.read_text()
        except OSError as error:
            raise CloudRefused(
                f"The template {self.template.name} can't be read ({error.strerror}); `./aipress up` makes it. Nothing was filled."
            ) from error


def _own(environment_id: str) -> Database:
    return Database(own_name(environment_id), own_name(environment_id))


def _say(sql: Cursor, statements: Sequence[Statement]) -> None:
    for one in statements:
        sql.execute(one.sql, one.values)
