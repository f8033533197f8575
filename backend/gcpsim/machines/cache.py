"""Cloud CDN's cache: answers by key, until their time is over or somebody invalidates them."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gcpsim.machines import caching
from gcpsim.machines.caching import Said
from gcpsim.runs import Edge
from gcpsim.wire import Json

LAST = 1000
"""Invalidations remembered for answers that were asked for before them."""

ROOM = 128 * 1024 * 1024
"""Bytes kept of all bodies together; the oldest go first."""


@dataclass(frozen=True)
class Kept:
    """An answer. `url_map`, `host` and `path` are of the request that brought it; times are the world's clock's."""

    said: Said
    body: bytes
    url_map: str
    host: str
    path: str
    since: float
    lifetime: float
    stale: float

    def age(self, now: float) -> float:
        """Seconds since it was kept."""
        return now - self.since


Key = tuple[str, str, tuple[tuple[str, str], ...]]


class Cache(Edge):
    """`now` is the world's clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._turn = now, threading.Lock()
        self._kept: dict[Key, Kept] = {}
        self._varying: dict[tuple[str, str], tuple[str, ...]] = {}
        self._due: list[tuple[float, str, Json]] = []
        self._done: deque[tuple[int, str, Json]] = deque(maxlen=LAST)
        self._counted = 0
        self._bytes = 0

    def mark(self) -> int:
        """To be taken before an origin is asked: what is invalidated after it is not kept."""
        with self._turn:
            self._forget_due()
            return self._counted

    def find(self, backend: str, key: str, asked: Mapping[str, str]) -> Kept | None:
        """What is kept for a request: fresh, or stale as long as its policy lets it be served."""
        with self._turn:
            self._forget_due()
            names = self._varying.get((backend, key), ())
            whole = (backend, key, tuple((name, asked.get(name, "")) for name in names))
            found = self._kept.get(whole)
            if found and found.age(self._now()) >= found.lifetime + found.stale:
                self._drop(whole)
                return None
            return found

    def is_fresh(self, one: Kept) -> bool:
        """Whether its origin need not be asked."""
        return one.age(self._now()) < one.lifetime

    def keep(self, place: tuple[str, str], asked: Mapping[str, str], one: Kept, mark: int) -> None:
        """Keep an answer of a backend under a key; what is there goes."""
        backend, key = place
        with self._turn:
            self._forget_due()
            if any(at > mark and _means(wish, url_map, one) for at, url_map, wish in self._done):
                return
            variant = caching.variant(one.said, asked)
            self._varying[backend, key] = tuple(name for name, _ in variant)
            whole = (backend, key, variant)
            self._drop(whole)
            self._kept[whole] = one
            self._bytes += len(one.body)
            while self._bytes > ROOM:
                self._drop(next(iter(self._kept)))

    def invalidate(self, url_map: str, wish: Json, at: float) -> None:
        """Forget what a wish means, when its time has come."""
        with self._turn:
            self._due.append((at, url_map, wish))
            self._forget_due()

    def _forget_due(self) -> None:
        now = self._now()
        due = [one for one in self._due if one[0] <= now]
        self._due = [one for one in self._due if one[0] > now]
        for _, url_map, wish in due:
            self._counted += 1
            self._done.append((self._counted, url_map, wish))
            for whole in [whole for whole, one in self._kept.items() if _means(wish, url_map, one)]:
                self._drop(whole)

    def _drop(self, whole: Key) -> None:
        if gone := self._kept.pop(whole, None):
            self._bytes -= len(gone.body)


def _means(wish: Json, url_map: str, one: Kept) -> bool:
    return one.url_map == url_map and caching.is_meant(wish, one.host, one.path, caching.tags(one.said))
