"""The way from sites to the internet: one network of ours that every awake environment has a wire to, and one tunnel out of it.

The wires end with the sandbox they lead into, the rules with the network, the network with the tunnel. So nothing is left over,
whoever is killed, and of the machine's own network nothing is changed.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from aipress.hostd import fence, netlink, proc, resolver, tunnel
from aipress.hostd.host import Host
from aipress.hostd.process import Process
from aipress.hostd.safely import write
from aipress.hostd.say import say
from aipress.hostd.spawn import Order, spawn
from aipress.hostd.wires import Wires

PROGRAMS = {"pasta": "passt", "nft": "nftables", "setpriv": "util-linux", "nsenter": "util-linux"}
SOCKETS, FIRST_DESCRIPTOR, MOST_FILES = 12, 3, 65_536
LOOK_SECONDS, READY_SECONDS, PROGRAM_SECONDS = 0.05, 20.0, 20.0
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 1.0, 60.0
OWN_NETWORK = "/proc/self/ns/net"


class WayOut:
    """`generation` grows with every network that is ready; while there is none it is 0 and nothing leads out."""

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop, *, is_wanted: bool) -> None:
        self._host, self._loop = host, loop
        self._why_not, self._reason = "" if is_wanted else "none", ""
        self._leader: int | None = None
        self._end_fd = self._network = -1
        self._wires: Wires | None = None
        self._hearer: socket.socket | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._last_generation = self._failures = self._number = 0
        self._began, self._is_stale, self.generation = 0.0, False, 0

    def open(self, found: set[int], leaders: list[int]) -> None:
        """Take over the one that runs, or begin one. What else is found is ended."""
        self._why_not = self._why_not or _obstacle(self._host)
        adopted = leaders[0] if len(leaders) == 1 and not self._why_not else None
        kept = proc.family_of({adopted}) if adopted else set()
        proc.kill(found - kept)
        if self._why_not:
            return
        write(self._host.own / "resolver.py", Path(resolver.__file__).read_text(), 0o644)
        self._hearer = netlink.open_socket(netlink.CHANGES_OF_ADDRESSES)
        self._hearer.setblocking(False)
        self._loop.add_reader(self._hearer, self._on_change)
        self._watch(adopted) if adopted else self._start()

    def close(self) -> None:
        """No way out any more."""
        self._why_not = self._why_not or "none"
        if self._hearer:
            self._loop.remove_reader(self._hearer)
            self._hearer.close()
            self._hearer = None
        self._let_go()

    def connect(self, process: Process) -> None:
        """Give a running PHP its wire, if it has none yet. One that gets none lives on without."""
        if process.master is None or process.network == self.generation or self._wires is None:
            return
        process.network = self.generation
        try:
            self._wires.lay(process.master)
        except OSError as error:
            say("warning", "an environment has no way out", pid=process.master, reason=str(error))

    def describe(self) -> str:
        """What sites reach, said as it is."""
        if self.generation:
            return "public addresses only"
        if not self._host.has_bubblewrap:
            return "not restricted"
        return self._why_not or (f"none ({self._reason})" if self._failures else "none yet")

    @property
    def pids(self) -> set[int]:
        """The processes that are expected to be there."""
        return proc.family_of({self._leader}) if self._leader else set()

    def _start(self) -> None:
        self._timer = None
        ways = [_way(socket.AF_INET) for _ in range(SOCKETS)]
        with contextlib.suppress(OSError):
            ways += [_way(socket.AF_INET6) for _ in range(SOCKETS)]
        numbers = [str(number) for number in range(FIRST_DESCRIPTOR, FIRST_DESCRIPTOR + len(ways))]
        python = os.path.realpath(sys.executable)
        program = [python, "-I", "-S", str(self._host.own / "resolver.py"), *numbers]
        uid = str(self._host.uids.start)  # no environment's: they are numbered from 1
        command = [sys.executable, "-P", "-m", tunnel.__name__, uid, *program]
        quiet = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        given = {FIRST_DESCRIPTOR + number: way.fileno() for number, way in enumerate(ways)}
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            proc.MARK: f"{self._host.mark}:{proc.OUTBOUND}",
        }
        order = Order(command, environment, {0: quiet, 1: 2, 2: 2, **given}, [], 0, MOST_FILES)
        try:
            self._watch(spawn(order))
        except OSError as error:
            self._fail(f"it could not be started: {error.strerror}")
        finally:
            os.close(quiet)
            for way in ways:
                way.close()

    def _watch(self, leader: int) -> None:
        self._leader, self._began = leader, self._loop.time()
        try:
            self._end_fd = os.pidfd_open(leader)
        except ProcessLookupError:
            self._fail("it ended at once")
            return
        self._loop.add_reader(self._end_fd, self._on_end)
        self._timer = self._loop.call_later(LOOK_SECONDS, self._look_for_readiness)

    def _look_for_readiness(self) -> None:
        inner = proc.children(self._leader or 0)
        if inner and _is_ready(inner[0]):
            self._task = self._loop.create_task(self._furnish(inner[0]))
        elif self._loop.time() - self._began > READY_SECONDS:
            self._fail(f"it was not ready within {READY_SECONDS:g} s")
        else:
            self._timer = self._loop.call_later(LOOK_SECONDS, self._look_for_readiness)

    async def _furnish(self, inner: int) -> None:
        """Rules first; only where they are seen to be there, packets may pass."""
        try:
            self._network = os.open(f"/proc/{inner}/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            if os.path.samestat(os.stat(self._network), os.stat(OWN_NETWORK)):
                raise OSError("it has no network of its own")
            self._is_stale = False
            await self._set(fence.rules() + self._own_addresses())
            if "policy drop" not in await self._ask("nft", "list", "chain", "inet", fence.TABLE, "forward"):
                raise OSError("its rules are not in force")
            await self._catch_up()
            self._wires = Wires(self._network)
        except OSError as error:
            self._fail(str(error))
            return
        self._failures, self._last_generation = 0, self._last_generation + 1
        self.generation = self._last_generation
        say("info", "there is a way out", outbound=self.describe())

    def _on_change(self) -> None:
        """An address of the machine came or went: soon, sites are kept from it too."""
        with contextlib.suppress(OSError):
            while self._hearer and self._hearer.recv(1 << 16):
                pass
        self._is_stale = True
        if self.generation and (self._task is None or self._task.done()):
            self._task = self._loop.create_task(self._note_addresses())

    async def _note_addresses(self) -> None:
        try:
            await self._catch_up()
        except OSError as error:
            self._fail(str(error))

    async def _catch_up(self) -> None:
        """Until no address changed while it was told."""
        while self._is_stale:
            self._is_stale = False
            await self._set(self._own_addresses())

    def _own_addresses(self) -> str:
        with netlink.open_socket() as speaker:
            return fence.own_addresses(netlink.addresses(speaker))

    async def _set(self, rules: str) -> None:
        said = await self._ask("nft", "-f", "-", told=rules)
        if said:
            raise OSError(f"its rules could not be set: {said[-300:]}")

    async def _ask(self, *command: str, told: str = "") -> str:
        """What a program says in our network. How it ended is not to be known: whatever ends, hostd buries at once."""
        return await asyncio.to_thread(_said_in, os.dup(self._network), command, told)

    def _on_end(self) -> None:
        self._fail("pasta ended by itself; hostd's log may say why")

    def _fail(self, reason: str) -> None:
        """Not at once again: where the machine has no network there is nothing to lead to."""
        self._let_go()
        self._failures, self._reason = self._failures + 1, reason
        delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (self._failures - 1))
        if self._failures == 1:
            say("warning", "there is no way out", reason=reason)
        self._timer = self._loop.call_later(delay, self._start)

    def _let_go(self) -> None:
        """End all of it, and forget it."""
        proc.kill(self.pids)
        for each in (self._timer, self._task):
            if each and each is not asyncio.current_task(self._loop):
                each.cancel()
        if self._end_fd >= 0:
            self._loop.remove_reader(self._end_fd)
        for descriptor in (self._end_fd, self._network):
            if descriptor >= 0:
                os.close(descriptor)
        if self._wires:
            self._wires.close()
        self._leader = self._wires = self._timer = self._task = None
        self._end_fd = self._network = -1
        self.generation = 0


def _obstacle(host: Host) -> str:
    """Why there can be no way out here, or nothing."""
    if not (host.is_root and host.has_bubblewrap):
        return "none"
    missing = sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)})
    return f"none ({', '.join(missing)} not installed)" if missing else ""


def _said_in(network: int, command: tuple[str, ...], told: str) -> str:
    """In the network of this descriptor, which is ours to close: a number that was closed may be another file's by now."""
    whole = ["nsenter", f"--net=/proc/self/fd/{network}", *command]
    try:
        done = subprocess.run(
            whole, input=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=PROGRAM_SECONDS, pass_fds=[network], check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise OSError(f"{command[0]} did not end") from None
    finally:
        os.close(network)
    return done.stdout.strip()


def _way(family: socket.AddressFamily) -> socket.socket:
    way = socket.socket(family, socket.SOCK_DGRAM)
    way.bind(("", 0))
    return way


def _is_ready(inner: int) -> bool:
    """The link out is there, and the resolver at its door."""
    try:
        links = Path(f"/proc/{inner}/net/dev").read_text()
        doors = Path(f"/proc/{inner}/net/udp").read_text()
    except OSError:
        return False
    return f" {fence.OUT}:" in links and f":{fence.DNS_PORT:04X} " in doors
