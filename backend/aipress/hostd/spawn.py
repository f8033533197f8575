"""Becoming another program: fork, take on limits and descriptors, exec. Nothing but what is named here is inherited."""

import contextlib
import fcntl
import os
import resource
import signal
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ABOVE_ALL_TARGETS = 64
OPEN_FILES = 4096


@dataclass(frozen=True, slots=True)
class Order:
    """A program to start: `descriptors` is its number → ours, `join` the control groups' files, `processes` how many its uid
    may have, `files` how many it may open. The environment is all it gets of one; that is where secrets travel, never in `command`."""

    command: list[str]
    environment: Mapping[str, str]
    descriptors: Mapping[int, int]
    join: Sequence[Path]
    processes: int
    files: int = OPEN_FILES


def spawn(order: Order) -> int:
    """Start it in a session of its own; returns its pid. What goes wrong after the fork is said on its standard error."""
    # Made before the fork: between fork and exec as little as possible is done.
    environment = {os.fsencode(name): os.fsencode(value) for name, value in order.environment.items()}
    pid = os.fork()
    if pid == 0:
        _become(order, environment)
    return pid


def pipe_with(content: bytes) -> int:
    """A descriptor from which `content` (less than a pipe holds) can be read once."""
    reading, writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if os.write(writing, content) != len(content):
            raise ValueError("too much for one pipe")
    except BaseException:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    os.set_blocking(reading, True)
    return reading


def _become(order: Order, environment: Mapping[bytes, bytes]) -> NoReturn:
    try:
        for group in order.join:
            with contextlib.suppress(OSError):
                group.write_text("0")
        _arrange(order.descriptors)
        _limit(order.processes, order.files)
        os.setsid()
        os.umask(0o022)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execve(order.command[0], order.command, environment)  # noqa: S606
    except BaseException:  # noqa: BLE001 - the copy of us must end here, whatever happened
        traceback.print_exc()
    finally:
        os._exit(126)


def _arrange(descriptors: Mapping[int, int]) -> None:
    """First out of the way of each other, then each to its number; all others close on exec."""
    moved = {
        target: fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, ABOVE_ALL_TARGETS)
        for target, ours in descriptors.items()
    }
    for target, ours in moved.items():
        os.dup2(ours, target, inheritable=True)


def _limit(processes: int, files: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(files, most)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if processes:
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
