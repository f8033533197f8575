"""Every minute each figure is watched once, whoever does it: one row says up to which minute, and moves on with what was found.

What is measured is read first. Then, in one transaction, that row is taken if nobody else moved it on meanwhile, alerts open and
close, and what is to be sent is written down. Whoever dies before that has done nothing, and the next round catches up.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from aipress import clouds
from aipress.clouds.metrics import MINUTE
from aipress.kit import clock, ids, logs
from aipress.kit.db import Database, Session
from aipress.telemetry.alerts import deliveries, pace, readings
from aipress.telemetry.alerts.models import MACHINE, Alert, AlertRound, AlertWatch
from aipress.telemetry.alerts.readings import Gauge, Key, Values, Watched
from aipress.telemetry.alerts.rules import RULES
from aipress.telemetry.alerts.steadiness import Watch, after
from aipress.tenants.models import Environment

log = logs.get()
CATCHES_UP = 60  # minutes at most; what was longer ago is no news
THE_ROUND = 1


async def keep_watching(rows: Database, every: float, disk: Gauge | None) -> None:
    """A round every so many seconds, then whatever is to be sent, until cancelled."""
    while True:
        await asyncio.sleep(every)
        try:
            await watch(rows, clock.now(), disk)
        except Exception:
            log.exception("a round of watching failed; the next one comes")
        try:
            await deliveries.send_due(rows)
        except Exception:
            log.exception("messages about alerts could not be sent; the next round comes")


async def watch(rows: Database, now: datetime, disk: Gauge | None = None) -> int:
    """Watch every minute that is over and was not watched; how many that were."""
    async with rows.reading() as session:
        before = await session.scalar(select(AlertRound.watched_until).where(AlertRound.id == THE_ROUND))
        sites = await _sites(session)
    minutes = due(before, now)
    if not minutes:
        return 0
    found = await readings.of_all(sites, minutes, disk)
    async with rows.transaction() as session:
        if not await _move_on(session, before, minutes[-1]):
            return 0
        await _close_what_is_gone(session, sites)
        await _turn(session, found, minutes, {site.environment_id: site for site in sites})
    return len(minutes)


def due(before: datetime | None, now: datetime) -> list[datetime]:
    """The minutes that are over, after the last that was watched; the newest alone where none was."""
    newest = (now - MINUTE - pace.current().settles).replace(second=0, microsecond=0)
    first = newest if before is None else max(before + MINUTE, newest - (CATCHES_UP - 1) * MINUTE)
    return [first + number * MINUTE for number in range((newest - first) // MINUTE + 1)]


async def _sites(session: Session) -> list[Watched]:
    here = select(Environment).where(
        Environment.state == "live",
        Environment.cloud.in_([cloud.name for cloud in clouds.every()]),
        Environment.tenant_id.is_not(None),
    )
    return [
        Watched(spec.id, spec.tenant, spec.tier, spec.cloud, spec.options)
        for spec in (one.spec() for one in await session.scalars(here))
    ]


async def _move_on(session: Session, before: datetime | None, to: datetime) -> bool:
    """Take the round, unless somebody else did since it was looked at."""
    held = await session.get(AlertRound, THE_ROUND, with_for_update=True)
    if held is None:
        session.add(AlertRound(id=THE_ROUND, watched_until=to))
        await session.flush()
        return before is None
    if held.watched_until != before:
        return False
    held.watched_until = to
    return True


async def _close_what_is_gone(session: Session, sites: Sequence[Watched]) -> None:
    """Nobody is told: who removed a site knows."""
    there = {MACHINE, *(site.environment_id for site in sites)}
    for alert in await session.scalars(select(Alert).where(Alert.state == "open")):
        if alert.environment_id not in there:
            alert.state, alert.closed_at = "closed", clock.now()
    await session.flush()


async def _turn(
    session: Session,
    found: Mapping[Key, Values],
    minutes: Sequence[datetime],
    sites: Mapping[str, Watched],
) -> None:
    alerts = {
        (one.environment_id, one.kind): one
        for one in await session.scalars(select(Alert).where(Alert.state == "open"))
    }
    waited = {
        (one.environment_id, one.kind): one.minutes for one in await session.scalars(select(AlertWatch))
    }
    now_waited = {key: n for key, n in waited.items() if key not in found and key[0] in sites}
    for key, values in found.items():
        watched = Watch(key in alerts, waited.get(key, 0))
        site = sites.get(key[0])
        for at, value in zip(minutes, values, strict=True):
            watched = await _step(session, (key, watched, alerts), (at, value), site)
        if watched.minutes:
            now_waited[key] = watched.minutes
    if now_waited != waited:
        await session.execute(delete(AlertWatch))
        session.add_all(
            AlertWatch(environment_id=id, kind=kind, minutes=n) for (id, kind), n in now_waited.items()
        )


async def _step(
    session: Session,
    state: tuple[Key, Watch, dict[Key, Alert]],
    measured: tuple[datetime, float | None],
    site: Watched | None,
) -> Watch:
    """One minute of one figure."""
    (key, watched, alerts), (at, value) = state, measured
    later, turn = after(watched, value, pace.bounds_of(RULES[key[1]]))
    if value is None:
        return later
    if turn == "opened":
        alerts[key] = Alert(
            id=ids.new("alr"),
            tenant_id=site.tenant_id if site else None,
            environment_id=key[0],
            kind=key[1],
            state="open",
            value=value,
            worst=value,
            opened_at=at + MINUTE,
        )
        session.add(alerts[key])
    alert = alerts.get(key)
    if alert is None:
        return later
    alert.value, alert.worst = value, max(value, alert.worst)
    if turn == "closed":
        alert.state, alert.closed_at = "closed", at + MINUTE
        del alerts[key]
    if turn:
        await session.flush()
        await deliveries.write(session, alert, turn)
    return later
