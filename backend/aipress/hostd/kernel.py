"""What the standard library does not offer of Linux: subreaper, descriptors of other processes, who is at the other end."""

import contextlib
import ctypes
import errno
import os
import resource
import socket
import struct
from collections.abc import Iterator

PR_SET_CHILD_SUBREAPER = 36
SYS_PIDFD_GETFD = 438
CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
MS_REC_PRIVATE = 0x4000 | 0x40000
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


@contextlib.contextmanager
def inside(network: int) -> Iterator[None]:
    """This thread in another network namespace, for a moment: sockets made in here stay there (setns(2)). Raises OSError."""
    ours = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _ask(_libc.setns(network, CLONE_NEWNET), "could not enter a network")
        try:
            yield
        finally:
            if _libc.setns(ours, CLONE_NEWNET):
                os.abort()  # whatever this process did next, it would do in the wrong place
    finally:
        os.close(ours)


@contextlib.contextmanager
def as_user(uid: int) -> Iterator[None]:
    """This thread with that user's rights to files, and none of root's, for a moment: what it opens it opens as that user, and what
    it makes is that user's (setfsuid(2), whose answer is who it was before; other threads are not concerned)."""
    if os.geteuid() != 0:
        yield
        return
    try:
        _libc.setfsgid(uid)
        _libc.setfsuid(uid)
        if _libc.setfsuid(-1) != uid:
            raise OSError(errno.EPERM, "could not become the environment's own user")
        yield
    finally:
        _libc.setfsuid(0)
        _libc.setfsgid(0)
        if _libc.setfsuid(-1) != 0 or _libc.setfsgid(-1) != 0:
            os.abort()  # whatever this thread did next, it would do as somebody else


def write_out(descriptor: int) -> None:
    """All that was written in this file system is on disk when this returns (syncfs(2)). Raises OSError."""
    _ask(_libc.syncfs(descriptor), "could not write everything out")


def own_directory(path: str) -> None:
    """An empty directory in memory at `path`, seen by this process and its children alone (unshare(2), mount(2))."""
    _ask(_libc.unshare(CLONE_NEWNS), "could not have mounts of our own")
    _ask(_libc.mount(b"none", b"/", None, MS_REC_PRIVATE, None), "could not keep mounts to ourselves")
    _ask(
        _libc.mount(b"tmpfs", path.encode(), b"tmpfs", 0, b"mode=0755,size=64k"), f"could not mount at {path}"
    )


def _ask(answer: int, otherwise: str) -> None:
    if answer:
        raise OSError(ctypes.get_errno(), f"{otherwise}: {os.strerror(ctypes.get_errno())}")


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
