"""What this machine, its MariaDB, name servers and certificates look like at this moment to one environment."""

import asyncio
import os
import shutil
import ssl
from collections.abc import Sequence
from datetime import datetime

import httpx
from cryptography import x509
from dns import exception, resolver
from dns.asyncresolver import Resolver
from dns.rdatatype import RdataType

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.inspection import ConnectionsState, MachineState, NameState, PageState, TableState
from aipress.clouds.local.databases import CONNECTIONS, MariaDatabases
from aipress.clouds.local.edge import NginxEdge
from aipress.config import Settings
from aipress.hostd.client import Hostd

ANSWER_SECONDS = 2.0  # for a name server, and for a handshake
MOST_NAMES = 20


class LocalInspection:
    """Asked by value alone: whatever names come from, none becomes part of a statement or of a command."""

    def __init__(self, hostd: Hostd, databases: MariaDatabases, settings: Settings) -> None:
        self.hostd, self.databases, self.settings = hostd, databases, settings
        self.address_of = NginxEdge(hostd, settings).address_of

    async def machine(self, environment: EnvironmentSpec) -> MachineState:
        disk = await asyncio.to_thread(shutil.disk_usage, self.settings.data_dir)
        return MachineState(disk.free, disk.total, os.cpu_count() or 1)

    async def connections(self, environment: EnvironmentSpec) -> ConnectionsState:
        own, everybodys, most = await self.databases.connections(environment.id)
        return ConnectionsState(own, CONNECTIONS, everybodys, most)

    async def tables(self, environment: EnvironmentSpec, names: Sequence[str]) -> list[TableState]:
        found = await self.databases.shapes(environment.id, names)
        return [TableState(*one) for one in found]

    async def names(self, environment: EnvironmentSpec) -> list[NameState]:
        holding = (await self.hostd.inventory()).environments.get(environment.id)
        hosts = holding.hosts[:MOST_NAMES] if holding else ()
        return list(await asyncio.gather(*(self._name(host) for host in hosts)))

    async def front_page(self, environment: EnvironmentSpec) -> PageState | None:
        host = self.address_of(environment).url.split("//")[1]
        try:
            async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as visitor:
                page = await visitor.get(f"http://127.0.0.1:{self.settings.port}/", headers={"Host": host})
        except httpx.HTTPError:
            return None
        cookies = tuple(one.split("=", 1)[0] for one in page.headers.get_list("set-cookie"))
        return PageState(page.status_code, cookies, page.headers.get("cache-control", ""))

    async def _name(self, host: str) -> NameState:
        """Names below the platform's own are its own business; others are looked up as visitors do."""
        is_own = host == self.settings.host or host.endswith(f".{self.settings.host}")
        expected = () if is_own else self.settings.public_address_list
        found = await self._addresses(host) if expected else None
        return NameState(host, expected, found, await self._certificate_end(host))

    async def _addresses(self, host: str) -> tuple[str, ...] | None:
        """Where the name leads; empty where there is no such name, None where nobody answers."""
        asking = Resolver(configure=not self.settings.name_server)
        if self.settings.name_server:
            address, _, port = self.settings.name_server.rpartition(":")
            asking.nameservers, asking.port = [address], int(port)
        asking.lifetime = ANSWER_SECONDS
        found: list[str] = []
        for kind in (RdataType.A, RdataType.AAAA):
            try:
                found += [str(one) for one in await asking.resolve(host, kind, search=False)]
            except (resolver.NXDOMAIN, resolver.NoAnswer):
                continue
            except exception.DNSException:
                return None
        return tuple(found)

    async def _certificate_end(self, host: str) -> datetime | None:
        """Until when the certificate is good that visitors of this name are shown; None where nobody shows one."""
        address, _, port = self.settings.tls_address.rpartition(":")
        if not address:
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                _, writer = await asyncio.open_connection(
                    address, int(port), ssl=_unchecked(), server_hostname=host
                )
        except (OSError, TimeoutError):
            return None
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.close()
        return x509.load_der_x509_certificate(shown).not_valid_after_utc if shown else None


def _unchecked() -> ssl.SSLContext:
    """Takes any certificate: it is looked at, and nothing is told to whoever shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
