"""Limits the kernel holds environments to, where this machine lets us: control groups of version 1 or 2, below our own.

Best effort: where no group can be made, environments run without, and `describe` says so.
"""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aipress.hostd.verbs import Limits

ROOT_V2 = Path("/sys/fs/cgroup")
# Beside `memory_mb`: what PHP needs before it runs any of the tenant's code.
OVERHEAD_MB = 64
PROCESSES_PER_CHILD = 8
SPARE_PROCESSES = 32
# Processor time, in shares of version 1 where 1024 is usual: all sites together, each of them, and one that is nobody's yet:
# preparing it gives way to whoever waits for a page.
WEIGHT_OF_ALL, WEIGHT_OF_ONE, WEIGHT_OF_NOBODYS = 4096, 1024, 32


@dataclass(frozen=True, slots=True)
class Cgroups:
    """Where groups of environments are made: controller → directory. Empty where that is not possible."""

    version: int
    places: dict[str, Path]

    def describe(self) -> str:
        return f"cgroup v{self.version}: {', '.join(sorted(self.places))}" if self.places else "not limited"

    @property
    def counts_cpu(self) -> bool:
        """Whether processor time can be read from them."""
        return ("cpuacct" if self.version == 1 else "cpu") in self.places

    def is_counting(self, id: str) -> bool:
        """Whether the group that counts its processor time is there."""
        counter = self.places.get("cpuacct" if self.version == 1 else "cpu")
        return counter is not None and (counter / id).is_dir()

    def ensure(self, id: str, limits: Limits) -> list[Path]:
        """Make the environment's groups; returns the files through which a process joins them."""
        joined = []
        for controller, place in self._each(id):
            with contextlib.suppress(OSError):
                place.mkdir(exist_ok=True)
                for name, value in _settings(self.version, controller, limits):
                    (place / name).write_text(value)
                joined.append(place / "cgroup.procs")
        return joined

    def weigh(self, id: str, is_somebodys: bool) -> None:
        """Give the environment its part of the processor, as long as others want it too."""
        shares = WEIGHT_OF_ONE if is_somebodys else WEIGHT_OF_NOBODYS
        name, weight = ("cpu.shares", shares) if self.version == 1 else ("cpu.weight", shares * 100 // 1024)
        if place := self.places.get("cpu"):
            with contextlib.suppress(OSError):
                (place / id / name).write_text(str(weight))

    def remove(self, id: str) -> bool:
        """Remove the environment's groups; False while something still runs in one."""
        removed = True
        for _, place in self._each(id):
            try:
                place.rmdir()
            except FileNotFoundError:
                continue
            except OSError:
                removed = False
        return removed

    def cpu_us(self, id: str) -> int:
        """Microseconds of processor time its groups used since they were made; 0 where that is not counted."""
        with contextlib.suppress(OSError, KeyError, ValueError):
            if self.version == 1:
                return int((self.places["cpuacct"] / id / "cpuacct.usage").read_text()) // 1000
            told = (self.places["cpu"] / id / "cpu.stat").read_text().split()
            return int(told[told.index("usage_usec") + 1])
        return 0

    def memory_bytes(self, id: str) -> int:
        """Memory its groups hold now; 0 where that is not counted."""
        name = "memory.usage_in_bytes" if self.version == 1 else "memory.current"
        with contextlib.suppress(OSError, KeyError, ValueError):
            return int((self.places["memory"] / id / name).read_text())
        return 0

    def members(self, id: str) -> set[int]:
        """The processes in the environment's groups."""
        found: set[int] = set()
        for _, place in self._each(id):
            with contextlib.suppress(OSError):
                found |= {int(pid) for pid in (place / "cgroup.procs").read_text().split()}
        return found

    def existing(self) -> set[str]:
        """Environments that have a group."""
        found: set[str] = set()
        for place in self.places.values():
            with contextlib.suppress(OSError):
                found |= {entry.name for entry in os.scandir(place) if entry.is_dir()}
        return found

    def _each(self, id: str) -> Iterator[tuple[str, Path]]:
        places = self.places if self.version == 1 else dict(list(self.places.items())[:1])
        return ((controller, place / id) for controller, place in places.items())


def find_cgroups(name: str) -> Cgroups:
    """Groups called `name` below our own (v1) or the machine's root (v2), made where they can be."""
    if "memory" in _words(ROOT_V2 / "cgroup.controllers"):
        return _find_v2(ROOT_V2 / name)
    places = {}
    for controller, own in _own_groups_v1().items():
        with contextlib.suppress(OSError):
            (own / name).mkdir(exist_ok=True)
            places[controller] = own / name
    with contextlib.suppress(OSError, KeyError):
        (places["cpu"] / "cpu.shares").write_text(str(WEIGHT_OF_ALL))
    return Cgroups(1, places)


def _find_v2(place: Path) -> Cgroups:
    """A group below the root, as services' are: our own has processes in it, which v2 does not allow beside subgroups."""
    wanted = ("memory", "pids", "cpu")
    try:
        place.mkdir(exist_ok=True)
        (place / "cgroup.subtree_control").write_text(" ".join(f"+{each}" for each in wanted))
    except OSError:
        return Cgroups(2, {})
    return Cgroups(2, {each: place for each in wanted})


def _settings(version: int, controller: str, limits: Limits) -> Iterator[tuple[str, str]]:
    memory = str((limits.memory_mb + OVERHEAD_MB) * 2**20)
    processes = str(limits.children * PROCESSES_PER_CHILD + SPARE_PROCESSES)
    if version == 2:
        yield from (("memory.max", memory), ("pids.max", processes))
    elif controller == "memory":
        yield ("memory.limit_in_bytes", memory)
    elif controller == "pids":
        yield ("pids.max", processes)


def _own_groups_v1() -> dict[str, Path]:
    """Where we are in each hierarchy of version 1 that we use."""
    paths = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    found = {}
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, mounted, kind, options, *_ = line.split()
        if kind == "cgroup":
            for controller in {"memory", "pids", "cpu", "cpuacct"} & set(options.split(",")):
                own = Path(mounted + paths.get(controller, "/"))
                found[controller] = own if own.is_dir() else Path(mounted)
    return found


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
