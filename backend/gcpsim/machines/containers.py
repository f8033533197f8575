"""Cloud Run's services as containers of this machine: rolled out, scaled by what is asked of them, ended with their service.

Whatever takes time goes on in threads; whoever looks at the store takes the world's turn, and never while holding another lock.
"""

import logging
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gcpsim.keeping import ENDED
from gcpsim.machines import podman
from gcpsim.machines.fleet import Fleet
from gcpsim.machines.instances import Instance
from gcpsim.machines.options import Running
from gcpsim.machines.revisions import CannotStart, Name, recipe
from gcpsim.machines.rounds import Rounds
from gcpsim.machines.scaling import Limits
from gcpsim.machines.telling import Telling
from gcpsim.machines.traffic import limits_of, shares, tags
from gcpsim.machines.words import unready
from gcpsim.operations import GoesOn, Operation
from gcpsim.runs import Runs
from gcpsim.semantics.run import ready, tell_condition
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import World

TICK = 0.2
"""Seconds between two looks at everything that runs."""


class Containers(Runs):
    """`folder` is for what belongs to instances."""

    def __init__(self, folder: Path, running: Running) -> None:
        self.folder, self.images, self.idle = folder, running.images, running.idle
        self.label = f"gcpsim.home={folder.resolve()}"
        self._fleets: dict[str, Fleet] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._ticking: threading.Thread | None = None

    def begin(self, world: World) -> None:
        """End what a killed simulator left behind, and take over the services there are."""
        self.world, self.telling = world, Telling(world)
        world.runs = self
        if reason := podman.why_not():
            sys.stderr.write(
                f"Cloud Run's containers can't run: podman doesn't work on this machine. {reason}\n"
            )
        else:
            podman.remove(*podman.labelled(self.label))
        shutil.rmtree(self.folder, ignore_errors=True)
        self._resume()
        self._ticking = threading.Thread(target=self._tick, daemon=True)
        self._ticking.start()

    def end(self) -> None:
        """End every instance."""
        self._stopping.set()
        if self._ticking is None:
            return
        self._ticking.join()
        self._end_all([fleet for _, fleet in self._all()])
        self.world.runs = Runs()

    def rolls_out(self, service: str) -> GoesOn:
        """The newest revision's first instance has to pass its startup probe."""
        newest = Name(f"run/{self._content(service)['latestCreatedRevision']}")
        self.changed(service)
        return lambda operation: _beside(self._roll_out, newest, operation)

    def ends(self, service: str) -> GoesOn | None:
        """All instances of all its revisions end."""
        fleets = [fleet for name, fleet in self._all() if name.service_key == service]
        return (lambda operation: _beside(self._end_service, fleets, operation)) if fleets else None

    def changed(self, service: str) -> None:
        """Other limits for its revisions; those without traffic are retired."""
        content = self._content(service)
        serving = dict(shares(content))
        kept = {*serving, *tags(content), str(content.get("latestCreatedRevision", "")).rsplit("/", 1)[-1]}
        for revision in kept - {""}:
            key = f"{service}/revisions/{revision}"
            made = self.world.store.get(key)
            limits = limits_of(content, made.content if made else {}, serving.get(revision, 0), self.idle)
            if limits.least or key in self._fleets:
                self.fleet(Name(key)).limits = limits
        for name, fleet in self._all():
            if name.service_key == service:
                fleet.retired = name.parts[3] not in kept

    @contextmanager
    def instance(self, name: Name) -> Iterator[Instance]:
        """An instance of a revision for one request, started if need be; raises NoInstance."""
        fleet = self.fleet(name)
        taken = fleet.take()
        try:
            yield taken
        finally:
            fleet.give(taken)

    def fleet(self, name: Name) -> Fleet:
        """All instances of a revision."""
        with self._lock:
            if name.key not in self._fleets:
                limits = self._limits(name)
                self._fleets[name.key] = Fleet(
                    lambda: self._start(name),
                    lambda gone: self._finish(name, gone),
                    self.world.clock.now,
                    limits,
                )
            return self._fleets[name.key]

    def _limits(self, name: Name) -> Limits:
        service, made = self.world.store.get(name.service_key), self.world.store.get(name.key)
        if service is None or made is None:
            return Limits(idle_seconds=self.idle)
        percent = dict(shares(service.content)).get(name.parts[3], 0)
        return limits_of(service.content, made.content, percent, self.idle)

    def _resume(self) -> None:
        for service in self.world.store.kind("run", "services"):
            self.changed(service.key)
            if service.content.get("reconciling"):
                newest = Name(f"run/{service.content['latestCreatedRevision']}")
                _beside(self._roll_out, newest, self._taken_up(service.key))

    def _taken_up(self, service: str) -> Operation | None:
        """The operation that was under way when an earlier simulator ended; it goes on."""
        for _, operation in reversed(self.world.operations.everything()):
            if operation.target == service and operation.error == ENDED:
                operation.error, operation.going = "", True
                return operation
        return None

    def _roll_out(self, name: Name, operation: Operation | None) -> None:
        fleet = self.fleet(name)
        try:
            fleet.first()
        except CannotStart as refusal:
            self._told_failed(name, refusal, operation)
            with self._lock:
                self._fleets.pop(name.key, None)
            fleet.end()
        else:
            self._told_ready(name, operation)

    def _told_ready(self, name: Name, operation: Operation | None) -> None:
        with self.world.turn:
            service = self.world.store.get(name.service_key)
            if service is None:
                _ended(operation, "The service was deleted meanwhile.", 10)
                return
            if self._is_newest(service, name):
                ready(service, self.world.clock.stamp())
            self.changed(service.key)
            if operation:
                operation.succeed(service.content)

    def _told_failed(self, name: Name, refusal: CannotStart, operation: Operation | None) -> None:
        """Unless the simulator ends: then the next one goes on with it."""
        if self._stopping.is_set():
            return
        message = unready(name, refusal.message)
        with self.world.turn:
            service = self.world.store.get(name.service_key)
            if service and self._is_newest(service, name):
                tell_condition(service.content, "FAILED", self.world.clock.stamp(), message)
            self.telling.event(name, "ERROR", message)
            _ended(operation, message, refusal.code)

    def _is_newest(self, service: Resource, name: Name) -> bool:
        return f"run/{service.content.get('latestCreatedRevision')}" == name.key

    def _end_service(self, fleets: list[Fleet], operation: Operation) -> None:
        self._end_all(fleets)
        with self._lock:
            self._fleets = {key: fleet for key, fleet in self._fleets.items() if fleet not in fleets}
        with self.world.turn:
            operation.succeed()

    def _start(self, name: Name) -> Instance:
        if reason := podman.why_not():
            raise CannotStart(f"podman doesn't work on this machine: {reason}")
        with self.world.turn:
            told = recipe(self.world, self.images, name)
        instance = Instance(self.folder, self.label, told)
        try:
            seconds = instance.start(lambda: not self._stopping.is_set())
        except BaseException:
            self._finish(name, instance)
            raise
        self.telling.started(name, instance, seconds)
        return instance

    def _finish(self, name: Name, instance: Instance) -> None:
        """An instance that ended by itself is told of; whatever it still said is."""
        if instance.pid and not instance.lives and not instance.ending:
            self.telling.event(name, "WARNING", "Container called exit.", instance.id)
        self.telling.spent(name, instance, instance.spent() if instance.began else 0.0)
        instance.end(lambda lines: self.telling.printed(name, instance, lines))

    def _tick(self) -> None:
        rounds = Rounds(self.telling)
        while not self._stopping.wait(TICK):
            fleets = self._all()
            try:
                rounds.go(fleets)
            except Exception:  # a mistake of ours must not keep all others from being looked after
                logging.getLogger(__name__).exception("looking after instances")
            for name, fleet in fleets:
                if fleet.retired and not fleet.instances and not fleet.starting:
                    with self._lock:
                        self._fleets.pop(name.key, None)
        rounds.close()

    def _all(self) -> list[tuple[Name, Fleet]]:
        with self._lock:
            return [(Name(key), fleet) for key, fleet in self._fleets.items()]

    def _content(self, service: str) -> Json:
        found = self.world.store.get(service)
        return found.content if found else {}

    def _end_all(self, fleets: list[Fleet]) -> None:
        ending = [_beside(fleet.end) for fleet in fleets]
        for thread in ending:
            thread.join()


def _beside(act: Callable[..., None], *told: object) -> threading.Thread:
    thread = threading.Thread(target=act, args=told, daemon=True)
    thread.start()
    return thread


def _ended(operation: Operation | None, message: str, code: int) -> None:
    if operation:
        operation.fail(message, code)
