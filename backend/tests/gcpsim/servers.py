"""Real servers for tests of the simulator: a world with them, and addresses that no other run of the tests has."""

import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from gcpsim.keeping import Keeper
from gcpsim.machines import Machine
from gcpsim.machines.buckets import Buckets
from gcpsim.machines.programs import Programs
from gcpsim.machines.valkey import Valkey
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import World

Made = Callable[[Path, int, Programs], Machine]


def need(*programs: str) -> None:
    """Skips where one of these is missing."""
    for program in (*programs, "setpriv"):
        if not shutil.which(program, path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin:/bin"):
            pytest.skip(f"there is no {program} here")


@contextlib.contextmanager
def own_net() -> Iterator[int]:
    """A second number of loopback addresses that is this run's alone, as long as a socket is bound there; so is the next one."""
    net, claim = next(claimed for net in range(100, 250, 2) if (claimed := _claimed(net)))
    with claim:
        yield net


def _claimed(net: int) -> tuple[int, socket.socket] | None:
    """A net nobody has claimed, and where no simulator has servers that asked nobody."""
    try:
        claim = socket.create_server((f"127.{net}.255.1", 3306))
    except OSError:
        return None
    try:
        for place in (f"127.{net}.0.2", 3306), (f"127.{net + 1}.0.2", 6379):
            socket.create_server(place).close()
    except OSError:
        claim.close()
        return None
    return net, claim


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A folder which servers' accounts may enter, with a short path: sockets lie in it."""
    place = Path(tempfile.mkdtemp(prefix="gcpsim-", dir="/tmp"))
    place.chmod(0o711)
    yield place
    shutil.rmtree(place, ignore_errors=True)


@dataclass
class Google:
    """A world with real servers, asked call by call."""

    world: World

    def say(self, method: str, path: str, body: object = None, **query: str) -> Answer:
        """One call."""
        with self.world.turn:
            told = {name: [value] for name, value in query.items()}
            return Simulator(self.world).answer(
                Request(method, path, told, body if isinstance(body, dict) else None)
            )

    def read(self, path: str, **query: str) -> Json:
        """What a GET that must succeed answers."""
        answer = self.say("GET", path, **query)
        assert answer.status == 200, answer.body
        return answer.body or {}

    def done(self, method: str, path: str, body: object = None, **query: str) -> Json:
        """What a change ends with: its operation, when that is over."""
        answer = self.say(method, path, body, **query)
        assert answer.status == 200, answer.body
        operation = answer.body or {}
        api, end = path.split("/")[1], time.monotonic() + 120
        while (
            operation.get("status") == "RUNNING" or operation.get("done") is False or self._goes_on(operation)
        ):
            assert time.monotonic() < end, operation
            time.sleep(0.01)
            operation = self.read(self._address(api, path, operation))
        return operation

    def _goes_on(self, operation: Json) -> bool:
        return (
            "metadata" in operation and "/operations/" in str(operation["name"]) and "done" not in operation
        )

    def _address(self, api: str, path: str, operation: Json) -> str:
        if api == "sqladmin":
            return f"/sqladmin/v1/projects/{path.split('/')[4]}/operations/{operation['name']}"
        return f"/{api}/v1/{operation['name']}"


@contextlib.contextmanager
def running(folder: Path, net: int, make: Made) -> Iterator[Google]:
    """A world kept in a folder, with one machine; ended as the server ends it."""
    world, programs = new_world(), Programs()
    with ExitStack() as ending:
        world.files = Buckets(folder)
        keeper = Keeper(folder)
        keeper.begin(world)
        ending.callback(keeper.end)
        ending.callback(programs.close)
        machine = make(folder, net, programs)
        ending.callback(machine.end)
        machine.begin(world)
        yield Google(world)


def valkey(folder: Path, net: int, programs: Programs) -> Machine:
    """Servers for Memorystore's caches."""
    return Valkey(folder / "caches", net + 1, programs)
