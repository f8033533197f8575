"""What each figure was in each minute: in percent, milliseconds, seconds or lines, as the rules want it; None where nobody measured.

Reading raises nothing: a cloud that does not answer measured nothing.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aipress import clouds
from aipress.clouds.base import Cloud
from aipress.clouds.metrics import MINUTE, Span
from aipress.clouds.options import DEFAULTS, Options
from aipress.errors import CloudError
from aipress.kit import logs
from aipress.telemetry.alerts.models import MACHINE

log = logs.get()
NAMES = ("requests", "errors", "latency_p95", "disk_bytes", "db_connections", "cron_lag")
FEWEST_ERRORS = 5  # in five minutes
FEWEST_REQUESTS = 5  # in a minute, to say how slow it was
RATE_MINUTES = 5
AT_ONCE = 8  # sites of a cloud
GIB = 2**30

Values = Sequence[float | None]
Key = tuple[str, str]  # an environment and a kind of alert
Gauge = Callable[[], float]  # how much of the machine's disk is in use now, in percent


@dataclass(frozen=True)
class Watched:
    """A live environment whose figures are watched."""

    environment_id: str
    tenant_id: str
    tier: str
    cloud: str
    options: Options = DEFAULTS


async def of_all(
    sites: Sequence[Watched], minutes: Sequence[datetime], disk: Gauge | None
) -> dict[Key, Values]:
    """The values of every figure in these minutes, which follow each other; of the machine's disk only now."""
    turns = {cloud.name: asyncio.Semaphore(AT_ONCE) for cloud in clouds.every()}
    silent: Counter[str] = Counter()

    async def of_site(site: Watched) -> dict[Key, Values]:
        async with turns[site.cloud]:
            if silent[site.cloud] >= AT_ONCE:
                return {}  # that cloud is away: the others' alerts don't wait until all its sites were asked for in vain
            found = await _of_site(clouds.named(site.cloud), site, minutes)
            silent[site.cloud] = 0 if found else silent[site.cloud] + 1
            return {(site.environment_id, kind): values for kind, values in found.items()}

    found: dict[Key, Values] = {}
    for one in await asyncio.gather(*map(of_site, sites)):
        found |= one
    if disk is not None:
        found[MACHINE, "machine_disk"] = _only_now(disk(), minutes)
    return found


def share_used(place: Path) -> float:
    """How much of the disk is in use there, in percent of what may be written."""
    found = shutil.disk_usage(place)
    return 100 * found.used / (found.used + found.free)


async def _of_site(cloud: Cloud, site: Watched, minutes: Sequence[datetime]) -> dict[str, Values]:
    span = Span(minutes[0] - (RATE_MINUTES - 1) * MINUTE, minutes[-1] + MINUTE)
    found: dict[str, Values] = {}
    try:
        series = await cloud.metrics.series(site.environment_id, NAMES, span)
        told = {one.metric: dict(one.points) for one in series}
        room = cloud.costs.prices().tiers[site.tier].includes["disk"]
        most = cloud.databases.most_connections(site.tier, site.options)
        found |= figures(told, minutes, float(room) * GIB, most)
    except CloudError as error:
        log.warning("metrics can't be watched just now", environment=site.environment_id, why=str(error))
    try:
        refused = (await cloud.logs.usage(site.tenant_id)).refused_lines
        found["log_quota"] = _only_now(refused, minutes)
    except CloudError as error:
        log.warning("logs can't be watched just now", tenant=site.tenant_id, why=str(error))
    return found


Told = Mapping[str, Mapping[datetime, float | None]]


def figures(
    told: Told, minutes: Sequence[datetime], disk_bytes: float, connections: int
) -> dict[str, Values]:
    """From metrics of each minute to what rules want."""
    return {
        "error_rate": [_error_rate(told, at) for at in minutes],
        "latency": [_latency(told, at) for at in minutes],
        "disk": [_percent(told["disk_bytes"].get(at), disk_bytes) for at in minutes],
        "db_connections": [_percent(told["db_connections"].get(at), connections) for at in minutes],
        "cron_lag": [told["cron_lag"].get(at) for at in minutes],
    }


def _error_rate(told: Told, at: datetime) -> float | None:
    """Of five minutes, because in one there are few requests; so few errors that they may be anything are none."""
    if told["requests"].get(at) is None:
        return None
    window = [at - timedelta(minutes=back) for back in range(RATE_MINUTES)]
    requests, errors = (sum(told[name].get(one) or 0 for one in window) for name in ("requests", "errors"))
    return 100 * errors / requests if errors >= FEWEST_ERRORS and requests else 0.0


def _latency(told: Told, at: datetime) -> float | None:
    """Where nobody came nothing was slow; what a few requests took says little."""
    requests = told["requests"].get(at)
    if requests is None or 0 < requests < FEWEST_REQUESTS:
        return None
    return told["latency_p95"].get(at) if requests else 0.0


def _percent(value: float | None, whole: float) -> float | None:
    return None if value is None else 100 * value / whole


def _only_now(value: float, minutes: Sequence[datetime]) -> Values:
    return [*[None] * (len(minutes) - 1), value]
