"""What the assistant tells of metrics: the control plane's own figures as a chart, with their window, and how it was just before."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_ai import ToolReturn
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat.answers import MOST_POINTS, Chart, Link, Series, part
from aipress.chat.callers import Caller
from aipress.chat.veil import Ours
from aipress.kit import clock
from aipress.kit.amounts import said
from aipress.plans.arguments import WhichMetric
from aipress.telemetry.schemas import MetricRead, MetricsRead
from aipress.tenants.schemas import TenantRead

Result = dict[str, Any]
USUAL, LONGEST = timedelta(days=1), timedelta(days=400)
SOURCE = "metrics of the control plane"
LATENCIES = ("latency_p50", "latency_p95", "latency_p99")
AMOUNT = re.compile(r"(\d+)([WDHMS])")
UNITS = {"W": "weeks", "D": "days", "H": "hours", "M": "minutes", "S": "seconds"}
REQUESTS = Ours("These are requests; one visitor makes several, and visitors are not counted by themselves.")
# How each unit is drawn: by what it is divided, and what that is called.
DRAWN = {"bytes": (1_000_000, "MB"), "ratio": (0.01, "%"), "ms": (1, "ms"), "s": (1, "s"), "count": (1, "")}


async def get_metrics(caller: Caller, wish: WhichMetric, _: str) -> ToolReturn[Result]:
    """One measurement of a site over time, and over the same time before."""
    control, length = caller.control_plane, _length(wish.since)
    site = await control.site(wish.tenant)
    names = LATENCIES if wish.metric in LATENCIES else (wish.metric,)
    until = clock.now()
    now = await control.metrics(site.slug, names, until - length, until)
    before = await control.metrics(site.slug, (wish.metric,), now.since - length, now.since)
    main = next(one for one in now.items if one.metric == wish.metric)
    told = _told(site, main, now) | {"before": _amount(before.items[0])}
    return ToolReturn(told, metadata=_shown(site, main, now))


def _told(site: TenantRead, metric: MetricRead, window: MetricsRead) -> Result:
    measured = [(moment, value) for moment, value in metric.points if value is not None]
    told: Result = {
        "tenant": site.slug,
        "name": site.name,
        "metric": metric.metric,
        "label": metric.label,
        "window": _words(window.until - window.since),
        "hours": round((window.until - window.since) / timedelta(hours=1), 1),
        "over_all": _amount(metric),
        "is_measured": bool(measured),
    }
    if measured:
        moment, highest = max(measured, key=lambda one: one[1])
        told |= {
            "highest": said(highest, metric.unit),
            "highest_at": datetime.fromtimestamp(moment, UTC).isoformat(),
            "newest": said(measured[-1][1], metric.unit),
        }
    if metric.metric == "requests":
        told["note"] = REQUESTS
    return told


def _shown(site: TenantRead, metric: MetricRead, window: MetricsRead) -> list[DataChunk]:
    """A chart of what was measured, and the way to all of it."""
    lines = [line for one in window.items if (line := _line(one))]
    link = part(f"{site.slug}-metrics", Link(label="All metrics", path=f"/sites/{site.slug}/metrics"))
    if not lines:
        return [link]
    words = _words(window.until - window.since)
    chart = Chart(
        title=f"{metric.label} of {site.slug}",
        window=f"last {words}",
        as_of=window.until,
        source=SOURCE,
        unit=DRAWN[metric.unit][1],
        summary=f"{metric.label} over the last {words}: {_amount(metric) or 'nothing was measured'}.",
        series=lines,
    )
    return [part(f"{site.slug}-{metric.metric}", chart), link]


def _line(metric: MetricRead) -> Series | None:
    divisor = DRAWN[metric.unit][0]
    points = [(moment, value / divisor) for moment, value in metric.points if value is not None]
    return Series(name=metric.label, points=points[-MOST_POINTS:]) if points else None


def _amount(metric: MetricRead) -> str | None:
    return None if metric.overall is None else said(metric.overall, metric.unit)


def _length(told: str | None) -> timedelta:
    """An ISO 8601 duration, within what is kept; a day where none was said."""
    amounts: Sequence[tuple[str, str]] = AMOUNT.findall(told or "")
    if not amounts:
        return USUAL
    days = sum(timedelta(**{UNITS[unit]: min(int(count), 10**6)}) / timedelta(1) for count, unit in amounts)
    return max(timedelta(minutes=5), min(timedelta(days), LONGEST))


def _words(length: timedelta) -> str:
    """ "24 hours", "7 days", "90 minutes"."""
    hours = length / timedelta(hours=1)
    if hours > 48 and hours % 24 == 0:
        return f"{hours / 24:.0f} days"
    if hours >= 2:
        return f"{hours:.0f} hours"
    return f"{length / timedelta(minutes=1):.0f} minutes"
