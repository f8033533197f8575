"""What an instance uses of this machine, read from /proc: all processes that share its first process's namespace."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """Bytes of memory, shared ones by their share, and seconds of processor time."""

    memory: int
    cpu: float


def used_by(pid: int) -> Used:
    """Nothing, where it has ended."""
    memory, cpu = 0, 0.0
    for one in _family(pid):
        with contextlib.suppress(OSError, IndexError, ValueError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            memory += 1024 * int(
                next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:"))
            )
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            cpu += (int(fields[11]) + int(fields[12])) / TICKS
    return Used(memory, cpu)


def _family(pid: int) -> list[int]:
    try:
        space = os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return []
    if space == os.readlink("/proc/self/ns/pid"):
        return [pid]
    found = []
    for one in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if one.isdigit() and os.readlink(f"/proc/{one}/ns/pid") == space:
                found.append(int(one))
    return found
