"""What an environment uses of the machine: bytes on disk, memory, processor time. Counted by its control groups where there are any,
otherwise by its processes."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

BLOCK = 512  # st_blocks counts these
TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Spent:
    """Processor time of control groups that are gone: one is removed whenever its environment falls asleep."""

    closed: dict[str, int] = field(default_factory=dict)
    leaving: dict[str, int] = field(default_factory=dict)

    def see(self, id: str, cpu_us: int) -> None:
        """What the groups had counted, just before they are removed; a half-removed one counts less."""
        self.leaving[id] = max(cpu_us, self.leaving.get(id, 0))

    def close(self, id: str) -> None:
        self.closed[id] = self.closed.get(id, 0) + self.leaving.pop(id, 0)

    def in_all(self, id: str, cpu_us: int) -> int:
        """Everything it ever used, when its groups count this much now. It never falls, also while groups are half removed."""
        return self.closed.get(id, 0) + max(cpu_us, self.leaving.get(id, 0))

    def forget(self, id: str) -> None:
        self.closed.pop(id, None)
        self.leaving.pop(id, None)


def disk_of(place: Path) -> int:
    """Bytes on disk below `place`. Follows no link, and counts a file once however many names it has."""
    total, seen = 0, set()
    for entry in _below(place):
        if entry.st_nlink > 1 and not stat.S_ISDIR(entry.st_mode):
            if (entry.st_dev, entry.st_ino) in seen:
                continue
            seen.add((entry.st_dev, entry.st_ino))
        total += entry.st_blocks * BLOCK
    return total


def cpu_us_of(pids: Iterable[int]) -> int:
    """Microseconds these processes and the children they waited for have used. Fields 14 to 17 of proc_pid_stat(5)."""
    return sum(sum(map(int, fields[11:15])) for fields in _stats(pids)) * TICK_US


def memory_of(pids: Iterable[int]) -> int:
    """Resident bytes of these processes; what they share counts for each. Field 24 of proc_pid_stat(5)."""
    return sum(int(fields[21]) for fields in _stats(pids)) * PAGE


def _stats(pids: Iterable[int]) -> Iterator[list[str]]:
    """What /proc says of each process that is there, from the third field on: the second may hold anything."""
    for pid in pids:
        try:
            told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        except OSError:
            continue
        yield told.rpartition(")")[2].split()


def _below(place: Path) -> Iterator[os.stat_result]:
    """Everything in `place`, by descriptor: whoever exchanges a directory for a link meanwhile gains nothing."""
    for _, folders, files, here in os.fwalk(place, follow_symlinks=False):
        yield os.fstat(here)
        for name in (*files, *folders):
            try:
                found = os.stat(name, dir_fd=here, follow_symlinks=False)
            except OSError:
                continue
            if not stat.S_ISDIR(found.st_mode):
                yield found
