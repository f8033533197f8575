"""The way from own domains to an environment's service: an endpoint group and a backend of its own, and the hosts in the URL map."""

import re

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import routing
from aipress.clouds.gcp.answers import Gone, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.names import own_name
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.purges import Purge
from aipress.clouds.gcp.purging import PurgeQueue
from aipress.clouds.gcp.resources import Resource
from aipress.clouds.gcp.url_maps import UrlMaps

OWN = re.compile(r"w([0-9a-f]{12})")
API = "compute"


class Ways:
    """Each thing is refused by Google as long as the one before it is not there, and kept as long as it is needed."""

    def __init__(self, google: Google, where: Where, purges: PurgeQueue) -> None:
        self.google, self.where, self.purges = google, where, purges
        self.maps = UrlMaps(google)

    async def lead(self, environment: EnvironmentSpec, domain: str, found: Found) -> None:
        """Let a host's visitors come to an environment. Raises Unbuildable where they come to another one's."""
        place, url_map = found.place, self._map(found)
        there = await self.maps.read(place, url_map)
        if domain in routing.hosts_of(there, environment.id):
            return
        await self._made(routing.domain_group(environment, place))
        await self._made(routing.backend(place, own_name(environment.id)))
        await self.maps.change(
            place, url_map, lambda one: routing.with_domain(one, environment, domain, place)
        )

    async def lead_nowhere(self, environment_id: str, domain: str, found: Found) -> None:
        """No visitor of that host comes any more."""
        if domain in await self.hosts(environment_id, found):
            await self.maps.change(
                found.place, self._map(found), lambda one: routing.without_domain(one, environment_id, domain)
            )

    async def forget(self, domain: str, found: Found) -> None:
        """Whatever pages are kept of a host, which may become another site's."""
        try:
            await self.purges.forget((Purge(domain),), found.place, self._map(found))
        except Gone:
            return

    async def end(self, environment_id: str, found: Found) -> None:
        """Backend and group go, unless a host still needs them."""
        if await self.hosts(environment_id, found):
            return
        here = f"/compute/v1/projects/{found.place.project}/global"
        await self.google.delete(API, f"{here}/backendServices/{own_name(environment_id)}")
        await self.google.delete(API, group_path(environment_id, found.place))

    async def hosts(self, environment_id: str, found: Found) -> set[str]:
        """The hosts whose visitors come to it."""
        return routing.hosts_of(await self.maps.read(found.place, self._map(found)), environment_id)

    async def known_hosts(self, environment_id: str) -> set[str]:
        """The same, as it was some seconds ago at the most."""
        found = await self.where.find(environment_id)
        if found is None:
            return set()
        return routing.hosts_of(await self.maps.known(found.place, self._map(found)), environment_id)

    async def existing(self, shard: Standing) -> set[str]:
        """Environments with a group in a shard."""
        path = f"/compute/v1/projects/{shard.project}/regions/{shard.region}/networkEndpointGroups"
        groups = await self.google.read_all(API, path, "items")
        return {own[1] for one in groups if (own := OWN.fullmatch(str(one.get("name"))))}

    async def _made(self, resource: Resource) -> None:
        try:
            await self.google.make(resource)
        except Taken:
            return

    def _map(self, found: Found) -> str:
        return self.where.platform.standing(found.placed.placement).url_map


def group_path(environment_id: str, place: Place) -> str:
    """Where an environment's endpoint group is: all else of a way is gone before it."""
    here = f"/compute/v1/projects/{place.project}/regions/{place.region}"
    return f"{here}/networkEndpointGroups/{own_name(environment_id)}"
