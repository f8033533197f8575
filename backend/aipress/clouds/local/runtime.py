"""What hostd does for us: an environment's files, and a PHP-FPM that wakes when somebody comes."""

import shutil
from dataclasses import replace

from aipress.clouds.base import Bucket, EnvironmentSpec, RuntimeReport, Service, Supply
from aipress.config import Settings
from aipress.errors import NoRoom
from aipress.hostd.client import Hostd, Limits

MB = 2**20
TIERS = {
    "basic": Limits(children=3, memory_mb=512),
    "standard": Limits(children=6, memory_mb=1024),
    "performance": Limits(children=12, memory_mb=2048, min_instances=1),
}


class HostdRuntime:
    """PHP-FPM on demand, in a sandbox of its own."""

    def __init__(self, hostd: Hostd, settings: Settings) -> None:
        self.hostd, self.settings = hostd, settings

    async def ensure(self, environment: EnvironmentSpec, bucket: Bucket) -> Service:
        uid = uid_of(environment, self.settings)
        limits = limits_of(environment)
        await self.hostd.ensure_runtime(environment.id, uid, limits, environment.tenant, soon=True)
        return Service(environment.id)

    async def warm(self, service: Service) -> None:
        await self.hostd.warm(service.name)

    async def supply(self, environment_id: str, supply: Supply) -> int:
        return await self.hostd.supply_runtime(environment_id, supply.revision, supply.versions)

    async def supplied(self) -> dict[str, int]:
        held = (await self.hostd.inventory()).environments
        return {name: holding.supply for name, holding in held.items()}

    async def remove(self, environment_id: str) -> None:
        await self.hostd.remove_runtime(environment_id)

    async def existing(self) -> set[str]:
        held = (await self.hostd.inventory()).environments
        return {
            name for name, holding in held.items() if holding.runtime or holding.socket or holding.processes
        }

    async def check_room(self) -> None:
        """A reserve stays free, so that the databases and logs of existing sites can go on."""
        free = shutil.disk_usage(self.settings.data_dir).free // MB
        if free < self.settings.disk_reserve_mb:
            raise NoRoom(
                f"The disk is nearly full: {free} MB are free, and {self.settings.disk_reserve_mb} MB are kept for the sites "
                "that exist. Nothing was made; free some space and ask again."
            )

    async def report(self) -> RuntimeReport:
        """What hostd says of itself."""
        told = await self.hostd.status()
        asleep = sum(one.state == "asleep" for one in told.environments.values())
        return RuntimeReport(
            isolated=told.isolated,
            sandbox=told.sandbox,
            limits=told.limited,
            outbound=told.outbound,
            awake=len(told.environments) - asleep,
            asleep=asleep,
            memory_kb=told.rss_kb,
        )


def limits_of(environment: EnvironmentSpec) -> Limits:
    """Its tier's, with what was chosen in their place."""
    limits, least = TIERS[environment.tier], environment.options.min_instances
    return limits if least is None else replace(limits, min_instances=least)


def uid_of(environment: EnvironmentSpec, settings: Settings) -> int:
    """The Unix user an environment runs as, its own and nobody else's, ever."""
    return settings.uid_base + environment.number
