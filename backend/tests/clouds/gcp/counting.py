"""What Cloud Run counts of services, told to the simulator by a test: in it nothing runs that could be counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.figures import MonitoredMetrics
from aipress.clouds.metrics import Series, Span
from gcpsim.series import Kind
from tests.clouds.gcp.simulated import Simulated

RUN = "run.googleapis.com/"
KINDS = {
    "request_count": Kind(f"{RUN}request_count"),
    "request_latencies": Kind(f"{RUN}request_latencies", value="DISTRIBUTION", unit="ms"),
    "instance_count": Kind(f"{RUN}container/instance_count", "GAUGE"),
    "allocation_time": Kind(f"{RUN}container/cpu/allocation_time", value="DOUBLE", unit="s"),
    "memory": Kind(f"{RUN}container/memory/utilizations", value="DISTRIBUTION"),
    "startup_latencies": Kind(f"{RUN}container/startup_latencies", value="DISTRIBUTION", unit="ms"),
    "sent_bytes_count": Kind(f"{RUN}container/network/sent_bytes_count", unit="By"),
}


@dataclass
class Counting:
    """Cloud Run's counters in a simulator."""

    on: Simulated

    def tell(self, environment: str, name: str, value: float, when: datetime, **labels: str) -> None:
        """It was counted at that moment."""
        placed = self.on.placements.by_environment[environment]
        resource = {
            "type": "cloud_run_revision",
            "labels": {"project_id": placed.placement.project, "service_name": placed.service},
        }
        world = self.on.simulator.world
        with world.turn:
            world.series.add(KINDS[name], labels, resource, value, when.timestamp())

    def pass_on(self, now: datetime) -> None:
        """It is that time in the simulator."""
        clock = self.on.simulator.world.clock
        clock.bring_back(now.timestamp(), clock.looks)


def looked_at_by_cloud_run(on: Simulated) -> "LookedAtByCloudRun":
    """The cloud's metrics, where whatever there is has an instance at each look."""
    metrics = on.cloud.metrics
    assert isinstance(metrics, MonitoredMetrics)
    return LookedAtByCloudRun(metrics, on)


class LookedAtByCloudRun:
    """The facet of metrics where, at each look, Cloud Run has counted an instance of every service there is."""

    def __init__(self, metrics: MonitoredMetrics, on: Simulated) -> None:
        self.metrics, self.on, self.counting = metrics, on, Counting(on)

    async def collect(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        self.counting.pass_on(now)
        self.metrics.now = lambda: now
        for id in {one.id for one in environments} & self.on.placements.by_environment.keys():
            service = self.on.placements.by_environment[id].service
            if any(key.startswith("run/") and key.endswith(f"/services/{service}") for key in self.on.left):
                self.counting.tell(id, "instance_count", 1, now, state="active")
                self.counting.tell(id, "memory", 0.25, now)
        await self.metrics.collect(environments, now)

    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        return await self.metrics.series(environment_id, metrics, span)

    async def totals(self, metrics: Sequence[str], span: Span) -> Mapping[str, Mapping[str, float]]:
        return await self.metrics.totals(metrics, span)

    async def remove(self, environment_id: str) -> None:
        await self.metrics.remove(environment_id)

    async def existing(self) -> set[str]:
        return await self.metrics.existing()
