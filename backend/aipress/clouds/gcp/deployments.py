"""The Cloud Run services there are, of all shards."""

import asyncio

from aipress.clouds.gcp import deployed, waiting
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import environment_of
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json
from aipress.errors import CloudBusy, CloudRefused


class Deployments:
    """Read only once Google is not at work on them: what is changed in between would be refused."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where

    async def of(self, found: Found) -> Json | None:
        """An environment's own; None where it has none, or somebody else has that name."""
        there = await self.settled(found.service_name)
        return there if there and environment_of(there) == found.placed.environment_id else None

    async def needed(self, name: str) -> Json:
        """The one of this full name. Raises CloudRefused where there is none."""
        there = await self.settled(name)
        if there is None:
            raise CloudRefused(f"There is no service {name.rsplit('/', 1)[-1]}; nothing was changed.")
        return there

    async def settled(self, name: str) -> Json | None:
        """The one of this full name, once it is ready or has failed."""
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + waiting.LONGEST, waiting.FIRST_PAUSE
        there = await self._read(name)
        while there is not None and deployed.is_rolling_out(there):
            if loop.time() > end:
                raise CloudBusy(f"Google is still at work on {name.rsplit('/', 1)[-1]}; ask again.")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, waiting.LONGEST_PAUSE)
            there = await self._read(name)
        return there

    async def all(self) -> list[Json]:
        """Every environment's."""
        found: list[Json] = []
        for shard in self.where.platform.shards:
            path = f"/v2/projects/{shard.project}/locations/{shard.region}/services"
            found += await self.google.read_all("run", path, "services", {"pageSize": "100"})
        return [one for one in found if environment_of(one)]

    def host_of(self, name: str) -> str:
        """What visitors ask for to come to the one of this full name."""
        _, project, _, region, _, service = name.split("/")
        shards = self.where.platform.shards
        domain = next(one.domain for one in shards if (one.project, one.region) == (project, region))
        return f"{service}.{domain}"

    async def _read(self, name: str) -> Json | None:
        try:
            return await self.google.read("run", f"/v2/{name}")
        except Gone:
            return None


def full_name(place: Place, service: str) -> str:
    """A service's name for all of Google."""
    return f"{place.parent}/services/{service}"
