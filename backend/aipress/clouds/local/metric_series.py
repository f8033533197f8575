"""From what is kept to points over time: the grid of a span, and what each metric says of a stretch. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from aipress.clouds.local.figures import MINUTE, Figures
from aipress.clouds.local.histogram import quantile
from aipress.clouds.metrics import UNITS, Series, Span

Point = tuple[datetime, float | None]


@dataclass
class Stretch:
    """What is known of an environment from `start` on, until the next one. `looks` is how often somebody looked meanwhile."""

    start: int
    looks: int = 0
    figures: Figures = field(default_factory=Figures)
    is_known: bool = True

    @property
    def was_measured(self) -> bool:
        return self.is_known and (self.looks > 0 or not self.figures.is_empty)


def grid(span: Span, boundaries: Mapping[int, int]) -> list[int]:
    """Where each point's stretch begins: as asked, and in a longer step where nothing finer is kept.

    A stretch is a whole number of kept steps, so none of those is ever split.
    """
    asked, until = int(span.step.total_seconds()), int(span.until.timestamp())
    starts, at = [], int(span.since.timestamp())
    at -= at % _step_at(at, asked or MINUTE, boundaries)
    if not asked:
        return [at] if at < until else []
    while at < until:
        starts.append(at)
        step = _step_at(at, asked, boundaries)
        at += step - at % step
    return starts


def filled(
    starts: Sequence[int], rows: Iterable[tuple[int, int, Figures]], looks: Iterable[tuple[int, int]]
) -> list[Stretch]:
    """A stretch for each start, with everything that begins in it. Rows come oldest first."""
    stretches = [Stretch(start) for start in starts]
    filled_last = -1
    for _, start, figures in rows:
        place = bisect_right(starts, start) - 1
        if place == filled_last:
            stretches[place].figures.add(figures)
        else:
            stretches[place].figures = figures
        filled_last = place
    for start, count in looks:
        stretches[bisect_right(starts, start) - 1].looks += count
    return stretches


def series_of(metric: str, stretches: Sequence[Stretch], level: int | None = None) -> Series:
    """One metric over these stretches; `level` is what a level was before the first. Raises KeyError for none of ours."""
    unit = UNITS[metric]
    if metric in LEVELS:
        return Series(metric, unit, list(_levels(LEVELS[metric], stretches, level)))
    say = SAYINGS[metric]
    return Series(
        metric,
        unit,
        [(_moment(one), say(one) if one.was_measured else None) for one in stretches],
    )


def _levels(name: str, stretches: Iterable[Stretch], level: int | None) -> Iterable[Point]:
    """A level holds until it is noted again."""
    for one in stretches:
        noted = getattr(one.figures, name)
        level = level if noted is None else noted
        yield _moment(one), level if one.was_measured else None


def _step_at(at: int, asked: int, boundaries: Mapping[int, int]) -> int:
    kept = max([MINUTE, *(step for step, until in boundaries.items() if at < until)])
    return -(-asked // kept) * kept


def _moment(one: Stretch) -> datetime:
    return datetime.fromtimestamp(one.start, UTC)


def _share(share: float) -> Callable[[Stretch], float | None]:
    return lambda one: quantile(one.figures.latency, share)


def _hit_ratio(one: Stretch) -> float | None:
    asked = one.figures.cache_asked
    return one.figures.cache_hits / asked if asked else None


def _lag(one: Stretch) -> float | None:
    lag = one.figures.cron_lag_ms
    return None if lag is None else lag / 1000


LEVELS: Mapping[str, Literal["disk", "redis"]] = {"disk_bytes": "disk", "redis_bytes": "redis"}
QUANTILES = {"latency_p50": 0.5, "latency_p95": 0.95, "latency_p99": 0.99}
SAYINGS: Mapping[str, Callable[[Stretch], float | None]] = {
    "requests": lambda one: one.figures.requests,
    "errors": lambda one: one.figures.errors,
    **{name: _share(share) for name, share in QUANTILES.items()},
    "cache_hit_ratio": _hit_ratio,
    "bandwidth": lambda one: one.figures.bandwidth,
    "cpu_seconds": lambda one: one.figures.cpu_us / 1_000_000,
    "memory_bytes": lambda one: one.figures.memory / one.looks if one.looks else None,
    "instances": lambda one: one.figures.instances / one.looks if one.looks else None,
    "cold_starts": lambda one: one.figures.cold_starts,
    "db_time": lambda one: one.figures.db_us / 1000,
    "db_connections": lambda one: one.figures.db_connections,
    "slow_queries": lambda one: one.figures.slow_queries,
    "cron_lag": _lag,
}
