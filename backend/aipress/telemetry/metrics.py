"""What people ask of a site's metrics: some of them, over a window, in steps that make a readable number of points."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from aipress import clouds
from aipress.clouds.metrics import MINUTE, UNITS, WHOLE, Series, Span
from aipress.errors import Invalid
from aipress.kit import clock
from aipress.telemetry.schemas import MetricRead, MetricsRead, MetricsWanted
from aipress.tenants.models import Environment, Tenant

USUAL = timedelta(days=1)
KEPT = timedelta(days=400)
READABLE, MOST_POINTS = 300, 1000
STEPS = tuple(MINUTE * n for n in (1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080))

LABELS: Mapping[str, str] = {
    "requests": "Requests",
    "errors": "Errors",
    "latency_p50": "Response time, half of requests",
    "latency_p95": "Response time, 95 % of requests",
    "latency_p99": "Response time, 99 % of requests",
    "cache_hit_ratio": "Pages from the cache",
    "bandwidth": "Data sent",
    "cpu_seconds": "Processor time",
    "memory_bytes": "Memory",
    "instances": "Instances awake",
    "cold_starts": "Cold starts",
    "db_time": "Database time",
    "db_connections": "Database connections, most",
    "slow_queries": "Slow queries",
    "redis_bytes": "Object cache",
    "disk_bytes": "Disk",
    "cron_lag": "Cron delay, longest",
}


async def read(site: Tenant, wanted: MetricsWanted) -> MetricsRead:
    """The site's metrics over the window, and each over all of it. Raises Invalid, CloudError."""
    environment = _environment(site, wanted.environment)
    since, until = _window(wanted)
    step = _step(until - since, wanted.step)
    names = _names(wanted.metric)
    cloud = clouds.of(environment.spec()).metrics
    series = await cloud.series(environment.id, names, Span(since, until, step))
    whole = await cloud.series(environment.id, names, Span(since, until, WHOLE))
    return MetricsRead(
        environment=environment.kind,
        since=since,
        until=until,
        step_seconds=int(step.total_seconds()),
        items=[_shown(one, over_all) for one, over_all in zip(series, whole, strict=True)],
    )


def _shown(series: Series, whole: Series) -> MetricRead:
    return MetricRead(
        metric=series.metric,
        label=LABELS[series.metric],
        unit=series.unit,
        overall=whole.points[0][1] if whole.points else None,
        points=[(int(moment.timestamp()), value) for moment, value in series.points],
    )


def _names(told: Sequence[str]) -> list[str]:
    """Every metric that was asked for, once; all of them where none was."""
    names = list(dict.fromkeys(name for one in told for name in one.split(",")))
    for name in names:
        if name not in UNITS:
            _refuse("metric", f"There is no such metric. There are {', '.join(UNITS)}.")
    return names or list(UNITS)


def _window(wanted: MetricsWanted) -> tuple[datetime, datetime]:
    """From when until when, in UTC and whole minutes; nothing of what is to come, and of the minute that runs."""
    now = _minute(clock.now())
    until = min(now, _minute(wanted.until or now))
    since = _minute(wanted.since or until - USUAL)
    if since >= until:
        _refuse("since", "`since` has to be a minute or more before `until`, and before now.")
    return max(since, now - KEPT), until


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _step(length: timedelta, told: int | None) -> timedelta:
    """As asked, or one that makes a readable number of points."""
    if told is None:
        return next((step for step in STEPS if length <= step * READABLE), STEPS[-1])
    if length > timedelta(seconds=told) * MOST_POINTS:
        least = -(-length // (MINUTE * MOST_POINTS)) * 60
        _refuse("step", f"That is more than {MOST_POINTS} points. Ask for a step of {least} s or more.")
    return timedelta(seconds=told)


def _environment(site: Tenant, told: str) -> Environment:
    """The environment that is meant, by kind or id. Raises Invalid."""
    known: Mapping[str, Environment] = {key: one for one in site.environments for key in (one.id, one.kind)}
    found = known.get(told or "live")
    if found is None:
        there = ", ".join(sorted(one.kind for one in site.environments)) or "none"
        _refuse("environment", f"This site has no such environment. It has: {there}.")
    return found


def _refuse(name: str, why: str) -> NoReturn:
    raise Invalid(why, {name: why})
