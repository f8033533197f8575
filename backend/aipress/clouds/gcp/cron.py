"""Cron on Google Cloud: the `cron` option of each environment, read in its database, says what is due; its service does it when it is

asked with the platform's key for `/.aipress/cron` (docs/image.md). No instance starts for the question, one does for a run.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime

import httpx

from aipress.clouds.cron import LONGEST_RUN, Due, Run
from aipress.clouds.gcp.cloud_sql import CloudSqlDatabases
from aipress.clouds.gcp.instances import Vault
from aipress.clouds.gcp.visitors import Door
from aipress.clouds.wordpress.agenda import OPTION, Agenda
from aipress.errors import CloudBusy

PATH = "/.aipress/cron"
STARTING = 30  # seconds an instance may take to start, beside the run
DONE, BUSY = 200, 423


class CloudRunCron:
    """What is due in sites on Google Cloud, and its doing."""

    def __init__(self, databases: CloudSqlDatabases, vault: Vault, door: Door) -> None:
        self.databases, self.vault, self.door, self.agenda = databases, vault, door, Agenda()

    async def due(self, environment_ids: Sequence[str], now: datetime) -> Mapping[str, Sequence[Due]]:
        return self.agenda.due(await self.databases.option(OPTION, environment_ids), now)

    async def run(self, environment_id: str, host: str, request_id: str) -> Run:
        """Google's own limit of a request is longer than ours, so a run is over when this returns, or goes on and is busy next time."""
        key = await self.vault.reveal(environment_id, "AIPRESS_KEY")
        headers = {"X-AIPress-Key": key, "X-Request-ID": request_id}
        began = time.monotonic()
        try:
            answer = await self.door.get(host, PATH, LONGEST_RUN + STARTING, headers)
        except httpx.TimeoutException:
            return Run(
                "failed", _since(began), "The site did not answer within its time; its own log says more."
            )
        except httpx.HTTPError as error:
            raise CloudBusy(f"{host} can't be asked just now ({type(error).__name__}).") from error
        took = _since(began)
        if answer.status_code == DONE:
            return Run("done", took)
        if answer.status_code == BUSY:
            return Run("busy", took, "An earlier run goes on.")
        return Run("failed", took, f"The site answered {answer.status_code}; its own log says more.")

    def lag(self) -> Mapping[str, float]:
        return self.agenda.lag()


def _since(began: float) -> float:
    return round(1000 * (time.monotonic() - began), 1)
