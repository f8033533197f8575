"""PHP-FPMs of one environment that were replaced: each takes no more visitors and finishes the requests it has."""

import asyncio

from aipress.hostd.ground import Ground
from aipress.hostd.process import Process

PATIENCE_SECONDS = 125.0  # FPM ends a request after 120
MOST = 4  # all of them share the environment's memory and processes


class Leaving:
    """Most environments never have one."""

    __slots__ = ("_ground", "_id", "_timers")

    def __init__(self, ground: Ground, id: str) -> None:
        self._ground, self._id = ground, id
        self._timers: dict[Process, asyncio.TimerHandle] = {}

    def let(self, process: Process) -> None:
        """Let it leave: asked now, ended when it takes longer than any request may, or when many came after it."""
        loop = self._ground.loop
        if len(self._timers) >= MOST:
            self._on_end(next(iter(self._timers)))
        self._timers[process] = loop.call_later(PATIENCE_SECONDS, process.kill)
        loop.add_reader(process.end_fd, self._on_end, process)
        process.ask_to_end()

    def end(self) -> None:
        """All of them, now."""
        for process in list(self._timers):
            self._on_end(process)

    @property
    def leaders(self) -> set[int]:
        """What we started and has not left yet."""
        return {process.leader for process in self._timers}

    def _on_end(self, process: Process) -> None:
        self._ground.loop.remove_reader(process.end_fd)
        self._timers.pop(process).cancel()
        process.kill()
        process.let_go()
