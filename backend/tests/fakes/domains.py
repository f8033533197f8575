"""Own domains in a dict: what the fake cloud's load balancer would know."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import Certificate, DomainState, Record
from aipress.errors import CloudRefused

if TYPE_CHECKING:
    from tests.fakes.cloud import FakeCloud

ADDRESS = "203.0.113.7"
UNTIL = datetime(2027, 3, 4, 12, tzinfo=UTC)


class FakeDomains:
    """`led` says which environment each domain leads to; `certificates` how far each one's is, active where nothing is said."""

    def __init__(self, cloud: "FakeCloud") -> None:
        self.cloud = cloud
        self.led: dict[str, str] = {}
        self.certificates: dict[str, Certificate] = {}

    async def records(self, environment: EnvironmentSpec, domain: str) -> tuple[Record, ...]:
        return (Record(domain, "A", ADDRESS),)

    async def ensure(self, environment: EnvironmentSpec, domain: str) -> DomainState:
        await self.cloud.hear("ensure domain")
        if self.led.setdefault(domain, environment.id) != environment.id:
            raise CloudRefused(f"{domain} leads to another environment")
        return self._state(domain)

    async def state(self, environment_id: str, domain: str) -> DomainState | None:
        return self._state(domain) if self.led.get(domain) == environment_id else None

    async def of(self, environment_id: str) -> set[str]:
        return {domain for domain, led in self.led.items() if led == environment_id}

    async def withdraw(self, environment_id: str, domain: str) -> None:
        await self.cloud.hear("withdraw domain")
        if self.led.get(domain) == environment_id:
            del self.led[domain]

    async def remove(self, environment_id: str) -> None:
        for domain in await self.of(environment_id):
            await self.withdraw(environment_id, domain)

    async def existing(self) -> set[str]:
        return set(self.led.values())

    def _state(self, domain: str) -> DomainState:
        certificate = self.certificates.get(domain, "active")
        ends = UNTIL if certificate == "active" else None
        why = {"waiting": "The certificate is on its way.", "failed": "Nobody issues one."}.get(
            certificate, ""
        )
        needed = (
            Record(domain, "A", ADDRESS),
            Record(f"_acme-challenge.{domain}", "CNAME", f"{domain}.proved.test"),
        )
        return DomainState(domain, needed, certificate, ends, why)
