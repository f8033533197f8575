"""Memorystore's caches as Redis or Valkey servers of this machine, each at a loopback address of its own."""

import sys
from collections.abc import Callable
from pathlib import Path

from gcpsim.caches import Caches
from gcpsim.errors import Refused
from gcpsim.machines.beside import Beside
from gcpsim.machines.numbers import Numbers
from gcpsim.machines.programs import Programs, end_leftover, why_not
from gcpsim.machines.valkey.server import ACCOUNT, Server, program, settings_of
from gcpsim.operations import GoesOn
from gcpsim.semantics.cache_users import users_of
from gcpsim.store import Resource
from gcpsim.world import World


class Valkey(Caches):
    """`folder` has a folder for each server. Nothing is kept of what was in a cache when its server ends."""

    def __init__(self, folder: Path, net: int, programs: Programs) -> None:
        self._numbers, self._programs = Numbers(folder, net), programs
        self._servers: dict[str, Server] = {}

    def begin(self, world: World) -> None:
        """Start the servers of the caches there are, empty."""
        self._world, self._beside = world, Beside(world, "caches")
        if reason := why_not([program() or "valkey-server"], ACCOUNT):
            sys.stderr.write(f"Memorystore's caches can't run. {reason}\n")
            return
        world.caches = self
        self._beside.all_of([start for number, key in self._numbers if (start := self._resumed(number, key))])
        self._beside.watch(self._revive)

    def end(self) -> None:
        """Stop all of them, at once."""
        self._beside.close()
        ending = Beside(self._world, "caches-ending")
        ending.all_of([server.stop for server in self._servers.values()])
        ending.close()
        self._world.caches = Caches()

    def _revive(self) -> None:
        for server in list(self._servers.values()):
            server.revive()

    def address(self, instance: str) -> str:
        server = self._servers.get(instance)
        return server.address if server else super().address(instance)

    def certificate(self, instance: str) -> str:
        server = self._servers.get(instance)
        return server.certificate.text() if server else ""

    def begins(self, made: Resource, users: dict[str, str]) -> GoesOn | None:
        server = self._server(self._numbers.give(made.key), made.key)
        settings = settings_of(made.content)

        def tell() -> None:
            server.set_users(users_of(self._world.store, made))  # it may have been changed meanwhile
            made.content["state"] = state_of(made)

        return self._beside.goes_on(
            lambda: server.start(made.id, settings, users), tell, lambda: self._forget(made.key)
        )

    def changes(self, changed: Resource) -> GoesOn | None:
        server = self._servers.get(changed.key)
        return self._beside.goes_on(lambda: server.change(settings_of(changed.content))) if server else None

    def ends(self, instance: str) -> GoesOn | None:
        server = self._servers.pop(instance, None)
        if server is None:
            return None

        def work() -> None:
            server.stop()
            self._numbers.take_back(instance)

        return self._beside.goes_on(work)

    def set_users(self, instance: str, users: dict[str, str]) -> None:
        if server := self._servers.get(instance):
            server.set_users(users)

    def _forget(self, key: str) -> None:
        """What could not be started was never made."""
        self._servers.pop(key, None)
        self._numbers.take_back(key)
        self._world.store.remove(key, self._world.clock.now())

    def _server(self, number: int, key: str) -> Server:
        made = Server(self._numbers.folder(number), self._numbers.address(number), self._programs)
        self._servers[key] = made
        return made

    def _resumed(self, number: int, key: str) -> Callable[[], None] | None:
        row = self._world.store.get(key)
        if row is None:
            end_leftover(self._numbers.folder(number))
            self._numbers.take_back(key)
            return None
        server, users = self._server(number, key), users_of(self._world.store, row)

        def start() -> None:
            try:
                server.start(row.id, settings_of(row.content), users)
                row.content["state"] = state_of(row)
            except Refused as failed:
                sys.stderr.write(f"{row.id}: {failed.message}\n")

        return start


def state_of(row: Resource) -> str:
    """How an API says that a cache can be used."""
    return "READY" if row.key.startswith("redis/") and "/instances/" in row.key else "ACTIVE"
