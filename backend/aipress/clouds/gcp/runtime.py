"""The runtime: a Cloud Run service for each environment, which runs as its own account and reads its own secrets."""

from dataclasses import replace

from aipress.clouds.base import Bucket, EnvironmentSpec, RuntimeReport, Service, Supply
from aipress.clouds.gcp import caches, code, databases, deployed, media, services
from aipress.clouds.gcp.answers import Changed, Denied, Taken
from aipress.clouds.gcp.deployments import Deployments, full_name
from aipress.clouds.gcp.heard import Unheard, once_heard
from aipress.clouds.gcp.identities import Identities
from aipress.clouds.gcp.labels import environment_of
from aipress.clouds.gcp.names import service_name
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.own_instances import OwnInstances
from aipress.clouds.gcp.placements import Found
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Resource
from aipress.clouds.gcp.services import HEALTH, PLATFORM_SECRETS, Parts
from aipress.clouds.gcp.vault import SecretManagerVault
from aipress.clouds.gcp.visitors import Door
from aipress.errors import CloudBusy, CloudRefused

MACHINES = "Cloud Run, second generation: a virtual machine of its own for each instance"
CONTAINERS = "containers that share this machine's network with the simulator, which tells whoever asks"


class CloudRunRuntime:
    """A handle is a service's full name, `projects/…/locations/…/services/…`."""

    def __init__(self, there: Deployments, vault: SecretManagerVault, door: Door) -> None:
        self.there, self.google, self.where = there, there.google, there.where
        self.vault, self.door, self.identities = vault, door, Identities(there.google)
        self.own = OwnInstances(there.google, there.where)

    async def ensure(self, environment: EnvironmentSpec, bucket: Bucket) -> Service:
        """Cloud Run starts an instance of whatever is new, and takes it only if it answers."""
        place = await self.where.of(environment)
        if place.instance.is_own:
            place = await self.own.addressed(place)
        pins = dict.fromkeys(PLATFORM_SECRETS, 1)
        database, cache = databases.database_of(environment), caches.cache_of(environment)
        own = await code.current(self.google, bucket.name)
        parts = Parts(environment, bucket, database, cache, pins, code=own, signs_at=self.google.endpoint)
        await once_heard(lambda: on_newest(lambda: self._as_wanted(parts, place)))
        return Service(full_name(place, service_name(environment)))

    async def warm(self, service: Service) -> None:
        """By a visit; who is not published was started when it was made."""
        there = await self.there.needed(service.name)
        if deployed.is_published(there):
            await self.door.visit(self.there.host_of(service.name), HEALTH)

    async def supply(self, environment_id: str, supply: Supply) -> int:
        found = await self.where.find(environment_id)
        if found is None:
            raise CloudRefused("The environment has no runtime; nothing was changed.")
        return await once_heard(lambda: on_newest(lambda: self._supplied(found, supply)))

    async def supplied(self) -> dict[str, int]:
        return {environment_of(one): deployed.revision_of(one) for one in await self.there.all()}

    async def remove(self, environment_id: str) -> None:
        """The service, and then who it was."""
        found = await self.where.find(environment_id)
        if found is None:
            return
        if await self.there.of(found) is not None:
            await self.google.delete("run", f"/v2/{found.service_name}")
        await self.identities.remove(environment_id, found.place)

    async def existing(self) -> set[str]:
        """By the services alone: an account without one is an environment that lost its service."""
        return {environment_of(one) for one in await self.there.all()}

    async def check_room(self) -> None:
        await self.where.placements.check_room()

    async def report(self) -> RuntimeReport:
        """Cloud Run does not say whose instances sleep: awake is whoever would answer now."""
        everybody = await self.there.all()
        ready = sum(deployed.is_ready(one) for one in everybody)
        is_real = not self.google.endpoint
        return RuntimeReport(
            isolated=is_real,
            sandbox=MACHINES if is_real else CONTAINERS,
            limits="processor, memory and instances by tier",
            outbound="the internet; of private addresses the shard's subnetwork alone",
            awake=ready,
            asleep=len(everybody) - ready,
            memory_kb=0,
        )

    async def _as_wanted(self, parts: Parts, place: Place) -> None:
        wanted = services.service(parts, place)
        there = await self.there.settled(full_name(place, wanted.name))
        if there is None:
            await self._create(parts, place)
            return
        if environment_of(there) != parts.environment.id:
            raise CloudBusy(
                f"The service {wanted.name} is still another environment's; it is free in a moment."
            )
        if deployed.is_as(there, wanted) and deployed.is_ready(there):
            return
        kept = replace(parts, supply=deployed.supply_of(there))
        await self.identities.ensure(parts.environment, place, kept.supply.versions)
        await self._deploy(services.change(kept, place, str(there["etag"])))
        if deployed.has_variable(there, media.BUCKET) and not media.is_signed(parts.environment):
            await self.identities.sign_no_more(parts.environment, place)

    async def _create(self, parts: Parts, place: Place) -> None:
        await self.identities.ensure(parts.environment, place)
        try:
            await self._deploy(services.service(parts, place))
        except Taken as error:  # by us, whom nobody told, or by somebody else: look
            raise Changed(str(error)) from error

    async def _deploy(self, wanted: Resource) -> None:
        """A new account, and what it was granted just now, take a while to be known: until then its revision is denied what it reads."""
        try:
            await self.google.make(wanted)
        except Denied as error:
            raise Unheard(
                f"{error} A new account and its grants take a moment to be known; ask again."
            ) from error

    async def _supplied(self, found: Found, supply: Supply) -> int:
        if (there := await self.there.of(found)) is None:
            raise CloudRefused("The environment has no runtime; nothing was changed.")
        known, id = deployed.revision_of(there), found.placed.environment_id
        if supply.revision < known or (supply.revision == known and deployed.is_ready(there)):
            return known
        numbers = await self.vault.numbers(id, supply.items)
        await self.identities.read_owners(found.environment, found.place, numbers)
        await self._deploy(deployed.supplied(there, id, Supply(supply.revision, numbers)))
        return supply.revision
