"""The edge: the load balancer finds a service by the first label of its host, so publishing is letting visitors in to it.

Nothing at the load balancer changes when a site comes or goes; what its cache keeps of a site is forgotten when that goes.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aipress.clouds.base import Address, EnvironmentSpec, Service
from aipress.clouds.gcp import deployed
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.deployments import Deployments
from aipress.clouds.gcp.labels import environment_of
from aipress.clouds.gcp.names import service_name
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.placements import Found
from aipress.clouds.gcp.purges import EVERYTHING, Purge
from aipress.clouds.gcp.purging import PurgeQueue
from aipress.clouds.gcp.visitors import Door
from aipress.errors import CloudBusy, CloudRefused

UNTOUCHED = "/%!$&'()+,;=:@~-._"  # `*` means everything below to the cache, so it is never said
SOMEBODY = {"Cookie": "aipress_probe=1", "X-AIPress-Probe": "1"}
"""Asks for a page that is made for them: a cookie is said to WordPress, the header to the load balancer's cache."""


class CloudRunEdge:
    """Ingress of services, and the look from outside. `own_hosts` says which domains besides lead to an environment."""

    def __init__(
        self,
        there: Deployments,
        door: Door,
        purges: PurgeQueue,
        own_hosts: Callable[[str], Awaitable[set[str]]],
    ) -> None:
        self.there, self.where, self.door = there, there.where, door
        self.purges, self.own_hosts = purges, own_hosts

    async def address_of(self, environment: EnvironmentSpec) -> Address:
        """By the shard it is placed in; before that, by the shard that is filled first."""
        found = await self.where.find(environment.id)
        domain = found.place.domain if found else self.where.platform.shards[0].domain
        return self.door.address(f"{service_name(environment)}.{domain}")

    async def ensure(self, environment: EnvironmentSpec, service: Service) -> Address:
        """Visitors are let in to its service."""
        found = await self.where.find(environment.id)
        if found is None:
            raise CloudRefused("The environment has no runtime to publish; nothing was changed.")
        if not await on_newest(lambda: self._let_in(found, visitors=True)):
            raise CloudRefused("The environment has no runtime to publish; nothing was changed.")
        return await self.address_of(environment)

    async def probe(self, address: Address) -> None:
        """Fetch the front page as a visitor would who is somebody: not one that is kept."""
        page = await self.door.visit(address.url.split("//")[1], headers=SOMEBODY)
        if page.status_code != 200 or "</html>" not in page.text:
            raise CloudBusy(f"{address.url} answers {page.status_code}, not yet with its front page.")

    async def purge(self, environment_id: str, path: str = "") -> None:
        """Together with what others want forgotten at the same time."""
        found = await self.where.find(environment_id)
        service = await self.there.of(found) if found else None
        if found is None or service is None or not deployed.is_published(service):
            raise CloudRefused("Nothing is published of that environment, so no page of it is kept.")
        await self._forget(found, _paths(path))

    async def remove(self, environment_id: str) -> None:
        """Nobody comes in, and nobody is shown what was kept."""
        found = await self.where.find(environment_id)
        if found is None or not await on_newest(lambda: self._let_in(found, visitors=False)):
            return
        try:
            await self._forget(found, (EVERYTHING,))
        except Gone:  # no load balancer, so nothing is kept
            return

    async def existing(self) -> set[str]:
        return {environment_of(one) for one in await self.there.all() if deployed.is_published(one)}

    async def _let_in(self, found: Found, *, visitors: bool) -> bool:
        """Whether there is a service to let visitors in to."""
        service = await self.there.of(found)
        if service is not None and deployed.is_published(service) != visitors:
            await self.there.google.make(deployed.let_in(service, visitors))
        return service is not None

    async def _forget(self, found: Found, paths: tuple[str, ...]) -> None:
        """Of every host that leads there: each has pages of its own."""
        own = sorted(await self.own_hosts(found.placed.environment_id))
        hosts = [self.there.host_of(found.service_name), *own]
        url_map = self.where.platform.standing(found.placed.placement).url_map
        purges = tuple(Purge(host, path) for host in hosts for path in paths)
        await self.purges.forget(purges, found.place, url_map)


def _paths(path: str) -> tuple[str, ...]:
    """A page is kept with and without the slash at its end."""
    if not path:
        return (EVERYTHING,)
    plain = "/" + quote(path.partition("?")[0].strip("/"), safe=UNTOUCHED)
    return (plain, f"{plain}/") if plain != "/" else ("/",)
