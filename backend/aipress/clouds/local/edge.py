"""The edge: nginx finds a site by a link named after its host, so publishing is one link and no reload."""

import httpx

from aipress.clouds.base import Address, EnvironmentSpec, Service
from aipress.config import Settings
from aipress.errors import CloudBusy
from aipress.hostd.client import Hostd


class NginxEdge:
    """Host links, made by hostd, and the look from outside."""

    def __init__(self, hostd: Hostd, settings: Settings) -> None:
        self.hostd, self.settings = hostd, settings
        # Plain HTTP to our own nginx: loading the machine's certificates would cost more than the visit.
        self.visitor = httpx.AsyncClient(timeout=30, verify=False)  # noqa: S501

    async def address_of(self, environment: EnvironmentSpec) -> Address:
        """`slug.<host>` for the live one, `staging--slug.<host>` for staging."""
        label = environment.slug if environment.kind == "live" else f"{environment.kind}--{environment.slug}"
        return Address(host=f"{label}.{self.settings.host}", url=self.settings.site_url(label))

    async def ensure(self, environment: EnvironmentSpec, service: Service) -> Address:
        """The link from the site's host name to its environment."""
        address = await self.address_of(environment)
        await self.hostd.publish(service.name, address.host)
        return address

    async def probe(self, address: Address) -> None:
        """Fetch the front page through nginx, as a visitor would who is somebody: not one that is kept."""
        said = {"Host": address.url.split("//")[1], "Cookie": "aipress_probe=1"}
        try:
            page = await self.visitor.get(self._front_door(), headers=said)
        except httpx.HTTPError as error:
            raise CloudBusy(f"{address.url} does not answer yet ({type(error).__name__}).") from error
        if page.status_code != 200 or "</html>" not in page.text:
            raise CloudBusy(f"{address.url} answers {page.status_code}, not yet with its front page.")

    async def purge(self, environment_id: str, path: str = "") -> None:
        await self.hostd.purge(environment_id, path)

    def _front_door(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}/"

    async def remove(self, environment_id: str) -> None:
        """Every link of the platform's own names to the environment; its owner's domains are another facet's."""
        holding = (await self.hostd.inventory()).environments.get(environment_id)
        for host in holding.hosts if holding else ():
            if is_platform_host(host, self.settings):
                await self.hostd.withdraw(host, environment_id)

    async def existing(self) -> set[str]:
        held = (await self.hostd.inventory()).environments
        return {
            environment_id
            for environment_id, holding in held.items()
            if any(is_platform_host(host, self.settings) for host in holding.hosts)
        }


def is_platform_host(host: str, settings: Settings) -> bool:
    """Whether a host name is the platform's own, or below it: those are given out by the platform alone."""
    return f".{host}".endswith(f".{settings.host}")
