"""What is due, site by site: asked of a few every few seconds, so that none waits for all, and none for the others' troubles."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.cron import Due, Run
from aipress.clouds.logs import Level, Value
from aipress.clouds.notes import Note
from aipress.cron.lanes import Lanes
from aipress.cron.rests import Rests
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.tenants.models import KIND, Environment, Tenant, sites_arriving

log = logs.get()
PARTS = 5  # of a round: each site has its own, so that never all are asked, or started, at once
LATE, TOLD_AGAIN = timedelta(minutes=5), timedelta(minutes=15)
MILLISECOND = timedelta(milliseconds=1)
LEVELS: dict[str, Level] = {"done": "info", "late": "warning", "failed": "error"}
MOST_HOOKS = 10  # named in a line


async def keep_running(rows: Database, cloud: Cloud, every: float) -> None:
    """Every so many seconds let each live site of a cloud do what it has due, until cancelled. Whoever is killed loses nothing: due stays due."""
    rounds, number = Rounds(rows, cloud), 0
    try:
        while True:
            await asyncio.sleep(every / PARTS)
            number += 1
            try:
                await rounds.look(number % PARTS)
            except CloudError as error:
                log.warning("cron is not asked just now", cloud=cloud.name, why=str(error))
            except Exception:
                log.exception("a look at what is due failed; the next one comes")
    finally:
        await rounds.lanes.stop()


def part_of(environment_id: str) -> int:
    """When in a round this one is asked; the same for ever."""
    return int(environment_id, 16) % PARTS


class Rounds:
    """Goes round by round on one cloud; remembers only whom to leave alone for a while, and who was told to be late."""

    def __init__(self, rows: Database, cloud: Cloud, lanes: Lanes | None = None) -> None:
        self.rows, self.cloud, self.lanes, self.rests = rows, cloud, lanes or Lanes(), Rests()
        self._told_late: dict[str, datetime] = {}

    async def look(self, part: int) -> None:
        """Ask the sites of this part of the round, and begin what is due."""
        now = clock.now()
        live = await self._live(part)
        due = await self.cloud.cron.due(list(live), now)
        for id in [id for id in live if id not in due]:
            self.rests.forget(id)
            self._told_late.pop(id, None)
        for id, events in due.items():
            run = partial(self._run, live[id], events)
            if self.rests.is_over(id, now) and self.lanes.begin(id, run):
                continue
            await self._tell_if_late(live[id], events, now)

    async def _run(self, environment: EnvironmentSpec, due: Sequence[Due]) -> None:
        request_id, began = secrets.token_hex(16), clock.now()
        try:
            host = (await self.cloud.edge.address_of(environment)).host
            run = await self.cloud.cron.run(environment.id, host, request_id)
        except CloudError as error:
            run = Run("failed", round((clock.now() - began) / MILLISECOND, 1), str(error))
        self.rests.remember(environment.id, run, clock.now())
        if run.outcome != "busy":
            await self.cloud.notes.add(note_of(environment, due, began, run, request_id))

    async def _tell_if_late(self, environment: EnvironmentSpec, due: Sequence[Due], now: datetime) -> None:
        """Once, and again after a while."""
        told = self._told_late.get(environment.id)
        if now - due[0].since >= LATE and (told is None or now - told >= TOLD_AGAIN):
            self._told_late[environment.id] = now
            await self.cloud.notes.add(note_of(environment, due, now))

    async def _live(self, part: int) -> dict[str, EnvironmentSpec]:
        """The cloud's live environments of this part, as it knows them; read without their rows, since there may be thousands."""
        wanted = select(
            *(Environment.id, Environment.number, Tenant.id, Tenant.slug),
            *(KIND, Tenant.tier, Environment.cloud),
        )
        there = wanted.join(Tenant, Environment.tenant_id == Tenant.id)
        here = there.where(Environment.state == "live", Environment.cloud == self.cloud.name)
        staying = here.where(Tenant.id.not_in(sites_arriving()))
        async with self.rows.reading() as session:
            found = (await session.execute(staying)).all()
        return {row.id: EnvironmentSpec(*row) for row in found if part_of(row.id) == part}


def note_of(
    environment: EnvironmentSpec,
    due: Sequence[Due],
    now: datetime,
    run: Run | None = None,
    request_id: str = "",
) -> Note:
    """The line about a run that began `now`; without a run, that it did not come to one yet."""
    hooks = list(dict.fromkeys(one.hook for one in due))
    named = ", ".join(hooks[:MOST_HOOKS]) + (
        f" and {len(hooks) - MOST_HOOKS} more" if len(hooks) > MOST_HOOKS else ""
    )
    outcome = run.outcome if run else "late"
    fields: dict[str, Value] = {
        "hook": named,
        "outcome": outcome,
        "lag_ms": round((now - due[0].since) / MILLISECOND),
    }
    message = f"cron {outcome}: {named}"
    if run:
        fields["duration_ms"] = run.duration_ms
        message += f". {run.why}" if run.why else ""
    return Note(environment.id, "cron", LEVELS[outcome], message, request_id, fields)
