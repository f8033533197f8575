"""How an environment's figures are asked of Cloud Monitoring: by a table of ours, so that no name of a metric comes from outside."""

from dataclasses import dataclass

from aipress.clouds.gcp.logs import quoted, stamp
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Resource, Unbuildable
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
    "cpu_seconds": Figure(f"{RUN}container/cpu/allocation_time", "ALIGN_DELTA", "REDUCE_SUM"),
    "instances": Figure(f"{RUN}container/instance_count", "ALIGN_MAX", "REDUCE_SUM"),
    "cold_starts": Figure(f"{RUN}container/startup_latencies", "ALIGN_DELTA", "REDUCE_SUM"),
}
"""What Cloud Run counts by itself; the rest is the site's own, the database's or the load balancer's. Of starts comes a distribution,

whose count is wanted.
"""


def series(metric: str, service: str, span: Span, place: Place) -> Resource:
    """One figure of one service over a span. Raises Unbuildable for one that Cloud Run doesn't count."""
    if metric not in FIGURES or not service:
        raise Unbuildable(f"Cloud Run counts no “{metric}” of a service; it counts {', '.join(FIGURES)}.")
    figure = FIGURES[metric]
    seconds = int((span.step or span.until - span.since).total_seconds())
    told = [
        f"metric.type={quoted(figure.type)}",
        'resource.type="cloud_run_revision"',
        f"resource.labels.service_name={quoted(service)}",
        *([figure.condition] if figure.condition else []),
    ]
    query = {
        "filter": " AND ".join(told),
        "interval.startTime": stamp(span.since),
        "interval.endTime": stamp(span.until),
        "aggregation.alignmentPeriod": f"{seconds}s",
        "aggregation.perSeriesAligner": figure.aligner,
        "aggregation.crossSeriesReducer": figure.reducer,
    }
    path = f"/v3/projects/{place.project}/timeSeries"
    return Resource("figures", metric, "monitoring", path, {}, query, "GET")
