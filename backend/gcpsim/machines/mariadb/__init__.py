"""Cloud SQL's MySQL instances as MariaDB servers of this machine, each at a loopback address of its own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pymysql
from pymysql.cursors import Cursor

from gcpsim.errors import Refused
from gcpsim.machines.mariadb import accounts, copies, replication, statements
from gcpsim.machines.mariadb.server import ACCOUNT, PROGRAMS, Server
from gcpsim.machines.programs import Programs, why_not
from gcpsim.machines.several import Several
from gcpsim.operations import GoesOn
from gcpsim.sql import Sql
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import World, no_statements

Told = TypeVar("Told")


class MariaDb(Sql):
    """`folder` has a folder for each server. Instances of other databases than MySQL stay rows."""

    def __init__(self, folder: Path, net: int, programs: Programs) -> None:
        self._servers = Several(folder, net, lambda place, address: Server(place, address, programs))

    def begin(self, world: World) -> None:
        """Start the servers of the instances there are."""
        self._world = world
        self._servers.begin(world, "sql")
        self._beside = self._servers.beside
        if reason := why_not(PROGRAMS, ACCOUNT):
            sys.stderr.write(f"Cloud SQL's instances can't run. {reason}\n")
            return
        world.sql, world.statements = self, self._execute
        self._servers.resume(self._start_of)

    def end(self) -> None:
        """Stop all of them, at once."""
        self._servers.end()
        self._world.sql = Sql()

    def address(self, instance: str) -> str:
        server = self._servers.get(instance)
        return server.address if server else super().address(instance)

    def socket(self, instance: str) -> Path | None:
        server = self._servers.get(instance)
        return server.socket if server else None

    def certificate(self, instance: str) -> Json | None:
        server = self._servers.get(instance)
        return server.certificate.shown(instance.rsplit("/", 1)[-1]) if server else None

    def begins(self, made: Resource, root_password: str) -> GoesOn | None:
        if not _is_mysql(made.content):
            return None
        server = self._servers.new(made.key)
        server.prepare(made.id)
        made.content["state"] = "PENDING_CREATE"

        def work() -> None:
            self._first_start(made, server, root_password)

        return self._beside.goes_on(work, lambda: self._tell(made), lambda: self._tell(made, "FAILED"))

    def changes(self, changed: Resource) -> GoesOn | None:
        server = self._servers.get(changed.key)
        if server is None:
            return None
        settings = changed.content["settings"]
        if settings.get("activationPolicy") == "NEVER":
            return self._beside.goes_on(server.stop)
        if server.is_up and server.goes_by(settings):
            return None
        return self._beside.goes_on(lambda: _start_anew(server, settings))

    def restarts(self, instance: str) -> GoesOn | None:
        server, row = self._servers.get(instance), self._world.store.get(instance)
        if server is None or row is None:
            return None
        return self._beside.goes_on(lambda: _start_anew(server, row.content["settings"]))

    def promotes(self, replica: Resource) -> GoesOn | None:
        server = self._servers.get(replica.key)
        if server is None:
            return None
        return self._beside.goes_on(lambda: replication.leave(server, replica.content["settings"]))

    def ends(self, instance: str) -> GoesOn | None:
        server, row = self._servers.get(instance), self._world.store.get(instance)
        if server and row and (primary := self._primary_of(row)):
            replication.forget(primary, server)
        return self._servers.ends(instance)

    def databases(self, instance: str) -> dict[str, Json] | None:
        return self._say(instance, accounts.databases)

    def make_database(self, instance: str, database: Json) -> None:
        self._say(instance, lambda sql: accounts.make_database(sql, database))

    def change_database(self, instance: str, database: Json) -> None:
        self._say(instance, lambda sql: accounts.change_database(sql, database))

    def drop_database(self, instance: str, name: str) -> None:
        self._say(instance, lambda sql: accounts.drop_database(sql, name))

    def users(self, instance: str) -> list[tuple[str, str]] | None:
        return self._say(instance, accounts.users)

    def make_user(self, instance: str, user: Json) -> None:
        self._say(instance, lambda sql: accounts.make_user(sql, user))

    def change_user(self, instance: str, user: Json) -> None:
        if password := user.get("password"):
            name, host = str(user["name"]), str(user.get("host") or "%")
            self._say(instance, lambda sql: accounts.change_password(sql, name, host, str(password)))

    def drop_user(self, instance: str, name: str, host: str) -> None:
        self._say(instance, lambda sql: accounts.drop_user(sql, name, host or "%"))

    def exports(self, instance: str, context: Json) -> GoesOn | None:
        server = self._servers.get(instance)
        if server is None:
            return None
        copy = copies.Copy(server, self._world, context)
        copy.check_bucket()
        return self._beside.goes_on(copy.export)

    def imports(self, instance: str, context: Json) -> GoesOn | None:
        server = self._servers.get(instance)
        if server is None:
            return None
        copy = copies.Copy(server, self._world, context)
        content = copy.read()
        return self._beside.goes_on(lambda: copy.load(content))

    def _execute(self, instance: str, payload: Json) -> Json:
        server = self._servers.get(instance)
        if server is None:
            return no_statements(instance, payload)
        with _refusals():
            return statements.execute(server, self._world, payload)

    def _say(self, instance: str, what: Callable[[Cursor], Told]) -> Told | None:
        server = self._servers.get(instance)
        if server is None:
            return None
        with _refusals(), server.connect() as line, line.cursor() as sql:
            return what(sql)

    def _start_of(self, row: Resource, server: Server) -> Callable[[], None] | None:
        if row.content["settings"].get("activationPolicy") == "NEVER":
            return None

        def start() -> None:
            try:
                server.prepare(row.id)
                if row.content["state"] == "RUNNABLE":
                    server.is_replica = "masterInstanceName" in row.content
                    server.start(row.content["settings"])
                else:
                    self._first_start(row, server, "")
                self._tell(row)
            except Refused as failed:
                sys.stderr.write(f"{row.id}: {failed.message}\n")
                self._tell(row, "FAILED")

        return start

    def _first_start(self, row: Resource, server: Server, root_password: str) -> None:
        """A primary begins empty, a replica with all that its primary has."""
        server.is_replica = "masterInstanceName" in row.content
        server.install()
        server.start(row.content["settings"])
        if not server.is_replica:
            _make_root(server, root_password)
        elif (primary := self._primary_of(row)) is None:
            raise Refused(400, "The primary instance is no server.", reason="invalid")
        else:
            replication.follow(server, primary)

    def _primary_of(self, row: Resource) -> Server | None:
        master = str(row.content.get("masterInstanceName", "")).rsplit(":", 1)[-1]
        return self._servers.get(f"{row.key.rsplit('/', 1)[0]}/{master}") if master else None

    def _tell(self, row: Resource, state: str = "RUNNABLE") -> None:
        row.content["state"] = state


def _is_mysql(content: Json) -> bool:
    return str(content.get("databaseVersion", "")).startswith("MYSQL")


def _make_root(server: Server, password: str) -> None:
    with server.connect() as line, line.cursor() as sql:
        accounts.make_root(sql, password)


def _start_anew(server: Server, settings: Json) -> None:
    server.stop()
    server.start(settings)


@contextmanager
def _refusals() -> Iterator[None]:
    """What the server refuses, Google refuses."""
    try:
        yield
    except pymysql.err.OperationalError as broken:
        if broken.args[0] in {2002, 2003, 2006, 2013}:
            raise Refused(400, "The instance is not running.", reason="instanceNotRunning") from None
        raise Refused(400, f"Invalid request: {broken.args[-1]}.", reason="invalid") from None
    except pymysql.err.MySQLError as broken:
        raise Refused(400, f"Invalid request: {broken.args[-1]}.", reason="invalid") from None
