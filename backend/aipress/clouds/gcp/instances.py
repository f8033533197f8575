"""Connections to Cloud SQL instances, over TLS to their private addresses: an administrator's, or an environment's own user's.

Where an instance answers and who signs its certificate is asked of Google; the administrator's password is kept in Secret Manager, as
`aipress-sql-admin-<instance>`.
"""

import asyncio
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import pymysql
from pymysql.constants import CLIENT
from pymysql.cursors import Cursor

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.names import admin_secret
from aipress.clouds.gcp.places import PORT, Place
from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.secrets import opened
from aipress.clouds.gcp.sql_instances import ADMINISTRATOR
from aipress.clouds.wordpress.failures import translated
from aipress.errors import CloudBusy, CloudRefused

T = TypeVar("T")
DENIED = 1045
CONNECT_SECONDS, ANSWER_SECONDS = 5, 60
AT_ONCE, MOST_AT_ONCE = 4, 32  # connections to one instance, and to all
REMEMBERED = 300.0  # seconds that an address, a certificate and a password are believed


class Vault(Protocol):
    """Whoever knows environments' own passwords."""

    async def reveal(self, scope: str, name: str) -> str:
        """A secret of the platform's in that environment."""


@dataclass(frozen=True)
class Server:
    """An instance. Without an address in the platform's file Google is asked for it; `administrator`: who is that on this one alone."""

    project: str
    name: str
    address: str = ""
    administrator: str = ""


@dataclass(frozen=True)
class User:
    """Who says something to a server."""

    name: str
    password: str


class ShutOut(CloudRefused):
    """A server lets that user not in, or is not the one that Google knows."""


@dataclass(frozen=True)
class _Known:
    """What was found out of a server: where it is, how it is told from others, and its administrator."""

    address: str
    authority: str
    administrator: User
    until: float = field(compare=False)


@dataclass(frozen=True)
class _Line:
    """One connection to be made."""

    server: str
    known: _Known
    user: User
    seconds: int


class SqlServers:
    """Every instance of a platform. `account` is the administrator's name on each that is shared."""

    def __init__(self, google: Google, platform: Platform, account: str) -> None:
        self.google, self.platform, self.account = google, platform, account
        self._known: dict[Server, _Known] = {}
        self._looking: dict[Server, asyncio.Lock] = {}
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, "sql")

    def all(self) -> list[Server]:
        """Every shared instance of every shard."""
        return [
            Server(shard.project, one.name, one.address)
            for shard in self.platform.shards
            for one in shard.instances
        ]

    async def say(
        self,
        server: Server,
        work: Callable[[Cursor], T],
        user: User | None = None,
        seconds: int = ANSWER_SECONDS,
    ) -> T:
        """What `work` comes to, in one transaction: said as this user, or as the administrator. Raises CloudBusy, CloudRefused.

        What is said to tables a tenant may have exchanged is said as that tenant's: a view acts with the rights of who asks. `seconds`:
        how long an answer may take. An instance that is silent keeps nobody of another one waiting.
        """
        known = await self._look(server)
        try:
            return await self._said(_Line(server.name, known, user or known.administrator, seconds), work)
        except CloudBusy:
            self._known.pop(server, None)  # it may be elsewhere by now
            raise
        except ShutOut:
            self._known.pop(server, None)
            now = await self._look(server)
            if now == known:
                raise
            return await self._said(_Line(server.name, now, user or now.administrator, seconds), work)

    async def _said(self, line: "_Line", work: Callable[[Cursor], T]) -> T:
        async with self._turns.setdefault(line.server, asyncio.Semaphore(AT_ONCE)):
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, _in_transaction, line, work
            )

    async def address_of(self, server: Server) -> tuple[str, str]:
        """Where it answers, and who signs its certificate; '' at a simulator that has none."""
        known = await self._look(server)
        return known.address, known.authority

    async def read(self, server: Server) -> dict[str, Any]:
        """The instance as Google describes it."""
        return await self.google.read("sqladmin", f"/v1/projects/{server.project}/instances/{server.name}")

    async def _look(self, server: Server) -> _Known:
        """Asked once for all who want to know it at the same time."""
        async with self._looking.setdefault(server, asyncio.Lock()):
            known = self._known.get(server)
            if known is None or known.until < time.monotonic():
                known = self._known[server] = await self._looked(server)
            return known

    async def _looked(self, server: Server) -> _Known:
        described, password = await asyncio.gather(self.read(server), self._password(server))
        return _Known(
            address=server.address or _private_address(described, server),
            authority=_authority(described, server, bool(self.google.endpoint)),
            administrator=User(server.administrator or self.account, password),
            until=time.monotonic() + REMEMBERED,
        )

    async def _password(self, server: Server) -> str:
        id = admin_secret(server.name)
        path = f"/v1/projects/{server.project}/secrets/{id}/versions/latest:access"
        try:
            return opened(await self.google.read("secretmanager", path), id)
        except Gone:
            raise CloudRefused(
                f"There is no secret {id} in {server.project}, where the password of {self.account} on Cloud SQL instance "
                f"{server.name} should be. Keep it there, and ask again."
            ) from None


def server_of(place: Place) -> Server:
    """The instance a place is on."""
    there = place.instance
    return Server(place.project, there.name, there.address, ADMINISTRATOR if there.is_own else "")


def _in_transaction(line: _Line, work: Callable[[Cursor], T]) -> T:
    with translated(f"Cloud SQL instance {line.server}"), _connected(line) as connection:
        with connection.cursor() as sql:
            done = work(sql)
        connection.commit()
        return done


def _connected(line: _Line) -> "pymysql.Connection[Cursor]":
    try:
        return pymysql.connect(
            host=line.known.address,
            port=PORT,
            user=line.user.name,
            password=line.user.password,
            charset="utf8mb4",
            client_flag=CLIENT.MULTI_STATEMENTS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=line.seconds,
            write_timeout=line.seconds,
            ssl=_tls(line.known.authority),
        )
    except pymysql.err.OperationalError as error:
        if isinstance(getattr(error, "original_exception", None), ssl.SSLCertVerificationError):
            raise ShutOut(
                f"Cloud SQL instance {line.server} shows a certificate that its own authority did not sign; nothing was said to it."
            ) from error
        if error.args[0] == DENIED:
            raise ShutOut(
                f"Cloud SQL instance {line.server} does not let {line.user.name} in (error {DENIED})."
            ) from error
        raise


def _private_address(described: dict[str, Any], server: Server) -> str:
    told = described.get("ipAddresses")
    listed = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    by_type = {str(one.get("type")): str(one.get("ipAddress", "")) for one in listed}
    found = by_type.get("PRIVATE") or by_type.get("PRIMARY")
    if not found:
        raise CloudRefused(
            f"Cloud SQL instance {server.name} of {server.project} has no address to connect to. Give it a private one."
        )
    return found


def _authority(described: dict[str, Any], server: Server, is_simulated: bool) -> str:
    """Who signs the instance's certificate; '' at a simulator that has none.

    https://cloud.google.com/sql/docs/mysql/configure-ssl-instance
    """
    told = described.get("serverCaCert")
    found = str(told.get("cert", "")) if isinstance(told, dict) else ""
    if not found and not is_simulated:
        raise CloudRefused(
            f"Google names no authority for Cloud SQL instance {server.name}; nothing was said to it."
        )
    return found


def _tls(authority: str) -> ssl.SSLContext:
    """Takes a certificate the instance's own authority signed, and no other. Each instance has one, so the name in it doesn't matter."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if authority:
        context.load_verify_locations(cadata=authority)
    else:
        context.verify_mode = ssl.CERT_NONE
    return context
