"""Cron of this machine: each environment's `cron` option, read in its database, says what is due; hostd lets PHP do it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aipress.clouds.cron import LONGEST_RUN, Due, Run
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.wordpress.agenda import OPTION, Agenda
from aipress.hostd.client import Hostd

DONE, BUSY, CUT_SHORT = 200, 423, 0


class LocalCron:
    """What is due in sites of this machine, and its doing."""

    def __init__(self, databases: MariaDatabases, hostd: Hostd) -> None:
        self.databases, self.hostd, self.agenda = databases, hostd, Agenda()

    async def due(self, environment_ids: Sequence[str], now: datetime) -> Mapping[str, Sequence[Due]]:
        return self.agenda.due(await self.databases.option(OPTION, environment_ids), now)

    async def run(self, environment_id: str, host: str, request_id: str) -> Run:
        told = await self.hostd.run_cron(environment_id, host, request_id, LONGEST_RUN)
        if told.status == DONE:
            return Run("done", told.duration_ms)
        if told.status == BUSY:
            return Run("busy", told.duration_ms, "An earlier run goes on.")
        why = f"PHP answered {told.status}; its own log says more."
        if told.status == CUT_SHORT:
            why = "PHP ended before it was done: after two minutes it is, or for want of memory."
        return Run("failed", told.duration_ms, why)

    def lag(self) -> Mapping[str, float]:
        return self.agenda.lag()
