"""Cron of this machine: each environment's `cron` option, read in its database, says what is due; hostd lets PHP do it.

WordPress keeps that option in order of time and itself looks no further than the first entry of the future, and so do we.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aipress.clouds.cron import LONGEST_RUN, Due, Run
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.php_values import NotSerialised, Reader
from aipress.hostd.client import Hostd
from aipress.kit import logs

log = logs.get()
DONE, BUSY, CUT_SHORT = 200, 423, 0
MOST_DUE, LONGEST_HOOK = 1000, 200


class LocalCron:
    """What is due in sites of this machine, and its doing. Remembers how late each was when it was last asked."""

    def __init__(self, databases: MariaDatabases, hostd: Hostd) -> None:
        self.databases, self.hostd = databases, hostd
        self._late: dict[str, float] = {}
        self._unreadable: set[str] = set()

    async def due(self, environment_ids: Sequence[str], now: datetime) -> Mapping[str, Sequence[Due]]:
        options = await self.databases.option("cron", environment_ids)
        found = {id: self._due(id, option, now) for id, option in options.items()}
        self._late |= {id: (now - due[0].since).total_seconds() if due else 0.0 for id, due in found.items()}
        return {id: due for id, due in found.items() if due}

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

    def _due(self, environment_id: str, option: str, now: datetime) -> list[Due]:
        """Of an option that is not as WordPress writes it nothing is known; that is said once."""
        try:
            due = due_in(option, now)
        except NotSerialised as error:
            if environment_id not in self._unreadable:
                log.warning("a cron option can't be read", environment=environment_id, why=str(error))
            self._unreadable.add(environment_id)
            return []
        self._unreadable.discard(environment_id)
        return due

    def lag(self) -> Mapping[str, float]:
        return dict(self._late)


def due_in(option: str, now: datetime) -> list[Due]:
    """What an option `cron` says is due, oldest first. Raises NotSerialised."""
    found: list[Due] = []
    for moment, hooks in Reader(option).entries():
        if not isinstance(moment, int) or moment > now.timestamp() or len(found) >= MOST_DUE:
            break
        if moment > 0 and isinstance(hooks, dict):
            since = datetime.fromtimestamp(moment, UTC)
            found += [Due(str(hook)[:LONGEST_HOOK], since) for hook in hooks]
    return found
