"""What this machine, its MariaDB, name servers and certificates look like at this moment to one environment."""

import asyncio
import os
import shutil
from collections.abc import Sequence

import httpx

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.inspection import ConnectionsState, MachineState, NameState, PageState, TableState
from aipress.clouds.local.databases import CONNECTIONS, MariaDatabases
from aipress.clouds.local.edge import NginxEdge
from aipress.clouds.looking import ANSWER_SECONDS, addresses_of, certificate_end, state_of
from aipress.config import Settings
from aipress.hostd.client import Hostd

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
        host = (await self.address_of(environment)).url.split("//")[1]
        try:
            async with httpx.AsyncClient(timeout=ANSWER_SECONDS) as visitor:
                page = await visitor.get(f"http://127.0.0.1:{self.settings.port}/", headers={"Host": host})
        except httpx.HTTPError:
            return None
        return state_of(page)

    async def _name(self, host: str) -> NameState:
        """Names below the platform's own are its own business; others are looked up as visitors do."""
        is_own = host == self.settings.host or host.endswith(f".{self.settings.host}")
        expected = () if is_own else self.settings.public_address_list
        found = await addresses_of(host, self.settings.name_server) if expected else None
        return NameState(host, expected, found, await certificate_end(host, self.settings.tls_address))
