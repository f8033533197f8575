"""What there is, kept in a file: written whole beside it and renamed, readable by nobody else, for it holds secrets' values."""

import json
import math
import os
import threading
import time
from pathlib import Path

from gcpsim.operations import Operation
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import World

VERSION = 1
EVERY = 1.0
"""Seconds between two looks for changes that no call made."""

ENDED = "The simulator was ended while this went on."
"""What an operation ends with that was under way; who can take it up again does."""

LONG = 0.05
"""Seconds to look through a world that is too large to be kept before each answer; it is kept by the looks alone."""


class Keeper:
    """Keeps a world in a folder: after each call that may change something, and what changes by itself a second later at most.

    A process may be killed at any moment; a machine whose power fails may lose the last writes. A world of some hundred sites takes
    long to be looked through: all of it is kept by looks, whose pauses are nine tenths of the time.
    """

    def __init__(self, folder: Path) -> None:
        self._file, self._log = folder / "world.json", folder / "entries.jsonl"
        self._points = folder / "points.jsonl"
        self._last, self._took = "", 0.0
        self._over = threading.Event()

    def begin(self, world: World) -> None:
        """Bring back what the folder holds, and keep the world there from now on."""
        self.world = world
        if self._file.exists():
            restore(world, json.loads(self._file.read_text(encoding="utf-8")))
        world.logbook.open(self._log)
        world.series.open(self._points)
        world.keep = lambda: self.keep() if self._took < LONG else None
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._looking.start()

    def end(self) -> None:
        """Keep what there is, for the last time."""
        self._over.set()
        self._looking.join()
        self.keep()
        self.world.series.keep(math.inf)
        self.world.logbook.close()

    def keep(self) -> None:
        """Write what there is, if it is another than was written last; takes the world's turn."""
        with self.world.turn:
            began = time.monotonic()
            told = kept(self.world)
            text = json.dumps(told)
            self._took = time.monotonic() - began
            if text == self._last:
                return
            self._last = text
            clock = {"now": self.world.clock.now(), "looks": self.world.clock.looks}
            self._write(json.dumps({"version": VERSION, "clock": clock})[:-1] + ", " + text[1:])

    def _write(self, text: str) -> None:
        coming = self._file.with_suffix(".coming")
        descriptor = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
        coming.rename(self._file)

    def _look(self) -> None:
        while not self._over.wait(max(EVERY, 9 * self._took)):
            self.keep()
            with self.world.turn:
                self.world.series.keep(self.world.clock.now())


def kept(world: World) -> Json:
    """All of a world that a later one needs, as JSON; without its time, which passes by itself."""
    return {
        "resources": [vars(one) for one in world.store.everything()],
        "gone": world.store.gone,
        "given": world.store.given,
        "operations": [[key, vars(one)] for key, one in world.operations.everything()],
        "remembered": [[key, at, vars(one)] for key, (at, one) in world.remembered.items()],
        "elsewhere": [[*name, values] for name, values in world.elsewhere.items()],
        "purges": world.purges,
    }


def restore(world: World, told: Json) -> None:
    """Bring back what was kept. What went on when it was kept goes on no more: its operation failed."""
    world.clock.bring_back(told["clock"]["now"], told["clock"]["looks"])
    world.store.bring_back([Resource(**one) for one in told["resources"]], told["gone"], told["given"])
    for key, one in told["operations"]:
        operation = Operation(**one)
        if operation.going:
            operation.fail(ENDED, code=10)
        world.operations.also(key, operation)
    world.remembered |= {key: (at, Resource(**one)) for key, at, one in told["remembered"]}
    world.elsewhere |= {(name, kind): values for name, kind, values in told["elsewhere"]}
    world.purges = told["purges"]
