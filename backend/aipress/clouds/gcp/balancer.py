"""Own domains by Google's load balancer alone: proof, certificate, and a way from the host to the environment's service.

In this order: authorization, records in our own zones, certificate; once that is active, the way, and last the entry that shows it.
"""

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import DomainState, Record
from aipress.clouds.gcp.certificates import Certificates, Issued
from aipress.clouds.gcp.domains import checked_domain, own_domain
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.together import together
from aipress.clouds.gcp.ways import Ways
from aipress.clouds.gcp.zones import Zones
from aipress.errors import CloudRefused

NOT_ASKED = Issued("none", None, "Nobody has asked for a certificate yet.")


class BalancedDomains:
    """The facet, where the platform's file names nobody else who answers for own domains."""

    def __init__(self, google: Google, where: Where, ways: Ways, zones: Zones) -> None:
        self.where, self.ways, self.zones = where, ways, zones
        self.certificates = Certificates(google)

    async def records(self, environment: EnvironmentSpec, domain: str) -> tuple[Record, ...]:
        """The load balancer's addresses; where the platform's file has none, the site's platform host by another name."""
        return self._leading(await self.where.standing(environment.id), self._checked(domain))

    async def ensure(self, environment: EnvironmentSpec, domain: str) -> DomainState:
        """Records in a zone of the platform's own are set here; all others are waited for."""
        found, name = await self.where.standing(environment.id), self._checked(domain)
        proof = await self.certificates.proof(environment.id, name, found.place)
        if proof is None:
            await self._check_free(environment.id, name)
            proof = await self.certificates.prove(environment, name, found.place)
        needed = (proof, *self._leading(found, name))
        await self.zones.write(name, needed)
        issued = await self.certificates.order(environment, name, found.place)
        if issued.state == "active":
            await self.ways.lead(environment, name, found)
            shard = self._shard(found)
            await self.certificates.show(environment, name, found.place, shard.certificate_map)
        return _told(name, needed, issued)

    async def state(self, environment_id: str, domain: str) -> DomainState | None:
        """As its authorization and certificate tell it now."""
        found, name = await self.where.find(environment_id), checked_domain(domain)
        proof = await self.certificates.proof(environment_id, name, found.place) if found else None
        if found is None or proof is None:
            return None
        issued = await self.certificates.look(environment_id, name, found.place)
        return _told(name, (proof, *self._leading(found, name)), issued or NOT_ASKED)

    async def of(self, environment_id: str) -> set[str]:
        """By the label of their authorizations, which come first and go last."""
        found = await self.where.find(environment_id)
        return await self.certificates.begun_for(environment_id, found.place.project) if found else set()

    async def withdraw(self, environment_id: str, domain: str) -> None:
        """Visitors first, then the certificate; the environment's last domain takes its way along."""
        found, name = await self.where.find(environment_id), checked_domain(domain)
        if found is None:
            return
        await self.ways.lead_nowhere(environment_id, name, found)
        proof = await self.certificates.proof(environment_id, name, found.place)
        if proof is not None:
            await self.zones.clear(name, (proof, *self._leading(found, name)))
            await self.ways.forget(name, found)
        shard = self._shard(found)
        await self.certificates.take_down(environment_id, name, found.place, shard.certificate_map)
        await self.ways.end(environment_id, found)

    async def remove(self, environment_id: str) -> None:
        """Also what leads here of a domain whose authorization somebody took away by hand."""
        found = await self.where.find(environment_id)
        if found is None:
            return
        for name in sorted(await self.of(environment_id) | await self.ways.hosts(environment_id, found)):
            await self.withdraw(environment_id, name)
        await self.ways.end(environment_id, found)

    async def existing(self) -> set[str]:
        """Whoever has an authorization, which a certificate needs, or an endpoint group, which all of a way needs."""
        begun = await together(self.certificates.holders(one) for one in self.where.projects)
        led = await together(self.ways.existing(one) for one in self.where.platform.shards)
        return {environment for holders in begun for environment, _ in holders}.union(*led)

    async def _check_free(self, environment_id: str, domain: str) -> None:
        """Before anything is made; who is quicker all the same is found out by the one URL map."""
        for holders in await together(self.certificates.holders(one) for one in self.where.projects):
            if any(held == domain and holder != environment_id for holder, held in holders):
                raise CloudRefused(
                    f"{domain} leads to another site. Take it away there first; nothing was changed."
                )

    def _checked(self, domain: str) -> str:
        return own_domain(domain, (shard.domain for shard in self.where.platform.shards))

    def _leading(self, found: Found, domain: str) -> tuple[Record, ...]:
        if addresses := self._shard(found).addresses:
            return tuple(Record(domain, "AAAA" if one.version == 6 else "A", str(one)) for one in addresses)
        return (Record(domain, "CNAME", f"{found.service}.{found.place.domain}"),)

    def _shard(self, found: Found) -> Standing:
        return self.where.platform.standing(found.placed.placement)


def _told(domain: str, needed: tuple[Record, ...], issued: Issued) -> DomainState:
    return DomainState(domain, needed, issued.state, issued.ends, issued.why)
