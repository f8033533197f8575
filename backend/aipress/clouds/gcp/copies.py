"""Copies of environments' databases, each in the environment's own bucket. An instance makes one at a time: whoever wants one waits.

What was asked for is found again: a copy that is there is done, one under way is waited for. So whoever was killed asks the same.
"""

import asyncio

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import waiting
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.databases import export
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.instances import Server, server_of
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, at
from aipress.errors import CloudBusy, CloudRefused

LONGEST = 1800.0  # seconds a copy, and those before it, may take
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0


class Copies:
    """A queue for each instance. Another control plane's exports are seen as the instance being busy."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where
        self._turns: dict[Server, asyncio.Lock] = {}

    async def make(self, environment: EnvironmentSpec, file: str) -> str:
        """Where the copy of this name is (`gs://…`), whole. Raises CloudBusy where it is not within half an hour; it goes on then."""
        found = await self.where.find(environment.id)
        if found is None:
            raise CloudRefused(f"Environment {environment.id} has no database on Google Cloud to copy.")
        wanted = export(environment, found.place, file)
        uri = str(at(wanted.body, "exportContext.uri"))
        try:
            async with (
                asyncio.timeout(LONGEST),
                self._turns.setdefault(server_of(found.place), asyncio.Lock()),
            ):
                while not await self._is_there(uri):
                    await self._go_on(wanted, found.place, uri)
        except TimeoutError:
            raise CloudBusy(f"The copy of {wanted.name} is not whole yet; ask again.") from None
        return uri

    async def _is_there(self, uri: str) -> bool:
        """An object comes to be when all of it is written."""
        bucket, _, name = uri.removeprefix("gs://").partition("/")
        try:
            await self.google.read("storage", f"/storage/v1/b/{bucket}/o/{name.replace('/', '%2F')}")
        except Gone:
            return False
        return True

    async def _under_way(self, place: Place, uri: str) -> Json | None:
        """The operation that an earlier question began, if it goes on."""
        listed = await self.google.read_all(
            "sqladmin",
            f"/v1/projects/{place.project}/operations",
            "items",
            {"instance": place.instance.name},
        )
        mine = (one for one in listed if at(one, "exportContext.uri") == uri and not waiting.is_done(one))
        return next(mine, None)

    async def _go_on(self, wanted: Resource, place: Place, uri: str) -> None:
        """Until what is under way is over; or a moment, while the instance is at something else, such as a backup."""
        try:
            operation = await self._under_way(place, uri) or await self.google.ask(wanted)
        except CloudBusy:
            await asyncio.sleep(LONGEST_PAUSE)
            return
        pause, path = FIRST_PAUSE, waiting.path_of(operation, wanted)
        while not waiting.is_done(operation):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)
            operation = await self.google.read("sqladmin", path)
        if wrong := waiting.failure(operation, f"a copy of {wanted.name}"):
            raise wrong
