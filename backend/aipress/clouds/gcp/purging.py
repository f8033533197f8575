"""Purges in turn: who wants pages forgotten waits for one request that says it for everybody, and within Google's limit."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.purges import A_MINUTE, Purge, purge, together
from aipress.clouds.gcp.together import together as all_of
from aipress.errors import AIPressError, CloudBusy

MINUTE, A_MOMENT = 60.0, 0.5
PATIENCE = 45.0  # seconds a wish waits for room


@dataclass(eq=False)
class Wish:
    """One caller's; `is_done` once a request that covered it has ended, with `error` where that failed."""

    purges: tuple[Purge, ...]
    until: float
    is_done: bool = False
    error: AIPressError | None = None


@dataclass
class Line:
    """Who waits at one URL map. `asked`: when its project was asked in the last minute, shared with the project's other maps."""

    asked: list[float]
    waiting: list[Wish] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def room(self) -> int:
        """How many more requests Google takes now."""
        self.asked[:] = [at for at in self.asked if at > time.monotonic() - MINUTE]
        return max(0, A_MINUTE - len(self.asked))


class PurgeQueue:
    """Whoever's turn it is asks for all that wait; the others find it done."""

    def __init__(self, google: Google) -> None:
        self.google = google
        self._lines = WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], Line]]()
        self._asked: defaultdict[str, list[float]] = defaultdict(list)

    async def forget(self, purges: tuple[Purge, ...], place: Place, url_map: str) -> None:
        """Returns when Google has forgotten them. Raises CloudBusy where others take all the room there is, or what Google says."""
        wish = Wish(purges, time.monotonic() + PATIENCE)
        line = self._line(place.project, url_map)
        line.waiting.append(wish)
        try:
            async with line.turn:
                if not wish.is_done:
                    await self._wait_for_room(line, wish.until)
                    await self._ask(line, place, url_map)
        finally:
            if wish in line.waiting:
                line.waiting.remove(wish)
        if wish.error:
            raise wish.error

    def _line(self, project: str, url_map: str) -> Line:
        """This loop's own: a workflow taken up at start may run in another thread's."""
        lines = self._lines.setdefault(asyncio.get_running_loop(), {})
        return lines.setdefault((project, url_map), Line(self._asked[project]))

    async def _ask(self, line: Line, place: Place, url_map: str) -> None:
        """For everybody who waits now; a wish that found no room fails, the caller asks again."""
        wishes = list(line.waiting)
        now, _ = together([one for wish in wishes for one in wish.purges], line.room())
        line.asked += [time.monotonic()] * len(now)
        error: AIPressError | None = None
        try:
            await all_of(self.google.make(purge(one, place, url_map)) for one in now)
        except AIPressError as failed:
            error = failed
        for wish in wishes:
            wish.is_done, wish.error = True, error or _left_out(wish, now)
            line.waiting.remove(wish)

    async def _wait_for_room(self, line: Line, until: float) -> None:
        while not line.room():
            if time.monotonic() > until:
                raise CloudBusy("Google's cache takes no more purges this minute; ask again.")
            await asyncio.sleep(A_MOMENT)


def _left_out(wish: Wish, asked: list[Purge]) -> AIPressError | None:
    """Whether any of its pages were neither asked for nor part of a whole host that was."""
    whole = {one.host for one in asked if one.path == "/*"}
    if all(one in asked or one.host in whole for one in wish.purges):
        return None
    return CloudBusy("Google's cache takes no more purges this minute; ask again.")
