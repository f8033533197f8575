"""Figures of our own in Cloud Monitoring, for what Google counts of nobody: a series for each environment, written where it is.

A custom metric is a gauge: what counts something says how much it was since the last look, and is added up.
https://cloud.google.com/monitoring/custom-metrics
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from aipress.clouds.gcp.logs import quoted, stamp
from aipress.clouds.gcp.metrics import Figure, asked
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.metrics import Span

OURS = "custom.googleapis.com/aipress/"
MOST_AT_ONCE = 200  # series in a request
ENVIRONMENT, TENANT, INSTANCE, AT = "environment", "tenant", "instance", "at"
CUSTOM = {
    "db_time": Figure(f"{OURS}db_time", "ALIGN_SUM", "REDUCE_SUM"),
    "db_connections": Figure(f"{OURS}db_connections", "ALIGN_MAX", "REDUCE_MAX"),
    "slow_queries": Figure(f"{OURS}slow_queries", "ALIGN_SUM", "REDUCE_SUM"),
    "disk_bytes": Figure(f"{OURS}disk_bytes", "ALIGN_NEXT_OLDER", "REDUCE_MAX"),
    "redis_bytes": Figure(f"{OURS}redis_bytes", "ALIGN_NEXT_OLDER", "REDUCE_MAX"),
    "cron_lag": Figure(f"{OURS}cron_lag", "ALIGN_MAX", "REDUCE_MAX"),
}
WATCHED = Figure(f"{OURS}watched", "ALIGN_NEXT_OLDER", "REDUCE_MAX")
"""1 each day an environment is looked at, 0 when it was removed."""
PRESENT = Figure(f"{OURS}present", "ALIGN_COUNT", "REDUCE_SUM")
"""One each day, with whose it is and which Cloud SQL instance it shares: so a day's shares are known when it is gone."""
LOOKS = Figure(f"{OURS}looks", "ALIGN_COUNT", "REDUCE_SUM")
"""One for each minute and each thing that was looked at: what is nothing then was nothing, and is not unknown."""


def point(figure: Figure, labels: Mapping[str, str], value: float, at: datetime) -> Json:
    """A series with one point."""
    return {
        "metric": {"type": figure.type, "labels": dict(labels)},
        "metricKind": "GAUGE",
        "valueType": "DOUBLE",
        "points": [{"interval": {"endTime": stamp(at)}, "value": {"doubleValue": value}}],
    }


def written(series: Sequence[Json], project: str) -> Iterator[Resource]:
    """The requests that write these series' points."""
    path = f"/v3/projects/{project}/timeSeries"
    resource: Json = {"type": "global", "labels": {"project_id": project}}
    whole = [{**one, "resource": resource} for one in series]
    for start in range(0, len(whole), MOST_AT_ONCE):
        body: Json = {"timeSeries": whole[start : start + MOST_AT_ONCE]}
        yield Resource("figures", project, "monitoring", path, body)


def of_environment(figure: Figure, environment_id: str, span: Span, project: str) -> Resource:
    """One figure of one environment."""
    told = ['resource.type="global"', f"metric.labels.{ENVIRONMENT}={quoted(environment_id)}"]
    return asked(figure, told, span, project)


def by_label(figure: Figure, label: str, span: Span, project: str) -> Resource:
    """One figure of everybody, a series for each value of a label."""
    return asked(figure, ['resource.type="global"'], span, project, f"metric.labels.{label}")


def by_tenant(figure: Figure, instance: str, span: Span, project: str) -> Resource:
    """One figure of those who share an instance, a series for each tenant."""
    told = ['resource.type="global"', f"metric.labels.{INSTANCE}={quoted(instance)}"]
    return asked(figure, told, span, project, f"metric.labels.{TENANT}")
