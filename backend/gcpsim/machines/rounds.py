"""What is looked at again and again while instances run: what they print, use and cost, and whether they are still well."""

import time
from concurrent.futures import ThreadPoolExecutor

from gcpsim.machines.fleet import Fleet
from gcpsim.machines.instances import Instance
from gcpsim.machines.revisions import Name
from gcpsim.machines.telling import Telling
from gcpsim.machines.usage import Used, used_by

USAGE_EVERY = 10.0
"""Real seconds between two looks at what an instance uses."""


class Rounds:
    """Goes round all fleets; probing is done beside, so that one that hangs keeps nobody waiting."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self._probing = ThreadPoolExecutor(4, "probes")
        self._looked: dict[str, tuple[float, Used]] = {}
        self._probed: dict[str, float] = {}

    def close(self) -> None:
        """Go no more."""
        self._probing.shutdown(cancel_futures=True)

    def go(self, fleets: list[tuple[Name, Fleet]]) -> None:
        """Once round."""
        known: set[str] = set()
        for name, fleet in fleets:
            instances = list(fleet.instances)
            for instance in instances:
                known.add(instance.id)
                self.telling.printed(name, instance, instance.printed())
                self.telling.spent(name, instance, fleet.spent(instance))
                self._look(name, instance)
                self._probe(name, fleet, instance)
            active = sum(1 for one in instances if one.busy)
            self.telling.there(name, active, len(instances) - active)
            fleet.settle()
        self._looked = {id: told for id, told in self._looked.items() if id in known}
        self._probed = {id: told for id, told in self._probed.items() if id in known}

    def _look(self, name: Name, instance: Instance) -> None:
        now = time.monotonic()
        before, last = self._looked.get(instance.id, (0.0, Used(0, 0.0)))
        if now - before < USAGE_EVERY:
            return
        used = used_by(instance.pid)
        self._looked[instance.id] = (now, used)
        if before and used.memory:
            self.telling.uses(name, instance, used, max(0.0, used.cpu - last.cpu), now - before)

    def _probe(self, name: Name, fleet: Fleet, instance: Instance) -> None:
        probe, now = instance.recipe.liveness, time.monotonic()
        if probe is None:
            return
        first = self._probed.setdefault(instance.id, now + probe.delay)
        if now >= first:
            self._probed[instance.id] = now + probe.period
            self._probing.submit(self._probe_once, name, fleet, instance)

    def _probe_once(self, name: Name, fleet: Fleet, instance: Instance) -> None:
        probe = instance.recipe.liveness
        if probe is None or probe.passes(instance.port):
            instance.missed = 0
            return
        instance.missed += 1
        if instance.missed == probe.failures:
            text = f'LIVENESS HTTP probe failed {probe.failures} times consecutively for container "{name.parts[2]}-1" on path "{probe.path}". The instance has been shut down.'
            self.telling.event(name, "ERROR", text, instance.id)
            fleet.drop(instance)
