"""What all environments of one hostd stand on: the machine, its limits, the event loop, and how many start at once."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from aipress.hostd import proc
from aipress.hostd.cgroups import Cgroups
from aipress.hostd.host import Host
from aipress.hostd.reports import Usage
from aipress.hostd.usage import Spent, cpu_us_of, memory_of
from aipress.hostd.verbs import Limits
from aipress.hostd.way_out import WayOut

GROUP_SECONDS = 2


@dataclass(slots=True)
class Ground:
    """`starting` is how many environments start right now: beyond `most_starting` the others wait."""

    host: Host
    cgroups: Cgroups
    loop: asyncio.AbstractEventLoop
    way_out: WayOut
    most_starting: int = 8
    starting: int = 0
    groups_left: set[str] = field(default_factory=set)
    spent: Spent = field(default_factory=Spent)

    @property
    def is_crowded(self) -> bool:
        return self.starting >= self.most_starting

    def remove_groups(self, id: str) -> None:
        """Remove its control groups, or remember to: a process that has ended may hold one a little longer."""
        self.spent.see(id, self.cgroups.cpu_us(id))
        removed = self.cgroups.remove(id)
        if removed or not self.cgroups.is_counting(id):
            self.spent.close(id)
        (self.groups_left.discard if removed else self.groups_left.add)(id)

    def make_groups(self, id: str, limits: Limits) -> list[Path]:
        """Its control groups, for a process to join through these files. One that could not be removed yet is its own again."""
        self.groups_left.discard(id)
        return self.cgroups.ensure(id, limits)

    async def see_groups_gone(self, id: str) -> None:
        """Remove them now, waiting a moment for the last process to be gone."""
        deadline = self.loop.time() + GROUP_SECONDS
        self.remove_groups(id)
        while id in self.groups_left and self.loop.time() < deadline:
            await asyncio.sleep(0.01)
            self.remove_groups(id)

    def usage_of(self, id: str, leaders: set[int], disk_bytes: int = 0) -> Usage:
        """What an environment uses: by its groups, or by the processes that `leaders` began where nothing counts."""
        groups = self.cgroups
        family = set() if "memory" in groups.places and groups.counts_cpu else proc.family_of(leaders)
        cpu = self.spent.in_all(id, groups.cpu_us(id)) if groups.counts_cpu else cpu_us_of(family)
        memory = groups.memory_bytes(id) if "memory" in groups.places else memory_of(family)
        return Usage(disk_bytes, memory, cpu)
