"""What people ask of a site's logs. The site is looked up as its caller sees it, and its id is the only one that is ever asked for.

Clouds promise that what they find is that tenant's; here a line is held against it once more.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn, cast

from aipress import clouds
from aipress.clouds.logs import LEVELS, Level, LogLine, LogQuery, Logs, Source
from aipress.errors import Invalid
from aipress.kit import clock
from aipress.telemetry.schemas import (
    LogCount,
    LogCounts,
    LogLineRead,
    LogPage,
    LogUsageRead,
    Sought,
    Wanted,
    Window,
)
from aipress.tenants.models import Tenant

USUAL, OF_A_REQUEST = timedelta(hours=1), timedelta(days=7)
# Seconds that a step may last, and how many steps a window has at most.
STEPS = (10, 60, 300, 900, 3600, 6 * 3600, 86400, 7 * 86400, 31 * 86400, 366 * 86400)
MOST_STEPS = 120
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
LAST = datetime(2100, 1, 1, tzinfo=UTC)


async def found(site: Tenant, sought: Sought) -> LogPage:
    """A page of the site's lines, newest first. Raises Invalid, CloudError."""
    since, until = _window(sought)
    one_more = replace(query_of(site, sought, since, until), before=sought.cursor, limit=sought.limit + 1)
    lines = [
        line for line in await logs_of(site, one_more.environment).find(one_more) if line.tenant == site.id
    ]
    page = lines[: sought.limit]
    return LogPage(
        items=[shown(line) for line in page],
        next_cursor=page[-1].id if len(lines) > len(page) else None,
        since=since,
        until=until,
    )


async def counted(site: Tenant, window: Window) -> LogCounts:
    """How many of the site's lines fit, by time and level. Raises Invalid, CloudError."""
    since, until = _window(window)
    step = next((one for one in STEPS if (until - since).total_seconds() <= one * MOST_STEPS), STEPS[-1])
    query, by = query_of(site, window, since, until), (f"time:{step}", "level")
    tallies = await logs_of(site, query.environment).tally(query, by, most=(MOST_STEPS + 1) * len(LEVELS))
    items = [
        LogCount(
            time=datetime.fromtimestamp(float(str(time)), UTC), level=cast(Level, level), count=one.count
        )
        for one in tallies
        for time, level in [one.keys]
    ]
    return LogCounts(
        since=since,
        until=until,
        step_seconds=step,
        items=sorted(items, key=lambda one: (one.time, LEVELS.index(one.level))),
    )


async def usage_of(site: Tenant) -> LogUsageRead:
    """What the site's logs take, and what they may."""
    return LogUsageRead.model_validate(await logs_of(site).usage(site.id), from_attributes=True)


def logs_of(site: Tenant, environment_id: str = "") -> Logs:
    """Where its lines are kept: on the cloud of this environment, or of the one visitors see. Raises CloudRefused."""
    meant = next((one for one in site.environments if one.id == environment_id), site.live)
    return clouds.of(meant.spec()).logs


def query_of(site: Tenant, wanted: Wanted, since: datetime, until: datetime) -> LogQuery:
    """These lines of this site, and of no other. Raises Invalid for an environment it has not."""
    return LogQuery(
        tenant=site.id,
        since=since,
        until=until,
        environment=_environment(site, wanted.environment),
        sources=cast(frozenset[Source], wanted.sources),
        level=wanted.level,
        text=wanted.q,
        request_id=wanted.request_id,
    )


def began(last_seen: str) -> datetime:
    """From when a tail is to tell: from now, or for who was away, from an hour ago."""
    return clock.now() - USUAL if last_seen else clock.now()


def shown(line: LogLine) -> LogLineRead:
    """The line as the API shows it."""
    return LogLineRead(
        id=line.id,
        time=line.time,
        environment=line.environment,
        source=line.source,
        level=line.level,
        message=line.message,
        request_id=line.request_id or None,
        fields=dict(line.fields),
    )


def _window(sought: Window) -> tuple[datetime, datetime]:
    """From when until when, in UTC. Raises Invalid for what is no window."""
    for name in ("since", "until"):
        told = getattr(sought, name)
        if told is not None and not FIRST <= told <= LAST:
            _refuse(name, "That is no time of this century. Say one such as 2026-11-28T09:00:00Z.")
    until = (sought.until or clock.now()).astimezone(UTC)
    since = sought.since or until - (OF_A_REQUEST if sought.request_id else USUAL)
    if since > until:
        _refuse("since", "`since` is later than `until`: exchange them.")
    return since.astimezone(UTC), until


def _environment(site: Tenant, told: str) -> str:
    """The id of the environment that is meant; empty for all."""
    if not told:
        return ""
    for one in site.environments:
        if told in (one.id, one.kind):
            return one.id
    there = ", ".join(f"{one.kind} ({one.id})" for one in site.environments)
    return _refuse("environment", f"This site has no such environment. It has: {there}.")


def _refuse(name: str, why: str) -> NoReturn:
    raise Invalid(why, {name: why})
