"""What takes real time goes on beside the calls, a few at once, and ends its operation when it is over."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from gcpsim.errors import Refused
from gcpsim.operations import GoesOn, Operation
from gcpsim.world import World

AT_ONCE = 5
EVERY = 1.0
"""Seconds between two looks at what should run."""


def nothing() -> None:
    """What follows most things."""


class Beside:
    """Threads of one machine."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._threads = ThreadPoolExecutor(AT_ONCE, name)
        self._over = threading.Event()

    def goes_on(
        self,
        work: Callable[[], object],
        then: Callable[[], object] = nothing,
        otherwise: Callable[[], object] = nothing,
    ) -> GoesOn:
        """Work for an operation; what follows it, or its failure, is said in the world's turn."""

        def begin(operation: Operation) -> None:
            self._threads.submit(self._do, operation, work, then, otherwise)

        return begin

    def all_of(self, works: list[Callable[[], object]]) -> None:
        """Do these and wait for them; raises what the first that failed raised."""
        for done in [self._threads.submit(work) for work in works]:
            done.result()

    def watch(self, look: Callable[[], object]) -> None:
        """Look every second until the end."""
        self._threads.submit(self._look, look)

    def close(self) -> None:
        """Wait for what goes on; what has not begun never does."""
        self._over.set()
        self._threads.shutdown(cancel_futures=True)

    def _look(self, look: Callable[[], object]) -> None:
        while not self._over.wait(EVERY):
            try:
                look()
            except Exception:  # the next look may do better
                logging.getLogger(__name__).exception("Looking at servers")

    def _do(
        self,
        operation: Operation,
        work: Callable[[], object],
        then: Callable[[], object],
        otherwise: Callable[[], object],
    ) -> None:
        try:
            work()
        except Exception as broken:  # whatever it is, the operation has to end
            if not isinstance(broken, Refused):
                logging.getLogger(__name__).exception("%s of %s", operation.verb, operation.target)
            with self._world.turn:
                otherwise()
                operation.fail(broken.message if isinstance(broken, Refused) else f"Internal error: {broken}")
        else:
            with self._world.turn:
                then()
                operation.succeed()
        self._world.keep()
