"""Own domains on Google Cloud, until that is built: none can be connected, and whoever tries is told so."""

from typing import NoReturn

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.domains import DomainState
from aipress.errors import CloudRefused


class NoDomains:
    """Holds nothing, and refuses to."""

    async def records(self, environment: EnvironmentSpec, domain: str) -> NoReturn:
        raise CloudRefused("Own domains can't be connected on Google Cloud yet. Nothing was changed.")

    async def ensure(self, environment: EnvironmentSpec, domain: str) -> NoReturn:
        await self.records(environment, domain)

    async def state(self, environment_id: str, domain: str) -> DomainState | None:
        return None

    async def of(self, environment_id: str) -> set[str]:
        return set()

    async def withdraw(self, environment_id: str, domain: str) -> None: ...
    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]:
        return set()
