"""What makes the simulator do things: real programs behind its rows. `serve --machines DIR` turns them on; without it nothing runs.

Each machine takes its part of the world (`world.sql = …`) when it begins, finds again what DIR holds of an earlier run, and stops at
the end whatever it started.
"""

import fcntl
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from gcpsim.keeping import Keeper
from gcpsim.machines.balancer import Balancer
from gcpsim.machines.billing.biller import Biller
from gcpsim.machines.buckets import Buckets
from gcpsim.machines.containers import Containers
from gcpsim.machines.mariadb import MariaDb
from gcpsim.machines.options import Running
from gcpsim.machines.programs import Programs
from gcpsim.machines.valkey import Valkey
from gcpsim.machines.warehouse import Duck
from gcpsim.world import World


class Machine(Protocol):
    """One kind of real thing."""

    def begin(self, world: World) -> None:
        """Take its part of a world whose rows have been read already, and start again what they speak of."""

    def end(self) -> None:
        """Stop all it started; what it keeps stays in its folder."""


class Machines:
    """All of them, with one folder. `net` is the second number of their loopback addresses: two simulators take two; `running`: how

    Cloud Run's services run.
    """

    def __init__(self, folder: Path, net: int = 77, running: Running | None = None) -> None:
        self.folder, self.net, self.running = folder, net, running or Running()
        self.programs = Programs()
        self._ending = ExitStack()
        self._containers = Containers(folder / "instances", self.running)
        self._balancer = Balancer(self._containers, self.running)

    @property
    def visitors(self) -> int | None:
        """The port visitors come in at, if any may."""
        return None if self.running.visitors is None else self._balancer.port

    def begin(self, world: World) -> None:
        """Start them in order; one that fails to leaves nothing of the earlier ones running. Raises ValueError where the folder is

        another simulator's, who still runs.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(
            0o711
        )  # to be passed through by the accounts that servers run as, each to its own folder
        self._take_folder()
        world.folder, world.files = str(self.folder), Buckets(self.folder)
        world.warehouse = warehouse = Duck(self.folder)
        self._ending.callback(warehouse.close)
        keeper = Keeper(self.folder)
        keeper.begin(world)
        self._ending.callback(keeper.end)
        self._ending.callback(self.programs.close)
        try:
            for machine in self._made():
                self._ending.callback(machine.end)
                machine.begin(world)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Stop them, the last one first."""
        self._ending.close()

    def _made(self) -> list[Machine]:
        return [
            MariaDb(self.folder / "sql", self.net, self.programs),
            Valkey(self.folder / "caches", self.net + 1, self.programs),
            self._containers,
            Biller(self.folder),
            *([] if self.running.visitors is None else [self._balancer]),
        ]

    def _take_folder(self) -> None:
        lock = (self.folder / "lock").open("w")
        self._ending.callback(lock.close)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.end()
            raise ValueError(
                f"Another simulator runs in {self.folder}. End it, or take another folder."
            ) from None
