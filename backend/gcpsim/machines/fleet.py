"""The instances of one revision: who takes a request, when another starts, when one may go."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gcpsim.machines.instances import Instance
from gcpsim.machines.revisions import CannotStart
from gcpsim.machines.scaling import Limits, to_end, wanted

ABORTED = 10
QUEUE_SECONDS = 60.0
"""How long a request waits for an instance before it is turned away."""


class NoInstance(Exception):
    """Nobody can take the request; `status` is what the visitor gets."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Fleet:
    """`begin` starts an instance and returns when it listens, or raises CannotStart; `finish` ends one; `now` is the world's clock.

    Both are called without the fleet's lock, from threads of their own.
    """

    begin: Callable[[], Instance]
    finish: Callable[[Instance], None]
    now: Callable[[], float]
    limits: Limits = field(default_factory=Limits)
    instances: list[Instance] = field(default_factory=list)
    starting: int = 0
    waiting: int = 0
    failed: int = 0
    failure: CannotStart | None = None
    over: bool = False
    retired: bool = False

    def __post_init__(self) -> None:
        self._turn = threading.Condition()
        self._leaving = 0
        self._rests_until = 0.0

    def first(self) -> None:
        """Have one instance that listens; raises CannotStart."""
        with self._turn:
            before = self.failed
            if not self.instances and not self.starting:
                self._start(1)
            self._turn.wait_for(lambda: self.instances or self.failed > before or self.over)
            if self.failure and self.failed > before:
                raise self.failure
            if self.over:
                raise CannotStart("The service was deleted meanwhile.", ABORTED)

    def take(self) -> Instance:
        """An instance that has room, which now has a request more; raises NoInstance. Whoever takes gives it back."""
        until = time.monotonic() + QUEUE_SECONDS
        with self._turn:
            self.waiting += 1
            before = self.failed
            try:
                while True:
                    if free := self._free():
                        free.takes_one()
                        return free
                    if self.over:
                        raise NoInstance(503, "The service is being deleted.")
                    if self.failed > before:
                        raise NoInstance(
                            503, "The request failed because the instance could not start successfully."
                        )
                    self._grow()
                    if not self._turn.wait(until - time.monotonic()):
                        raise NoInstance(
                            429, "The request was aborted because there was no available instance."
                        )
            finally:
                self.waiting -= 1

    def give(self, instance: Instance) -> None:
        """The request is over."""
        with self._turn:
            instance.gives_one()
            instance.since = self.now()
            self._turn.notify_all()

    def settle(self) -> None:
        """Let those go that nobody needs or that ended by themselves, and see to the least there must be."""
        with self._turn:
            gone = [one for one in self.instances if not one.lives]
            left = [one for one in self.instances if one.lives]
            limits = (
                Limits(self.limits.concurrency, 0, self.limits.most, 0.0) if self.retired else self.limits
            )
            idle = [None if one.busy else self.now() - one.since for one in left]
            gone += [left[at] for at in to_end(idle, limits)]
            self._leave(gone)
            too_few = len(self.instances) + self.starting < limits.least
            if too_few and not self.retired and not self.over and time.monotonic() >= self._rests_until:
                self._grow()

    def spent(self, instance: Instance) -> float:
        """Real seconds of an instance that are paid for and were not told yet."""
        with self._turn:
            return instance.spent()

    def drop(self, instance: Instance) -> None:
        """This one is no good any more."""
        with self._turn:
            self._leave([instance] if instance in self.instances else [])

    def end(self) -> None:
        """All go, at once; returns when they have."""
        with self._turn:
            self.over = True
            going, self.instances = self.instances, []
            self._turn.notify_all()
        for one in going:
            one.tell_to_end()
        for one in going:
            self.finish(one)
        with self._turn:
            self._turn.wait_for(lambda: not self.starting and not self._leaving)

    def _free(self) -> Instance | None:
        room = [one for one in self.instances if one.busy < self.limits.concurrency and one.lives]
        return min(room, key=lambda one: one.busy, default=None)

    def _grow(self) -> None:
        requests = sum(one.busy for one in self.instances) + self.waiting
        there = sum(1 for one in self.instances if one.lives)
        self._start(wanted(requests, self.limits) - there - self.starting)

    def _start(self, number: int) -> None:
        for _ in range(number):
            self.starting += 1
            threading.Thread(target=self._start_one, daemon=True).start()

    def _start_one(self) -> None:
        started, failure = None, None
        try:
            started = self.begin()
        except CannotStart as refusal:
            failure = refusal
        except Exception as broken:  # a mistake of ours must not leave visitors waiting
            logging.getLogger(__name__).exception("starting an instance")
            failure = CannotStart(f"{type(broken).__name__}: {broken}", 13)
        with self._turn:
            unwanted = started if self.over else None
            self._leaving += 1 if unwanted else 0
            if failure:
                self.failed, self.failure = self.failed + 1, failure
                self._rests_until = time.monotonic() + min(60.0, float(2**self.failed))
            elif started and not unwanted:
                started.since = self.now()
                self.instances.append(started)
            self.starting -= 1
            self._turn.notify_all()
        if unwanted:
            self._finish_one(unwanted)

    def _leave(self, going: list[Instance]) -> None:
        for one in going:
            self.instances.remove(one)
            self._leaving += 1
            threading.Thread(target=self._finish_one, args=(one,), daemon=True).start()

    def _finish_one(self, going: Instance) -> None:
        try:
            self.finish(going)
        finally:
            with self._turn:
                self._leaving -= 1
                self._turn.notify_all()
