"""Memorystore's caches as Redis or Valkey servers of this machine, each at a loopback address of its own."""

import sys
from collections.abc import Callable
from pathlib import Path

from gcpsim.caches import Caches
from gcpsim.errors import Refused
from gcpsim.machines.programs import Programs, why_not
from gcpsim.machines.several import Several
from gcpsim.machines.valkey.server import ACCOUNT, Server, program, settings_of
from gcpsim.operations import GoesOn
from gcpsim.semantics.cache_users import users_of
from gcpsim.store import Resource
from gcpsim.world import World


class Valkey(Caches):
    """`folder` has a folder for each server. Nothing is kept of what was in a cache when its server ends."""

    def __init__(self, folder: Path, net: int, programs: Programs) -> None:
        self._servers = Several(folder, net, lambda place, address: Server(place, address, programs))

    def begin(self, world: World) -> None:
        """Start the servers of the caches there are, empty."""
        self._world = world
        self._servers.begin(world, "caches")
        self._beside = self._servers.beside
        if reason := why_not([program() or "valkey-server"], ACCOUNT):
            sys.stderr.write(f"Memorystore's caches can't run. {reason}\n")
            return
        world.caches = self
        self._servers.resume(self._start_of)

    def end(self) -> None:
        """Stop all of them, at once."""
        self._servers.end()
        self._world.caches = Caches()

    def address(self, instance: str) -> str:
        server = self._servers.get(instance)
        return server.address if server else super().address(instance)

    def certificate(self, instance: str) -> str:
        server = self._servers.get(instance)
        return server.certificate.text() if server else ""

    def begins(self, made: Resource, users: dict[str, str]) -> GoesOn | None:
        server = self._servers.new(made.key)
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
        return self._servers.ends(instance)

    def set_users(self, instance: str, users: dict[str, str]) -> None:
        if server := self._servers.get(instance):
            server.set_users(users)

    def _forget(self, key: str) -> None:
        """What could not be started was never made."""
        self._servers.forget(key)
        self._world.store.remove(key, self._world.clock.now())

    def _start_of(self, row: Resource, server: Server) -> Callable[[], None] | None:
        users = users_of(self._world.store, row)

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
