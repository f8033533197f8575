"""What an environment's surroundings on Google Cloud look like at this moment: its service's size, its Cloud SQL instance, its host name."""

import asyncio
from collections.abc import Sequence

import httpx
from pymysql.cursors import Cursor

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.cloud_sql import CloudSqlDatabases
from aipress.clouds.gcp.instances import server_of
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.sizes import size_of
from aipress.clouds.gcp.visitors import Door
from aipress.clouds.inspection import ConnectionsState, MachineState, NameState, PageState, TableState
from aipress.clouds.looking import addresses_of, certificate_end, state_of
from aipress.config import Settings
from aipress.errors import CloudRefused

PAGE_SECONDS = 10.0  # an instance may have to start
GIB = 2**30
ALL_TABLES = (
    "SELECT CAST(COALESCE(SUM(data_length + index_length + data_free), 0) AS UNSIGNED)"
    " FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
)


class GoogleInspection:
    """Asked by value alone, as on every cloud."""

    def __init__(self, databases: CloudSqlDatabases, where: Where, door: Door, settings: Settings) -> None:
        self.databases, self.where, self.door, self.settings = databases, where, door, settings

    async def machine(self, environment: EnvironmentSpec) -> MachineState:
        """The disk is its Cloud SQL instance's, as large as it is now; what tables don't take of it (logs) counts as free."""
        server = server_of((await self._placed(environment)).place)
        described, used = await asyncio.gather(
            self.databases.servers.read(server), self.databases.servers.say(server, _used)
        )
        told = described.get("settings")
        size = int(told.get("dataDiskSizeGb", 10)) * GIB if isinstance(told, dict) else 10 * GIB
        return MachineState(max(size - used, 0), size, size_of(environment.tier).cpu)

    async def connections(self, environment: EnvironmentSpec) -> ConnectionsState:
        own, everybodys, most = await self.databases.connections(environment.id)
        allowed = self.databases.most_connections(environment.tier, environment.options)
        return ConnectionsState(own, allowed, everybodys, most)

    async def tables(self, environment: EnvironmentSpec, names: Sequence[str]) -> list[TableState]:
        found = await self.databases.shapes(environment.id, names)
        return [TableState(*one) for one in found]

    async def names(self, environment: EnvironmentSpec) -> list[NameState]:
        """Names below the shard's domain lead to the load balancer like all others do."""
        host = _host(await self._placed(environment))
        expected = self.settings.public_address_list
        found = await addresses_of(host, self.settings.name_server) if expected else None
        return [NameState(host, expected, found, await certificate_end(host, self._shown_at(host)))]

    async def front_page(self, environment: EnvironmentSpec) -> PageState | None:
        address = self.door.address(_host(await self._placed(environment)))
        try:
            return state_of(await self.door.get(address.url.split("//")[1], "/", PAGE_SECONDS))
        except httpx.HTTPError:
            return None

    def _shown_at(self, host: str) -> str:
        return self.settings.tls_address or ("" if self.door.simulated else f"{host}:443")

    async def _placed(self, environment: EnvironmentSpec) -> Found:
        found = await self.where.find(environment.id)
        if found is None:
            raise CloudRefused(f"Environment {environment.id} is nowhere on Google Cloud.")
        return found


def _host(found: Found) -> str:
    return f"{found.service}.{found.place.domain}"


def _used(sql: Cursor) -> int:
    sql.execute(ALL_TABLES)
    (bytes_used,) = sql.fetchone() or (0,)
    return int(bytes_used)
