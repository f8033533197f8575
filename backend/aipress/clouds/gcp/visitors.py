"""The door sites' visitors come in by, for the platform to come in too: the load balancer, or what stands for it on this machine."""

import httpx


class Door:
    """`simulated` is where a simulator's load balancer listens; without it a site is asked at its own address."""

    def __init__(self, simulated: str = "") -> None:
        self.simulated = simulated.rstrip("/")

    async def get(
        self, host: str, path: str, seconds: float, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """A page as whoever comes gets it. Raises httpx.HTTPError where none comes in time."""
        async with httpx.AsyncClient(timeout=httpx.Timeout(seconds, connect=5.0)) as visitor:
            if not self.simulated:
                return await visitor.get(f"https://{host}{path}", headers=headers)
            return await visitor.get(f"{self.simulated}{path}", headers={**(headers or {}), "Host": host})
