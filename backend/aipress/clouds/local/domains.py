"""Own domains on this machine: one link more that nginx finds the site by, beside its platform address."""

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import DomainState, Record
from aipress.clouds.local.edge import NginxEdge, is_platform_host
from aipress.config import Settings
from aipress.hostd.client import Hostd

PLAIN = "Visitors come by plain HTTP: this machine's edge has no certificate for domains yet."


class LinkedDomains:
    """Links named after domains. Which of them leads where is written nowhere else: the links are the truth."""

    def __init__(self, hostd: Hostd, edge: NginxEdge, settings: Settings) -> None:
        self.hostd, self.edge, self.settings = hostd, edge, settings

    async def records(self, environment: EnvironmentSpec, domain: str) -> tuple[Record, ...]:
        return self._leading(domain, (await self.edge.address_of(environment)).host)

    async def ensure(self, environment: EnvironmentSpec, domain: str) -> DomainState:
        await self.hostd.publish(environment.id, domain)
        return DomainState(domain, await self.records(environment, domain), "none", why=PLAIN)

    async def state(self, environment_id: str, domain: str) -> DomainState | None:
        hosts = await self._hosts(environment_id)
        if domain not in hosts or self._is_own(domain):
            return None
        platform_host = next((host for host in sorted(hosts) if self._is_own(host)), "")
        return DomainState(domain, self._leading(domain, platform_host), "none", why=PLAIN)

    async def of(self, environment_id: str) -> set[str]:
        return {host for host in await self._hosts(environment_id) if not self._is_own(host)}

    async def withdraw(self, environment_id: str, domain: str) -> None:
        if not self._is_own(domain):
            await self.hostd.withdraw(domain, environment_id)

    async def remove(self, environment_id: str) -> None:
        for domain in await self.of(environment_id):
            await self.hostd.withdraw(domain, environment_id)

    async def existing(self) -> set[str]:
        held = (await self.hostd.inventory()).environments
        return {name for name, holding in held.items() if not all(map(self._is_own, holding.hosts))}

    def _leading(self, domain: str, platform_host: str) -> tuple[Record, ...]:
        """A record for each public address; where none is set, the site's platform host by another name."""
        if addresses := self.settings.public_address_list:
            return tuple(Record(domain, "AAAA" if ":" in one else "A", one) for one in addresses)
        return (Record(domain, "CNAME", platform_host),) if platform_host else ()

    def _is_own(self, host: str) -> bool:
        return is_platform_host(host, self.settings)

    async def _hosts(self, environment_id: str) -> frozenset[str]:
        holding = (await self.hostd.inventory()).environments.get(environment_id)
        return frozenset(holding.hosts) if holding else frozenset()
