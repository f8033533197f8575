"""Google's room for writes: whoever writes gets a moment of its own, so that many sites at once are slow, and none is refused."""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from aipress.clouds.gcp.quotas import RATES, Rate
from aipress.clouds.gcp.resources import Resource

MINUTE = 60.0
PROJECT = re.compile(r"/projects/([^/:]+)")


class Pace:
    """Moments are given in the order they are asked for, in whatever thread: as many in a minute as a rate says, of each project."""

    def __init__(self, rates: Sequence[Rate] = RATES, now: Callable[[], float] = time.monotonic) -> None:
        self.rates, self.now = rates, now
        self._given: dict[tuple[Rate, str], deque[float]] = {}
        self._turn = Lock()

    async def wait(self, resource: Resource) -> None:
        """Returns when this may be asked for; at once for whoever only looks."""
        if (seconds := self.room_in(resource)) > 0:
            await asyncio.sleep(seconds)

    def room_in(self, resource: Resource) -> float:
        """In how many seconds it may be asked for; that moment is taken."""
        if resource.verb == "GET":
            return 0.0
        limits = [one for one in self.rates if one.api == resource.api and one.kind in ("", resource.kind)]
        with self._turn:
            return max((self._take(rate, _project(resource)) for rate in limits), default=0.0)

    def _take(self, rate: Rate, project: str) -> float:
        now = self.now()
        given = self._given.setdefault((rate, project), deque(maxlen=rate.per_minute))
        at = max(now, given[0] + MINUTE) if len(given) == rate.per_minute else now
        given.append(at)
        return at - now


def _project(resource: Resource) -> str:
    found = PROJECT.search(resource.path)
    return found[1] if found else resource.query.get("project", "")
