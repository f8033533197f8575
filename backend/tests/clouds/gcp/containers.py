"""Containers that only speak: what they print becomes entries of the simulator's Cloud Logging, as Cloud Run would make them."""

import time
from dataclasses import replace
from datetime import UTC, datetime

from aipress.clouds.gcp.logs import RUNS_LOG, stamp
from aipress.clouds.gcp.placements import Placed
from aipress.clouds.gcp.resources import Json
from aipress.clouds.gcp.shards import Placement
from aipress.clouds.logs import LogLine
from gcpsim.clock import Clock
from tests.clouds.gcp.rig import say
from tests.clouds.gcp.simulated import Simulated

LAST = [0]


class WallClock(Clock):
    """The machine's time, and no moment twice."""

    def now(self) -> float:
        return time.time()

    def stamp(self, later: float = 0.0) -> str:
        LAST[0] = max(LAST[0] + 1, time.time_ns() // 1000)
        return stamp(datetime.fromtimestamp(LAST[0] / 1_000_000 + later, UTC))


class Container:
    """One for each environment that says something; who has none yet is placed."""

    def __init__(self, on: Simulated) -> None:
        self.on = on
        on.simulator.world.clock = WallClock()

    def says(self, *lines: LogLine) -> None:
        """These lines, each with the end of its id as what tells it apart."""
        for line in lines:
            placed = replace(self.placed(line.environment, line.tenant), tenant=line.tenant)
            level = line.level.upper()
            told = {
                "source": line.source,
                "message": line.message,
                "request_id": line.request_id,
                **line.fields,
            }
            self.prints(placed, told, timestamp=stamp(line.time), insertId=line.id[14:], severity=level)

    def prints(self, placed: Placed, told: Json, log: str = f"{RUNS_LOG}%2Fstdout", **entry: object) -> None:
        """One object, as an entry of the service's."""
        labels = {"aipress-tenant-id": placed.tenant, "aipress-environment-id": placed.environment_id}
        project = placed.placement.project
        whole = {
            "logName": f"projects/{project}{log}",
            "resource": {
                "type": "cloud_run_revision",
                "labels": {"project_id": project, "service_name": placed.service},
            },
            "labels": labels,
            "jsonPayload": told,
            **entry,
        }
        with self.on.simulator.world.turn:
            say(self.on.simulator, "POST", "/logging/v2/entries:write", {"entries": [whole]})

    def placed(self, environment: str, tenant: str) -> Placed:
        """Where it is."""
        shard = self.on.placements.platform.shards[0]
        where = Placement(shard.project, shard.region, shard.instances[0].name)
        placed = Placed(environment, tenant, f"s{environment}", "basic", where)
        return self.on.placements.by_environment.setdefault(environment, placed)
