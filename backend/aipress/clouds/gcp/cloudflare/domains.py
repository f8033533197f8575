"""Own domains by Cloudflare for SaaS: nothing is made at Google for them, since the Worker passes visitors on to the platform's host.

What is kept of whose a domain is comes first and goes last: a value of Workers KV, which the Worker reads too.
"""

import asyncio

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import DomainState, Record
from aipress.clouds.gcp.certificates import Issued
from aipress.clouds.gcp.cloudflare.asking import Cloudflare
from aipress.clouds.gcp.cloudflare.hostnames import Hostnames, issued, proofs
from aipress.clouds.gcp.cloudflare.tenants import Hosts
from aipress.clouds.gcp.domains import checked_domain, own_domain
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import CloudflareFront
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.gcp.zones import Zones
from aipress.errors import CloudRefused

NOT_ASKED = Issued("none", None, "Cloudflare has not been asked for it yet.")
BEGUN = 10  # looks at a new hostname, until it says which records prove it
PAUSE = 0.5


class CloudflareDomains:
    """The facet, where the platform's file has Cloudflare answer for own domains."""

    def __init__(self, cloudflare: Cloudflare, front: CloudflareFront, where: Where, zones: Zones) -> None:
        self.front, self.where, self.zones = front, where, zones
        self.hostnames, self.hosts = Hostnames(cloudflare, front), Hosts(cloudflare, front)

    async def records(self, environment: EnvironmentSpec, domain: str) -> tuple[Record, ...]:
        """The name that leads to Cloudflare. A domain with nothing before it needs a DNS that takes such a record there."""
        await self.where.standing(environment.id)
        return self._leading(self._checked(domain))

    async def ensure(self, environment: EnvironmentSpec, domain: str) -> DomainState:
        """Cloudflare goes on by itself; what it gave up is said once and begun anew."""
        found, name = await self.where.standing(environment.id), self._checked(domain)
        site = f"{found.service}.{found.place.domain}"
        holder, led = await self.hosts.entry(name)
        if holder not in ("", environment.id):
            raise CloudRefused(
                f"{name} leads to another site. Take it away there first; nothing was changed."
            )
        if led != site:
            await self.hosts.enter(environment, name, site)
        hostname = await self._begun(name)
        told = issued(hostname, name)
        if at(hostname, "ssl.status") != "active" and told.state == "failed":
            await self.hostnames.begin_anew(hostname)
            told = Issued("failed", None, f"{told.why} It is being tried again.")
        state = self._state(name, hostname, told)
        await self.zones.write(name, state.records)
        return state

    async def state(self, environment_id: str, domain: str) -> DomainState | None:
        """As Cloudflare says now."""
        name = checked_domain(domain)
        if await self.hosts.holder(name) != environment_id:
            return None
        hostname = await self.hostnames.find(name) or {}
        return self._state(name, hostname, issued(hostname, name) if hostname else NOT_ASKED)

    async def of(self, environment_id: str) -> set[str]:
        """By what the Worker goes by."""
        return {domain for holder, domain in await self.hosts.all() if holder == environment_id}

    async def withdraw(self, environment_id: str, domain: str) -> None:
        """The hostname with its certificate, then whose it was."""
        name = checked_domain(domain)
        if await self.hosts.holder(name) != environment_id:
            return
        hostname = await self.hostnames.find(name) or {}
        await self.zones.clear(name, (*self._leading(name), *proofs(hostname)))
        await self.hostnames.remove(name)
        await self.hosts.leave(name)

    async def remove(self, environment_id: str) -> None:
        """All of them."""
        for name in sorted(await self.of(environment_id)):
            await self.withdraw(environment_id, name)

    async def existing(self) -> set[str]:
        """Whoever has a domain."""
        return {holder for holder, _ in await self.hosts.all()}

    async def _begun(self, domain: str) -> Json:
        """The hostname once it says which records prove it, which takes Cloudflare a moment."""
        hostname = await self.hostnames.find(domain) or await self.hostnames.make(domain) or {}
        for _ in range(BEGUN):
            if at(hostname, "ssl.status") not in (None, "initializing"):
                break
            await asyncio.sleep(PAUSE)
            hostname = await self.hostnames.find(domain) or {}
        return hostname

    def _checked(self, domain: str) -> str:
        return own_domain(
            domain, [*(shard.domain for shard in self.where.platform.shards), self.front.target]
        )

    def _leading(self, domain: str) -> tuple[Record, ...]:
        return (Record(domain, "CNAME", self.front.target),)

    def _state(self, domain: str, hostname: Json, told: Issued) -> DomainState:
        needed = (*self._leading(domain), *proofs(hostname))
        return DomainState(domain, needed, told.state, told.ends, told.why)
