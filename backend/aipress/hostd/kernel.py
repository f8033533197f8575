"""What the standard library does not offer of Linux: subreaper, descriptors of other processes, who is at the other end."""

import contextlib
import ctypes
import os
import resource
import socket
import struct

PR_SET_CHILD_SUBREAPER = 36
SYS_PIDFD_GETFD = 438
MANY_FILES = 262_144

_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """Orphans of what we started become our children, so that we can reap them (prctl(2))."""
    if _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "could not become a subreaper")


def take_descriptor(pid: int, number: int) -> int:
    """A duplicate, closed on exec, of descriptor `number` of process `pid` (pidfd_getfd(2)). Raises OSError."""
    pidfd = os.pidfd_open(pid)
    try:
        taken: int = _libc.syscall(SYS_PIDFD_GETFD, pidfd, number, 0)
    finally:
        os.close(pidfd)
    if taken < 0:
        raise OSError(ctypes.get_errno(), f"could not take descriptor {number} of process {pid}")
    return taken


def peer_uid(connection: socket.socket) -> int:
    """The uid at the other end; of a listening socket, of whoever began to listen (unix(7), SO_PEERCRED)."""
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return int(uid)


def close_on_exec() -> None:
    """Nothing we inherited is passed on to what we start."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            with contextlib.suppress(OSError):
                os.set_inheritable(int(name), False)


def allow_many_files() -> None:
    """A sleeping environment costs one descriptor: take as many as we are given."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(hard, MANY_FILES) if os.geteuid() == 0 else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def own_memory_kb() -> int:
    """Our resident memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * (resource.getpagesize() // 1024)
