"""What environments use, measured once for whoever asks: costs price it, metrics show it. Files are counted, which takes a while."""

import asyncio
from collections.abc import Mapping, Sequence

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.meter import Reading
from aipress.errors import CloudRefused
from aipress.hostd.client import Hostd

AT_ONCE = 4  # environments measured at a time


class Measures:
    """Readings of hostd and MariaDB; the last of each environment is remembered."""

    def __init__(self, hostd: Hostd, databases: MariaDatabases) -> None:
        self.hostd, self.databases = hostd, databases
        self._last: Mapping[str, Reading] = {}

    async def take(self, environments: Sequence[EnvironmentSpec]) -> dict[EnvironmentSpec, Reading]:
        """What each uses now. One that is gone by now uses nothing, and is left out."""
        sizes = await self.databases.sizes()
        turn = asyncio.Semaphore(AT_ONCE)

        async def read(env: EnvironmentSpec) -> tuple[EnvironmentSpec, Reading] | None:
            async with turn:
                try:
                    used = await self.hostd.measure(env.id)
                except CloudRefused:
                    return None
            return env, Reading(used.disk_bytes, sizes.get(env.id, 0), used.memory_bytes, used.cpu_us)

        found = dict(one for one in await asyncio.gather(*map(read, environments)) if one)
        self._last = {env.id: reading for env, reading in found.items()}
        return found

    def disk(self) -> Mapping[str, int]:
        """Bytes of files and database of each environment, as last taken."""
        return {id: reading.disk + reading.database for id, reading in self._last.items()}
