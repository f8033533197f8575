"""Reading /proc: who is whose child, who runs as whom, what marks a process as ours."""

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MARK = "AIPRESS_HOSTD"
OUTBOUND = "outbound"  # in place of an environment's id, on what leads all of them out
REVISION = "AIPRESS_REVISION"  # of its owner's secrets, as it was started with them


@dataclass(frozen=True, slots=True)
class Seen:
    """One living process as /proc shows it."""

    pid: int
    parent: int
    uid: int


def everyone() -> Iterator[Seen]:
    """Every process that is not a zombie."""
    for name in os.listdir("/proc"):
        if name.isdigit() and (seen := _look(int(name))):
            yield seen


def children(pid: int) -> list[int]:
    """The children of `pid`; none when it is gone."""
    try:
        return [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]
    except ProcessLookupError:
        return []
    except FileNotFoundError:
        return _children_without_kernel_support(pid)


def family_of(leaders: set[int]) -> set[int]:
    """These processes and all their descendants."""
    found, waiting = set[int](), list(leaders)
    while waiting:
        if (pid := waiting.pop()) not in found:
            found.add(pid)
            waiting += children(pid)
    return found


def kill(pids: Iterable[int]) -> None:
    """End each of them at once; one that has ended already is success."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def mark_of(pid: int) -> str:
    """The value of our mark in the environment `pid` was started with, or nothing."""
    return _variable(pid, MARK)


def revision_of(pid: int) -> int:
    """Which revision of its owner's secrets `pid` was started with; -1 where that can't be seen."""
    told = _variable(pid, REVISION)
    return int(told) if told.isdecimal() else -1


def command_of(pid: int) -> str:
    """The command line of `pid`, or nothing."""
    try:
        return _read(f"/proc/{pid}/cmdline").replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _variable(pid: int, name: str) -> str:
    """A variable of the environment `pid` was started with, or nothing."""
    wanted = f"{name}=".encode()
    try:
        variables = _read(f"/proc/{pid}/environ").split(b"\0")
    except OSError:
        return ""
    return next(
        (each[len(wanted) :].decode(errors="replace") for each in variables if each.startswith(wanted)), ""
    )


def _look(pid: int) -> Seen | None:
    try:
        lines = _read(f"/proc/{pid}/status").decode(errors="replace").splitlines()
    except OSError:
        return None
    facts = {key: value.split() for key, _, value in (line.partition(":") for line in lines[:12])}
    if facts["State"][0] in "ZX":
        return None
    return Seen(pid, int(facts["PPid"][0]), int(facts["Uid"][1]))


def _children_without_kernel_support(pid: int) -> list[int]:
    return [seen.pid for seen in everyone() if seen.parent == pid] if os.path.exists(f"/proc/{pid}") else []


def _read(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = []
        while part := os.read(handle, 65536):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(handle)
