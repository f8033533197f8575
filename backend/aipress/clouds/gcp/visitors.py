"""The door sites' visitors come in by, for the platform to come in too: the load balancer, or what stands for it on this machine."""

import httpx

from aipress.clouds.base import Address
from aipress.errors import CloudBusy

FIRST_VISIT = 60.0  # seconds: an instance has to start


class Door:
    """`simulated` is where a simulator's load balancer listens; without it a site is asked at its own address.

    Browsers come to a simulator's sites by this machine's own port (`port_suffix`; without: the load balancer's), which passes them on.
    The platform itself goes to the load balancer, so that it meets the site there, and not one of this name on another cloud.
    """

    def __init__(self, simulated: str = "", port_suffix: str | None = None) -> None:
        self.simulated = simulated.rstrip("/")
        self.port_suffix = f":{self.simulated.rsplit(':', 1)[-1]}" if port_suffix is None else port_suffix

    def address(self, host: str) -> Address:
        """What a browser is given for a host."""
        return Address(host, f"http://{host}{self.port_suffix}" if self.simulated else f"https://{host}")

    async def visit(
        self, host: str, path: str = "/", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """The same for somebody with patience, who may be the first to come. Raises CloudBusy where nobody answers."""
        try:
            return await self.get(host, path, FIRST_VISIT, headers)
        except httpx.HTTPError as error:
            raise CloudBusy(f"{host} does not answer yet ({type(error).__name__}).") from error

    async def get(
        self, host: str, path: str, seconds: float, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """A page as whoever comes gets it. Raises httpx.HTTPError where none comes in time."""
        async with httpx.AsyncClient(timeout=httpx.Timeout(seconds, connect=5.0)) as visitor:
            if not self.simulated:
                return await visitor.get(f"https://{host}{path}", headers=headers)
            return await visitor.get(f"{self.simulated}{path}", headers={**(headers or {}), "Host": host})
