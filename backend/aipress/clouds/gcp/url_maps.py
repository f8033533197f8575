"""The URL map of a load balancer as own domains change it: one writer, who says together what was asked meanwhile.

Another process may write too: Google refuses what was not made of the newest map, and then it is read again and changed anew.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from aipress.clouds.gcp import routing
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Unbuildable
from aipress.errors import CloudRefused

FRESH = 10.0  # seconds for which a map that was read tells which hosts have pages to be forgotten

Change = Callable[[Json], Json]


@dataclass(eq=False)
class Wish:
    """One caller's change; `is_done` once a map was written with it, or `error` says why it can't be."""

    change: Change
    is_done: bool = False
    error: CloudRefused | None = None


@dataclass
class Line:
    """Who waits at one map."""

    waiting: list[Wish] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class UrlMaps:
    """Whoever's turn it is writes for all that wait; the others find it done."""

    def __init__(self, google: Google) -> None:
        self.google = google
        self._lines = WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], Line]]()
        self._read: dict[tuple[str, str], tuple[float, Json]] = {}

    async def change(self, place: Place, name: str, change: Change) -> None:
        """True on Google when this returns. Raises what `change` raises of the map as it is."""
        wish, line = Wish(change), self._line(place, name)
        line.waiting.append(wish)
        try:
            async with line.turn:
                if not wish.is_done:
                    batch = list(line.waiting)
                    await on_newest(lambda: self._written(place, name, batch))
                    for one in batch:
                        one.is_done = True
                    line.waiting = [one for one in line.waiting if one not in batch]
        finally:
            if wish in line.waiting:
                line.waiting.remove(wish)
        if wish.error:
            raise wish.error

    async def read(self, place: Place, name: str) -> Json:
        """The map as it is now; empty where there is none."""
        try:
            found = await self.google.read("compute", _path(place.project, name))
        except Gone:
            found = {}
        self._read[place.project, name] = time.monotonic(), found
        return found

    async def known(self, place: Place, name: str) -> Json:
        """The same, as it was some seconds ago at the most."""
        at, found = self._read.get((place.project, name), (float("-inf"), {}))
        return found if time.monotonic() - at < FRESH else await self.read(place, name)

    def _line(self, place: Place, name: str) -> Line:
        """This loop's own: a workflow taken up at start may run in another thread's."""
        lines = self._lines.setdefault(asyncio.get_running_loop(), {})
        return lines.setdefault((place.project, name), Line())

    async def _written(self, place: Place, name: str, batch: list[Wish]) -> None:
        """The map with every change that can be made of it; what can't be keeps nobody else from being said."""
        there = await self.read(place, name)
        if not there:
            raise CloudRefused(
                f"There is no URL map {name} in {place.project}. Apply Terraform, and ask again."
            )
        wanted = there
        for one in batch:
            one.error = None
            try:
                wanted = one.change(wanted)
            except Unbuildable as error:
                one.error = error
        if wanted != there:
            self._read.pop((place.project, name), None)
            await self.google.make(routing.written(wanted, place))
            self._read.pop((place.project, name), None)


def _path(project: str, name: str) -> str:
    return f"/compute/v1/projects/{project}/global/urlMaps/{name}"
