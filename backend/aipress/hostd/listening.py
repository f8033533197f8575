"""The socket an environment is reached by: made whole at its place, or taken back from a PHP-FPM that outlived us."""

import contextlib
import os
import secrets
import select
import socket
from pathlib import Path

from aipress.hostd.host import Host
from aipress.hostd.kernel import peer_uid, take_descriptor
from aipress.hostd.safely import opened
from aipress.hostd.sandbox import LISTEN_FD
from aipress.hostd.say import say

NAME = "real.sock"
BACKLOG = 511
INSIST_SECONDS = 0.1


def bind(host: Host, id: str) -> socket.socket:
    """A fresh listening socket at `run/real.sock`, for nginx alone: whoever can write there can set PHP's settings.

    It blocks, because PHP shares it: a worker whose `accept` does not wait gives up, and is replaced, without end.
    """
    fresh = f".{secrets.token_hex(4)}.sock"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with opened(host.environment(id) / "run") as run:
            listening.bind(f"/proc/self/fd/{run}/{fresh}")
            os.chmod(fresh, 0o600, dir_fd=run)
            if host.is_root:
                os.chown(fresh, host.web_uid, host.web_gid, dir_fd=run, follow_symlinks=False)
            listening.listen(BACKLOG)
            os.rename(fresh, NAME, src_dir_fd=run, dst_dir_fd=run)
    except BaseException:
        listening.close()
        raise
    return listening


def renewed(host: Host, id: str, old: socket.socket) -> socket.socket:
    """A fresh one in place of one that PHP may have broken: it held that, too. The old one where none can be made."""
    try:
        fresh = bind(host, id)
    except OSError as error:
        say("error", "no fresh socket could be made", environment=id, reason=str(error))
        return old
    old.close()
    return fresh


def take_back(host: Host, id: str, pids: list[int]) -> socket.socket | None:
    """The listening socket of a running PHP-FPM, from the first of `pids` that has it; nothing where that can't be done.

    The tenant's uid runs that process, so what it holds is looked at before it is believed: a socket that root listens on.
    """
    if not (host.environment(id) / "run" / NAME).is_socket():
        return None
    for pid in pids:
        with contextlib.suppress(OSError):
            found = socket.socket(fileno=take_descriptor(pid, LISTEN_FD))
            if _is_ours(found):
                found.setblocking(True)
                return found
            found.close()
    return None


class Visitor:
    """A visitor of our own at the environment's socket. Raises OSError where it can't be reached."""

    __slots__ = ("_host", "_id", "_since", "_socket")

    def __init__(self, host: Host, id: str, now: float) -> None:
        self._host, self._id, self._since = host, id, now
        self._socket = knock(host, id)

    def insist(self, now: float) -> None:
        """Knock again after a while: a PHP that is on its way out may have heard it, not the one that comes."""
        if now - self._since >= INSIST_SECONDS:
            with contextlib.suppress(OSError):
                fresh = knock(self._host, self._id)
                self.leave()
                self._socket, self._since = fresh, now

    def leave(self) -> None:
        """Go away again."""
        self._socket.close()


def knock(host: Host, id: str) -> socket.socket:
    """A visitor's connection to the environment's socket. Raises OSError."""
    visitor = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        visitor.setblocking(False)
        with opened(host.environment(id) / "run") as run:
            visitor.connect(f"/proc/self/fd/{run}/{NAME}")
    except BaseException:
        visitor.close()
        raise
    return visitor


def knock_if_waiting(host: Host, id: str, listening: socket.socket) -> bool:
    """Knock if a visitor's connection has not been accepted yet, and say whether.

    FPM makes no worker for one who comes just as it ends an idle one, and hears of the next visitor only.
    """
    door = select.poll()
    door.register(listening, select.POLLIN)
    if not door.poll(0):
        return False
    with contextlib.suppress(OSError):
        knock(host, id).close()
    return True


def remove(host: Host, id: str) -> None:
    """Take the socket away from its place, and what a killed predecessor left beside it."""
    run: Path = host.environment(id) / "run"
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(run):
            if entry.name.endswith(".sock"):
                os.unlink(entry.path)


def _is_ours(found: socket.socket) -> bool:
    is_listening = found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1
    return found.family == socket.AF_UNIX and is_listening and peer_uid(found) == os.geteuid()
