"""The servers of one kind: each found by its resource's key, and all of them begun, looked after and ended together."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from gcpsim.machines.beside import Beside
from gcpsim.machines.numbers import Numbers
from gcpsim.machines.programs import end_leftover
from gcpsim.operations import GoesOn
from gcpsim.store import Resource
from gcpsim.world import World

Start = Callable[[], None]


class Server(Protocol):
    """A real one."""

    def stop(self) -> None:
        """It runs no more."""

    def revive(self) -> None:
        """Let it run again if it ended by itself."""


Kind = TypeVar("Kind", bound=Server)


class Several(Generic[Kind]):
    """`folder` has a folder for each; `make` makes one of its folder and its address."""

    def __init__(self, folder: Path, net: int, make: Callable[[Path, str], Kind]) -> None:
        self._numbers, self._make = Numbers(folder, net), make
        self._servers: dict[str, Kind] = {}

    def begin(self, world: World, name: str) -> None:
        """From now on what takes time goes on `beside` the calls."""
        self._world, self._name, self.beside = world, name, Beside(world, name)

    def resume(self, start_of: Callable[[Resource, Kind], Start | None]) -> None:
        """Start those of the resources there are, forget those of resources that are gone, and look after them until the end."""
        self.beside.all_of(
            [start for number, key in self._numbers if (start := self._resumed(number, key, start_of))]
        )
        self.beside.watch(self._revive)

    def end(self) -> None:
        """Stop all of them, at once."""
        self.beside.close()
        ending = Beside(self._world, f"{self._name}-ending")
        ending.all_of([server.stop for server in self._servers.values()])
        ending.close()

    def get(self, key: str) -> Kind | None:
        """The server of a resource, where it has one."""
        return self._servers.get(key)

    def new(self, key: str) -> Kind:
        """A server for a resource, at an address of its own; it doesn't run yet."""
        return self._made(self._numbers.give(key), key)

    def ends(self, key: str) -> GoesOn | None:
        """It stops, and nothing of it is left."""
        server = self._servers.pop(key, None)
        if server is None:
            return None

        def work() -> None:
            server.stop()
            self._numbers.take_back(key)

        return self.beside.goes_on(work)

    def forget(self, key: str) -> None:
        """What could not be started was never made."""
        self._servers.pop(key, None)
        self._numbers.take_back(key)

    def _resumed(
        self, number: int, key: str, start_of: Callable[[Resource, Kind], Start | None]
    ) -> Start | None:
        row = self._world.store.get(key)
        if row is None:
            end_leftover(self._numbers.folder(number))
            self._numbers.take_back(key)
            return None
        return start_of(row, self._made(number, key))

    def _made(self, number: int, key: str) -> Kind:
        made = self._make(self._numbers.folder(number), self._numbers.address(number))
        self._servers[key] = made
        return made

    def _revive(self) -> None:
        for server in list(self._servers.values()):
            server.revive()
