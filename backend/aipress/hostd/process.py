"""One running PHP-FPM: who of its processes is who, whether it has work, and how it is stopped."""

import asyncio
import contextlib
import os
import signal

from aipress.hostd import proc

KILLED_SECONDS = 7.0


class Process:
    """`leader` is what we started: bubblewrap, or without a sandbox FPM's master itself. With a sandbox the master is the
    first process of a pid namespace, so nothing in there outlives it.
    """

    __slots__ = ("is_wrapped", "leader", "leader_fd", "master", "master_fd", "network")

    def __init__(self, leader: int, *, is_wrapped: bool) -> None:
        self.leader, self.is_wrapped = leader, is_wrapped
        self.leader_fd: int | None = os.pidfd_open(leader)
        self.master: int | None = None
        self.master_fd: int | None = None
        self.network = 0  # the generation of the way out it has a wire to

    def find_master(self) -> bool:
        """Whether the master is known by now. Once it is, its end is the end of all."""
        if self.master is None:
            found = proc.children(self.leader) if self.is_wrapped else [self.leader]
            with contextlib.suppress(ProcessLookupError):
                if found:
                    self.master_fd, self.master = os.pidfd_open(found[0]), found[0]
        return self.master is not None

    @property
    def pids(self) -> list[int]:
        """The processes that hold the listening socket, or did when they started."""
        return [self.leader] if self.master is None else [self.master, self.leader]

    def workers(self) -> int:
        """How many are answering someone, or were a moment ago (FPM's `pm = ondemand`)."""
        return 0 if self.master is None else len(proc.children(self.master))

    @property
    def end_fd(self) -> int:
        """Becomes readable when it has ended, as far as is known now."""
        descriptor = self.master_fd if self.master_fd is not None else self.leader_fd
        if descriptor is None:
            raise ValueError("this process was let go of")
        return descriptor

    def ask_to_end(self) -> None:
        """Let running requests end; who wants that to be soon has to kill it."""
        self._send(self.master_fd, signal.SIGQUIT)

    def kill(self) -> None:
        """End everything at once."""
        self._send(self.master_fd, signal.SIGKILL)
        if not self.is_wrapped:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.leader, signal.SIGKILL)
        self._send(self.leader_fd, signal.SIGKILL)

    def let_go(self) -> None:
        """Close what we hold of it."""
        for descriptor in (self.leader_fd, self.master_fd):
            if descriptor is not None:
                os.close(descriptor)
        self.leader_fd = self.master_fd = None

    @staticmethod
    def _send(descriptor: int | None, number: signal.Signals) -> None:
        if descriptor is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(descriptor, number)

    async def see_off(self, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        """Be rid of it: asked first and given `patience` seconds to end, killed afterwards."""
        ended = asyncio.Event()
        loop.add_reader(self.end_fd, ended.set)
        for end, seconds in ((self.ask_to_end, patience), (self.kill, KILLED_SECONDS)):
            if seconds:
                end()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await ended.wait()
                    break
        loop.remove_reader(self.end_fd)
        self.kill()
        self.let_go()
