"""Whom to ask next, of many who can't all be asked all the time: whoever was not asked for longest, quiet ones seldom."""

import math
from collections.abc import Iterable

AT_ONCE = 8
LIVELY, QUIET = 5.0, 60.0  # seconds between two looks at one
LIVELY_FOR = 600.0  # seconds since it last had something, or was first heard of


class Rounds:
    """Times are seconds of one clock that only goes forward."""

    def __init__(self) -> None:
        self._asked: dict[str, float] = {}
        self._lively: dict[str, float] = {}
        self._has_some: set[str] = set()

    def due(self, everybody: Iterable[str], now: float) -> list[str]:
        """Whose turn it is: at most eight."""
        here = set(everybody)
        self._asked = {id: at for id, at in self._asked.items() if id in here}
        self._has_some &= here
        self._lively = {id: self._lively.get(id, now) for id in here}
        waiting = [id for id in here if now - self._asked.get(id, -QUIET) >= self._gap(id, now)]
        return sorted(waiting, key=lambda id: (self._asked.get(id, -math.inf), id))[:AT_ONCE]

    def asked(self, id: str, now: float, has_some: bool) -> None:
        """It was asked; who has something is asked again at once, after the others."""
        self._asked[id] = now
        self._has_some.discard(id)
        if has_some:
            self._has_some.add(id)
            self._lively[id] = now

    def _gap(self, id: str, now: float) -> float:
        if id in self._has_some:
            return 0.0
        return LIVELY if now - self._lively[id] < LIVELY_FOR else QUIET
