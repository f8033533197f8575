"""How an environment's figures are asked of Cloud Monitoring: by a table of ours, so that no name of a metric comes from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aipress.clouds.gcp.entries import moment
from aipress.clouds.gcp.logs import quoted, stamp
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable, at
from aipress.clouds.metrics import Span

RUN = "run.googleapis.com/"


@dataclass(frozen=True)
class Figure:
    """A metric of Google's, how its points come into a step, and how its series become one."""

    type: str
    aligner: str
    reducer: str
    condition: str = ""


FIGURES = {
    "requests": Figure(f"{RUN}request_count", "ALIGN_DELTA", "REDUCE_SUM"),
    "errors": Figure(
        f"{RUN}request_count", "ALIGN_DELTA", "REDUCE_SUM", 'metric.labels.response_code_class="5xx"'
    ),
    "latency_p50": Figure(f"{RUN}request_latencies", "ALIGN_DELTA", "REDUCE_PERCENTILE_50"),
    "latency_p95": Figure(f"{RUN}request_latencies", "ALIGN_DELTA", "REDUCE_PERCENTILE_95"),
    "latency_p99": Figure(f"{RUN}request_latencies", "ALIGN_DELTA", "REDUCE_PERCENTILE_99"),
    "bandwidth": Figure(
        f"{RUN}container/network/sent_bytes_count",
        "ALIGN_DELTA",
        "REDUCE_SUM",
        'metric.labels.kind="internet"',
    ),
    "cpu_seconds": Figure(f"{RUN}container/cpu/allocation_time", "ALIGN_DELTA", "REDUCE_SUM"),
    "memory_bytes": Figure(f"{RUN}container/memory/utilizations", "ALIGN_DELTA", "REDUCE_MEAN"),
    "instances": Figure(f"{RUN}container/instance_count", "ALIGN_SUM", "REDUCE_SUM"),
    "instance_minutes": Figure(f"{RUN}container/instance_count", "ALIGN_COUNT", "REDUCE_MAX"),
    "cold_starts": Figure(f"{RUN}container/startup_latencies", "ALIGN_DELTA", "REDUCE_SUM"),
}
"""What Cloud Run counts by itself, every minute. Of starts comes a distribution, whose count is wanted; of memory the part of its limit;

of instances, by state, one number for each minute, and how many minutes have one.
"""
BYTES_OF_LINES = Figure("logging.googleapis.com/byte_count", "ALIGN_DELTA", "REDUCE_SUM")


def of_service(figure: Figure, service: str, span: Span, project: str) -> Resource:
    """One figure of one service over a span."""
    if not service:
        raise Unbuildable("Figures are asked for of one service; without it these would be everybody's.")
    told = ['resource.type="cloud_run_revision"', f"resource.labels.service_name={quoted(service)}"]
    return asked(figure, told, span, project)


def asked(figure: Figure, told: Sequence[str], span: Span, project: str, by: str = "") -> Resource:
    """A figure under conditions, over a span; one series, or one for each value of the label `by`."""
    seconds = int((span.step or span.until - span.since).total_seconds())
    conditions = [
        f"metric.type={quoted(figure.type)}",
        *told,
        *([figure.condition] if figure.condition else []),
    ]
    query = {
        "filter": " AND ".join(conditions),
        "interval.startTime": stamp(span.since),
        "interval.endTime": stamp(span.until),
        "aggregation.alignmentPeriod": f"{seconds}s",
        "aggregation.perSeriesAligner": figure.aligner,
        "aggregation.crossSeriesReducer": figure.reducer,
        **({"aggregation.groupByFields": by} if by else {}),
    }
    path = f"/v3/projects/{project}/timeSeries"
    return Resource("figures", figure.type, "monitoring", path, {}, query, "GET")


def points_of(series: Json) -> list[tuple[datetime, float]]:
    """Each point's end, and its number; of a distribution, how many values it has."""
    listed = series.get("points")
    found = []
    for point in listed if isinstance(listed, list) else []:
        end, value = moment(at(point, "interval.endTime")), _number(point)
        if end is not None and value is not None:
            found.append((end, value))
    return found


def series_of(answer: Json) -> list[Json]:
    """The series of an answer."""
    listed = answer.get("timeSeries")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def newest_by(answer: Json, label: str) -> dict[str, float]:
    """The newest number of each series, by a label such as `resource.labels.service_name`."""
    found = ((str(at(one, label) or ""), points_of(one)) for one in series_of(answer))
    return {name: points[0][1] for name, points in found if name and points}


def _number(point: Json) -> float | None:
    for name in ("doubleValue", "int64Value", "distributionValue.count"):
        told = at(point, f"value.{name}")
        if told is not None:
            return float(str(told))
    return None
