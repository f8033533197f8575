"""hostd itself: what each verb does, and how everything is found again after a crash.

Nothing is remembered but `environments/*/runtime.json` and what runs; no database, no control plane.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from pathlib import Path
from weakref import WeakValueDictionary

from aipress.clouds.base import Supply
from aipress.hostd import (
    census,
    changes,
    content,
    cron,
    etc,
    files,
    first_visit,
    kernel,
    mail,
    pages,
    proc,
    safely,
    usage,
)
from aipress.hostd.environment import Environment
from aipress.hostd.ground import Ground
from aipress.hostd.host import Host
from aipress.hostd.launch import RUNTIME_FILE, TENANT_FILE, Runtime, configuration, read_runtime
from aipress.hostd.reports import CronRun, Holding, Holdings, HostStatus, Usage
from aipress.hostd.say import say
from aipress.hostd.verbs import (
    ID,
    EnsureRuntime,
    Inventory,
    MakeFiles,
    Measure,
    Publish,
    Purge,
    Refusal,
    RemoveFiles,
    RemoveRuntime,
    RunCron,
    Sleep,
    Status,
    SupplyRuntime,
    TakeMail,
    Verb,
    Warm,
    Withdraw,
)

LOOK_SECONDS = 0.5
SWEEP_AFTER_SECONDS = 2.0


class Daemon:
    """All environments of one data directory."""

    def __init__(self, host: Host, ground: Ground) -> None:
        self.host, self.ground, self.contents = host, ground, content.Contents(host)
        self.environments: dict[str, Environment] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._emptying = asyncio.Lock()

    async def answer(self, verb: Verb) -> object:
        """Do what is asked, one thing at a time for each environment. Raises Refusal, OSError, SealedError, CloudError."""
        verbs: dict[type, Callable[..., Awaitable[object]]] = {
            MakeFiles: self._make_files,
            RemoveFiles: self._remove_files,
            EnsureRuntime: self._ensure_runtime,
            SupplyRuntime: self._supply_runtime,
            RemoveRuntime: self._remove_runtime,
            Warm: self._warm,
            Sleep: self._sleep,
            RunCron: self._run_cron,
            Publish: self._publish,
            Withdraw: self._withdraw,
            Purge: self._purge,
            TakeMail: self._take_mail,
            Inventory: self._inventory,
            Status: self._status,
            Measure: self._measure,
        }
        if isinstance(verb, content.AboutFiles):
            return await self.contents.answer(verb)
        async with self._turn_of("" if isinstance(verb, RunCron) else getattr(verb, "id", "")):
            return await verbs[type(verb)](verb)

    def recover(self) -> None:
        """Make everything that was: take over what still runs, listen for the rest."""
        found = census.take_census(self.host)
        self.ground.way_out.open(found.outbound, found.ways_out)
        for entry in os.scandir(self.host.environments):
            if ID.fullmatch(entry.name) and (runtime := read_runtime(Path(entry.path))):
                self._recover(runtime, found)
        etc.refresh_sockets(self.host)
        for id in self.ground.cgroups.existing() - found.members.keys():
            self.ground.remove_groups(id)
        self.ground.loop.call_later(SWEEP_AFTER_SECONDS, self._sweep)

    async def keep_looking(self) -> None:
        """Put idle environments to sleep, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = self.ground.loop.time()
            for environment in list(self.environments.values()):
                environment.look(now)
            for id in list(self.ground.groups_left):
                self.ground.remove_groups(id)
            with contextlib.suppress(OSError):
                etc.refresh_sockets(self.host)

    async def keep_purging(self) -> None:
        """Purge what sites say they changed, until cancelled."""
        await changes.keep_taking_up(self.host, self.environments)

    async def clear_leftovers(self) -> None:
        """Finish what a killed predecessor was removing."""
        async with self._emptying:
            await asyncio.to_thread(files.clear_leftovers, self.host)

    async def stop_all(self) -> None:
        """Put everything to sleep for good; sockets and files stay."""
        await asyncio.gather(*(environment.sleep_for_good() for environment in self.environments.values()))
        self.ground.way_out.close()

    async def _make_files(self, verb: MakeFiles) -> None:
        files.make_files(self.host, verb.id, verb.uid, verb.version)

    async def _remove_files(self, verb: RemoveFiles) -> None:
        await self._remove_runtime(verb)
        async with self._emptying:
            await asyncio.to_thread(files.remove_files, self.host, verb.id)
        self.ground.spent.forget(verb.id)

    async def _ensure_runtime(self, verb: EnsureRuntime) -> None:
        place = self.host.environment(verb.id)
        if not place.is_dir():
            raise Refusal("not_found", f"environment {verb.id} has no files yet")
        known = read_runtime(place)
        runtime = Runtime(verb.id, verb.uid, verb.tenant, verb.limits, known.supply if known else Supply())
        if known and known.uid != verb.uid:
            raise Refusal("conflict", f"environment {verb.id} runs as another uid")
        files.check_owner(self.host, place, verb.uid)
        if known != runtime or verb.id not in self.environments:
            safely.write(place / "fpm.conf", configuration(self.host, runtime), 0o644)
            safely.write(place / "label" / TENANT_FILE, runtime.tenant, 0o644)
            safely.write(place / RUNTIME_FILE, json.dumps(asdict(runtime)), 0o600)
        is_new = verb.id not in self.environments
        await self._listen(self._settled(runtime))
        if is_new and verb.soon:
            self.environments[verb.id].start_soon()

    async def _supply_runtime(self, verb: SupplyRuntime) -> int:
        """Written down first: whoever dies here, the next start goes by it, and a successor replaces what runs."""
        environment, place = self._known(verb.id), self.host.environment(verb.id)
        known = read_runtime(place)
        if known is None:
            raise Refusal("not_found", f"environment {verb.id} has no runtime")
        if verb.revision > known.supply.revision:
            known = replace(known, supply=Supply(verb.revision, verb.versions))
            safely.write(place / "fpm.conf", configuration(self.host, known), 0o644)
            safely.write(place / RUNTIME_FILE, json.dumps(asdict(known)), 0o600)
            environment.runtime = self._settled(known)
        await environment.take_up_secrets()
        return known.supply.revision

    async def _remove_runtime(self, verb: RemoveRuntime | RemoveFiles) -> None:
        if environment := self.environments.pop(verb.id, None):
            await environment.close()
        census.kill(self.host, verb.id)
        for name in ("run/real.sock", "fpm.conf", RUNTIME_FILE):
            (self.host.environment(verb.id) / name).unlink(missing_ok=True)

    async def _warm(self, verb: Warm) -> None:
        await self._known(verb.id).warm()
        await first_visit.pay(self.host, verb.id)

    async def _sleep(self, verb: Sleep) -> None:
        await self._known(verb.id).sleep()

    async def _run_cron(self, verb: RunCron) -> CronRun:
        environment = self._known(verb.id)
        environment.is_on_errand |= environment.state == "asleep"
        await environment.warm()
        return await cron.run(self.host, verb)

    async def _publish(self, verb: Publish) -> None:
        files.publish(self.host, verb.id, verb.host)

    async def _withdraw(self, verb: Withdraw) -> None:
        files.withdraw(self.host, verb.host, verb.id)

    async def _purge(self, verb: Purge) -> None:
        await asyncio.to_thread(pages.purge, self.host, verb.id, verb.path)

    async def _take_mail(self, verb: TakeMail) -> list[dict[str, object]]:
        return [asdict(one) for one in await asyncio.to_thread(mail.take, self.host, verb.done)]

    async def _inventory(self, _: Inventory) -> Holdings:
        found, hosts = census.take_census(self.host), files.published(self.host)
        places = {name for name in os.listdir(self.host.environments) if ID.fullmatch(name)}
        ids = places | self.environments.keys() | found.members.keys() | self.ground.cgroups.existing()
        drafts = [name for name in os.listdir(self.host.environments) if name.startswith(files.DRAFT)]
        return Holdings(
            {id: self._holding(id, found, hosts) for id in sorted(ids)},
            stray_processes=tuple(sorted(found.strays | found.outbound - self.ground.way_out.pids)),
            stray_links=tuple(sorted(name for name, id in hosts.items() if id not in places)),
            trash=len(os.listdir(self.host.trash)) + len(drafts),
        )

    async def _status(self, _: Status) -> HostStatus:
        is_wrapped = self.host.has_bubblewrap
        return HostStatus(
            isolated=self.host.is_root and is_wrapped,
            sandbox="bubblewrap" if is_wrapped else "none",
            limited=self.ground.cgroups.describe(),
            outbound=self.ground.way_out.describe(),
            rss_kb=kernel.own_memory_kb(),
            environments={id: environment.status() for id, environment in self.environments.items()},
        )

    async def _measure(self, verb: Measure) -> Usage:
        place = self.host.environment(verb.id)
        if not place.is_dir():
            raise Refusal("not_found", f"environment {verb.id} has no files")
        disk = await asyncio.to_thread(usage.disk_of, place)
        environment = self.environments.get(verb.id)
        return self.ground.usage_of(verb.id, environment.leaders if environment else set(), disk)

    def _turn_of(self, id: str) -> asyncio.Lock:
        """Verbs about one environment wait for each other; those about none don't wait."""
        return self._turns.setdefault(id, asyncio.Lock()) if id else asyncio.Lock()

    def _known(self, id: str) -> Environment:
        try:
            return self.environments[id]
        except KeyError:
            raise Refusal("not_found", f"environment {id} has no runtime") from None

    async def _listen(self, runtime: Runtime) -> None:
        environment = self.environments.get(runtime.id)
        if environment is None:
            environment = Environment(self.ground, runtime)
            environment.open()
            self.environments[runtime.id] = environment
        elif environment.runtime != runtime:
            await environment.change(runtime)

    def _recover(self, runtime: Runtime, found: census.Census) -> None:
        with contextlib.suppress(OSError):
            pages.ensure_pages(self.host, self.host.environment(runtime.id), (runtime.uid, runtime.uid))
        environment, leaders = (
            Environment(self.ground, self._settled(runtime)),
            found.leaders.get(runtime.id, []),
        )
        try:
            if not (len(leaders) == 1 and environment.adopt(leaders[0])):
                census.kill(self.host, runtime.id, found)
                environment.open()
        except OSError as error:
            say("error", "an environment could not be recovered", environment=runtime.id, reason=str(error))
            return
        self.environments[runtime.id] = environment
        self.ground.loop.create_task(environment.take_up_secrets())

    def _settled(self, runtime: Runtime) -> Runtime:
        if runtime.limits.idle_seconds:
            return runtime
        return replace(runtime, limits=replace(runtime.limits, idle_seconds=self.host.idle_seconds))

    def _holding(self, id: str, found: census.Census, hosts: dict[str, str]) -> Holding:
        place = self.host.environment(id)
        return Holding(
            files=place.is_dir(),
            socket=(place / "run/real.sock").is_socket(),
            runtime=(place / RUNTIME_FILE).exists(),
            hosts=tuple(sorted(name for name, leads_to in hosts.items() if leads_to == id)),
            processes=tuple(sorted(found.members.get(id, set()) | self.ground.cgroups.members(id))),
            supply=self.environments[id].runtime.supply.revision if id in self.environments else 0,
        )

    def _sweep(self) -> None:
        """A predecessor killed between fork and exec leaves a PHP-FPM that only shows itself after we looked."""
        found = census.take_census(self.host)
        for id, leaders in found.leaders.items():
            environment = self.environments.get(id)
            expected = environment.leaders if environment else set()
            for leader in set(leaders) - expected:
                say("warning", "a PHP-FPM nobody knew is ended", environment=id, pid=leader)
                proc.kill([*proc.children(leader), leader])
        proc.kill(found.outbound - self.ground.way_out.pids)
