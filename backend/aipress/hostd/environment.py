"""One environment's life: asleep on its socket, starting, awake, stopping, asleep again.

hostd keeps the listening socket open through all of it, so a visitor who comes at any moment waits and is never refused.
"""

import asyncio
from typing import Literal

from aipress.hostd import listening
from aipress.hostd.ground import Ground
from aipress.hostd.launch import Runtime, launch, sizes_of
from aipress.hostd.leaving import Leaving
from aipress.hostd.proc import revision_of
from aipress.hostd.process import Process
from aipress.hostd.reports import EnvironmentStatus
from aipress.hostd.say import say
from aipress.hostd.verbs import Refusal
from aipress.kit.sealed import SealedError

State = Literal["asleep", "starting", "awake", "stopping", "closed"]

LOOK_SECONDS, A_MOMENT, CROWDED_SECONDS = 0.005, 0.1, 0.02
START_SECONDS = 20.0
STOP_SECONDS = 7.0
SHORT_LIFE_SECONDS = 10.0
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, FAILURES_UNTIL_FRESH_SOCKET = 0.5, 60.0, 3


class Environment:
    """Small on purpose: thousands of them sleep at once. On an errand it is awake for us alone, and sleeps when that is done."""

    __slots__ = (
        "_began", "_ground", "_idle_since", "_leaving", "_process", "_revision", "_socket", "_timer", "_visitor", "_waiting",
        "failures", "is_on_errand", "last_error", "last_start_ms", "runtime", "starts", "state", "stops",
    )  # fmt: skip

    def __init__(self, ground: Ground, runtime: Runtime) -> None:
        self._ground, self.runtime = ground, runtime
        self._process: Process | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._visitor: listening.Visitor | None = None
        self._began = self._idle_since = 0.0
        self._leaving, self._revision = Leaving(ground, runtime.id), -1
        self._waiting: list[asyncio.Future[None]] = []
        self.state: State = "asleep"
        self.starts = self.stops = self.failures = 0
        self.last_start_ms: float | None = None
        self.last_error, self.is_on_errand = "", False

    def open(self) -> None:
        """Listen on a fresh socket. Raises OSError."""
        self._socket = listening.bind(self._ground.host, self.runtime.id)
        self._await_visitors()

    def adopt(self, leader: int) -> bool:
        """Take over a PHP-FPM that an earlier hostd started, with its socket; False where that can't be done."""
        try:
            process = Process(leader, is_wrapped=self._ground.host.has_bubblewrap)
        except ProcessLookupError:
            return False
        process.find_master()
        found = listening.take_back(self._ground.host, self.runtime.id, process.pids)
        if found is None:
            process.let_go()
            return False
        self._socket, self._process, self._revision = found, process, revision_of(leader)
        self._enter("starting")
        self._began = self._ground.loop.time() - SHORT_LIFE_SECONDS
        self._watch_end()
        (self._become_awake if process.master else self._look_again)()
        return True

    async def warm(self) -> None:
        """Be awake. Raises Refusal when PHP does not start."""
        failures, deadline = self.failures, self._ground.loop.time() + START_SECONDS + STOP_SECONDS
        while not self._is("awake"):
            if self.failures > failures or self._ground.loop.time() > deadline or self._is("closed"):
                raise Refusal("not_started", self.last_error or "PHP-FPM is not ready yet")
            self.start_soon()
            await self._change_of_state()

    def start_soon(self) -> None:
        """Start, if asleep and the machine is not busy starting others. Nobody waits for it."""
        if self._is("asleep") and not self._ground.is_crowded:
            self._no_more_events()
            self._start_unasked()

    async def sleep(self) -> None:
        """Be asleep, letting running requests end."""
        stops = self.stops
        while self._is("starting"):
            await self._change_of_state()
        if self._is("awake"):
            self._stop()
        while self._is("stopping") and self.stops == stops:
            await self._change_of_state()

    async def close(self) -> None:
        """Be no more: no socket, no process. Running requests may end, a start is cut short."""
        listening.remove(self._ground.host, self.runtime.id)
        await self.sleep_for_good()
        self._socket.close()

    async def sleep_for_good(self) -> None:
        """Stop PHP and take no more visitors; the socket stays for a successor to replace."""
        was, process = self.state, self._process
        self._no_more_events()
        self._enter("closed")
        if process is not None:
            process.find_master()
            await process.see_off(self._ground.loop, STOP_SECONDS if was in ("awake", "stopping") else 0)
            self._process = None
        self._leaving.end()
        await self._ground.see_groups_gone(self.runtime.id)

    async def change(self, runtime: Runtime) -> None:
        """Live on as another's, or with other limits: those a running PHP only takes on by starting again."""
        known, self.runtime = self.runtime, runtime
        if runtime.limits == known.limits:
            self._ground.cgroups.weigh(runtime.id, bool(runtime.tenant))
            return
        await self.sleep()
        if self._is("asleep") and self._timer is None:
            self._no_more_events()
            self._await_visitors()

    async def take_up_secrets(self) -> None:
        """Go by those of `runtime.supply`: PHP that was started with others is replaced, and nobody is refused meanwhile."""
        while self._is("starting"):
            await self._change_of_state()
        if self._process is not None and self._is("awake") and self._revision != self.runtime.supply.revision:
            self._no_more_events()
            self._leaving.let(self._process)
            self._process = None
            self._start_unasked()
        while self._is("starting"):
            await self._change_of_state()

    def look(self, now: float) -> None:
        """Fall asleep when nobody has come for long enough; see to a visitor nobody heard. Called about twice a second."""
        if self.state != "awake" or self._process is None:
            return
        self._ground.way_out.connect(self._process)
        limits, workers = self.runtime.limits, self._process.workers()
        if workers < limits.children:
            workers += listening.knock_if_waiting(self._ground.host, self.runtime.id, self._socket)
        patience = 0.0 if self.is_on_errand else limits.idle_seconds - sizes_of(limits).idle_seconds
        if workers:
            self._idle_since = now
        elif not limits.min_instances and now - self._idle_since >= patience:
            self._stop()

    @property
    def leaders(self) -> set[int]:
        """The processes we started and that run."""
        return self._leaving.leaders | ({self._process.leader} if self._process else set())

    def status(self) -> EnvironmentStatus:
        """How it is doing."""
        pid = self._process.master if self._process else None
        past = (self.last_start_ms, self.starts, self.stops, self.failures, self.last_error)
        used = self._ground.usage_of(self.runtime.id, self.leaders)
        return EnvironmentStatus(self.state, pid, *past, used.memory_bytes, used.cpu_us)

    def _is(self, state: State) -> bool:
        return self.state == state

    def _enter(self, state: State) -> None:
        """The one place where the state changes."""
        self._ground.starting += (state == "starting") - (self.state == "starting")
        self.state = state
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def _change_of_state(self) -> None:
        """Wait for the next one, or a moment."""
        change = self._ground.loop.create_future()
        self._waiting = [*self._waiting, change]
        await asyncio.wait([change], timeout=A_MOMENT)

    def _await_visitors(self) -> None:
        self._timer, self.is_on_errand = None, False
        self._enter("asleep")
        if self.runtime.limits.min_instances:
            self._start_unasked()
        else:
            self._ground.loop.add_reader(self._socket, self._on_visitor)

    def _on_visitor(self) -> None:
        self._ground.loop.remove_reader(self._socket)
        if not self._ground.is_crowded:
            self._start()
            return
        self._timer = self._ground.loop.call_later(CROWDED_SECONDS, self._await_visitors)

    def _start_unasked(self) -> None:
        """Start with a visitor of our own at the door: FPM shows that it is ready by making a worker for someone."""
        try:
            self._visitor = listening.Visitor(self._ground.host, self.runtime.id, self._ground.loop.time())
        except OSError as error:
            self._fail(f"its socket can't be reached: {error.strerror}")
        else:
            self._start()

    def _start(self) -> None:
        self._enter("starting")
        self._began = self._ground.loop.time()
        self.starts += 1
        try:
            self._revision = self.runtime.supply.revision
            self._process = launch(self._ground, self.runtime, self._socket)
        except (OSError, ValueError, SealedError) as error:
            self._fail(f"PHP-FPM could not be started: {error}")
            return
        self._watch_end()
        self._look_again()

    def _look_again(self) -> None:
        self._timer = self._ground.loop.call_later(LOOK_SECONDS, self._look_for_readiness)

    def _look_for_readiness(self) -> None:
        if (process := self._process) is None:
            return
        known_by = process.end_fd
        if process.find_master() and process.end_fd != known_by:
            self._ground.loop.remove_reader(known_by)
            self._watch_end()
        self._ground.way_out.connect(process)
        if process.workers():
            self._become_awake()
        elif self._ground.loop.time() - self._began > START_SECONDS:
            self.last_error = f"PHP-FPM was not ready within {START_SECONDS:g} s"
            process.kill()
        else:
            if self._visitor:
                self._visitor.insist(self._ground.loop.time())
            self._look_again()

    def _become_awake(self) -> None:
        now, self._timer = self._ground.loop.time(), None
        self._dismiss_visitor()
        self._enter("awake")
        self.failures, self._idle_since = 0, now
        if self.starts:
            self.last_start_ms = round((now - self._began) * 1000, 1)

    def _stop(self) -> None:
        if self._process is not None:
            self._enter("stopping")
            self._process.ask_to_end()
            self._timer = self._ground.loop.call_later(STOP_SECONDS, self._process.kill)

    def _watch_end(self) -> None:
        if self._process:
            self._ground.loop.add_reader(self._process.end_fd, self._on_end)

    def _on_end(self) -> None:
        was, lived = self.state, self._ground.loop.time() - self._began
        self._no_more_events()
        if self._process is not None:
            self._process.kill()
            self._process.let_go()
            self._process = None
        self._ground.remove_groups(self.runtime.id)
        if was == "stopping":
            self.stops += 1
            self._await_visitors()
        elif was == "awake" and lived > SHORT_LIFE_SECONDS:
            say("warning", "PHP-FPM ended by itself", environment=self.runtime.id, lived=round(lived, 1))
            self._await_visitors()
        else:
            unasked = f"PHP-FPM ended by itself after {lived:.1f} s; logs/php.log may say why"
            self._fail(self.last_error or unasked)

    def _fail(self, reason: str) -> None:
        """Not again at once: a broken environment must not keep the machine busy. Its visitors wait at the socket."""
        self.last_error, self.failures = reason, self.failures + 1
        self._enter("asleep")
        delay = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2 ** (self.failures - 1))
        say("error", reason, environment=self.runtime.id, failures=self.failures, again_in=delay)
        if self.failures >= FAILURES_UNTIL_FRESH_SOCKET:
            self._socket = listening.renewed(self._ground.host, self.runtime.id, self._socket)
        self._timer = self._ground.loop.call_later(delay, self._await_visitors)

    def _no_more_events(self) -> None:
        loop = self._ground.loop
        loop.remove_reader(self._socket)
        if self._process is not None:
            loop.remove_reader(self._process.end_fd)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._dismiss_visitor()

    def _dismiss_visitor(self) -> None:
        visitor, self._visitor = self._visitor, None
        if visitor is not None:
            visitor.leave()
