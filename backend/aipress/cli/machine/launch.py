"""What stands between supervisord and a service: first end what a killed predecessor left running, then become the service.

A killed nginx leaves workers that hold the port, a killed supervisord leaves a MariaDB that holds its files; a successor
could not start beside them. Runs as the service's own account, as a script, with the standard library alone.
"""

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

STEP = 0.02


@dataclass(frozen=True)
class Launch:
    """Who was started: the leader of a process group, proven by boot and start time, since numbers come again."""

    leader: int
    started: int
    boot: str

    def __str__(self) -> str:
        return f"{self.leader} {self.started} {self.boot}\n"


def main(arguments: list[str]) -> None:
    """`launch.py RECORD SECONDS group|alone start COMMAND…` becomes the command; `… stop` only ends what is left, and says so."""
    record, patience, scope, what, *command = arguments
    was_there = end_predecessor(Path(record), float(patience), whole_group=scope == "group")
    if was_there:
        print(f"ended what was left of {Path(record).stem}", flush=True)
    if what == "start":
        _write(Path(record), _this_launch())
        os.execvp(command[0], command)  # noqa: S606


def end_predecessor(record: Path, patience: float, whole_group: bool) -> bool:
    """Ask the processes of the recorded launch to stop, wait for `patience` seconds, then kill them. True if there were any."""
    left = found = _left_over(record, whole_group)
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        _signal(left, number)
        deadline = time.monotonic() + seconds
        while (left := _left_over(record, whole_group)) and time.monotonic() < deadline:
            time.sleep(STEP)
    return bool(found)


def _left_over(record: Path, whole_group: bool) -> list[int]:
    launch = _read(record)
    if launch is None or launch.boot != _boot():
        return []
    leader = _status(launch.leader)
    if leader and leader.started != launch.started:
        return []
    processes = {pid: _status(pid) for pid in map(int, filter(str.isdigit, os.listdir("/proc")))}
    return [
        pid
        for pid, status in processes.items()
        if status
        and status.is_alive
        and (status.group == launch.leader if whole_group else pid == launch.leader)
        and pid != os.getpid()
    ]


def _signal(processes: list[int], number: signal.Signals) -> None:
    for pid in processes:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


@dataclass(frozen=True)
class _Status:
    group: int
    started: int
    is_alive: bool


def _status(pid: int) -> _Status | None:
    try:
        # proc(5): after the name in brackets come state, parent, process group …; field 22 of the whole is the start time.
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return _Status(int(words[2]), int(words[19]), words[0] not in "ZX")


def _this_launch() -> Launch:
    me = _status(os.getpid())
    return Launch(os.getpid(), me.started if me else 0, _boot())


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _read(record: Path) -> Launch | None:
    try:
        leader, started, boot = record.read_text().split()
        return Launch(int(leader), int(started), boot)
    except (FileNotFoundError, ValueError):
        return None


def _write(record: Path, launch: Launch) -> None:
    temporary = record.with_name(f"{record.name}.new")
    temporary.write_text(str(launch))
    os.replace(temporary, record)


if __name__ == "__main__":
    main(sys.argv[1:])
