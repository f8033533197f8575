"""Metrics as every cloud has them: named figures of an environment over time, in steps of a minute or more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aipress.clouds.base import EnvironmentSpec

# How a figure of a longer step comes from those of its minutes is the implementation's; what it is counted in is not.
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "requests": "count",
        "errors": "count",
        "latency_p50": "ms",
        "latency_p95": "ms",
        "latency_p99": "ms",
        "cache_hit_ratio": "ratio",
        "bandwidth": "bytes",
        "cpu_seconds": "s",
        "memory_bytes": "bytes",
        "instances": "count",
        "cold_starts": "count",
        "db_time": "ms",
        "db_connections": "count",
        "slow_queries": "count",
        "redis_bytes": "bytes",
        "disk_bytes": "bytes",
        "cron_lag": "s",
    }
)
MINUTE = timedelta(minutes=1)
WHOLE = timedelta(0)  # as a step: the whole span is one


@dataclass(frozen=True)
class Span:
    """From `since` up to, not including, `until`, in steps of whole minutes, or as one (WHOLE)."""

    since: datetime
    until: datetime
    step: timedelta = MINUTE


@dataclass(frozen=True)
class Series:
    """One metric over a span: a point per step, None where nothing was measured."""

    metric: str
    unit: str
    points: Sequence[tuple[datetime, float | None]]


class Metrics(Protocol):
    async def collect(self, environments: "Sequence[EnvironmentSpec]", now: datetime) -> None:
        """Note what these use at this moment, where the cloud doesn't by itself. Nothing is started or woken for it."""

    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        """In the order asked for. Thinned figures answer in their own, longer step where `span.step` is finer than what is kept.

        A point stands at the beginning of its step, counted from 1970. Where nobody looked it is None, never zero.
        """

    async def totals(self, metrics: Sequence[str], span: Span) -> Mapping[str, Mapping[str, float]]:
        """Of every environment that did anything in the span: metrics that add up (requests, errors, bandwidth, cpu_seconds …)."""

    async def remove(self, environment_id: str) -> None:
        """Forget it for good: what is told of it later is not kept either."""

    async def existing(self) -> set[str]: ...
