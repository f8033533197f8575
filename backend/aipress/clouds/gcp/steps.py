"""From a span to its steps, and from figures told of some of them to points: what a step has nothing of was nothing, where somebody

looked, and is not known elsewhere. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aipress.clouds.metrics import UNITS, WHOLE, Series, Span

MINUTE = 60
By = Mapping[int, float]
NOTHING: By = {}
MINUTES = "instance_minutes"
INSTANCES = ("instances", MINUTES)
LEVELS = {"disk_bytes", "redis_bytes"}
LOOKED_AT = {
    **dict.fromkeys(
        ("requests", "errors", "bandwidth", "cpu_seconds", "cold_starts", "instances"), "services"
    ),
    "db_connections": "databases",
    "db_time": "statements",
    "slow_queries": "statements",
    "cron_lag": "cron",
}
"""What somebody looked at when it makes nothing of this figure a zero. Shares, times and levels are never zero for want of a number."""


@dataclass(frozen=True)
class Steps:
    """When each begins (seconds since 1970), and how long one is. All have one length."""

    starts: Sequence[int]
    length: int

    @property
    def span(self) -> Span:
        """From the first step's beginning to the last one's end, in these steps."""
        first, last = self.starts[0], self.starts[-1] + self.length
        return Span(_moment(first), _moment(last), timedelta(seconds=self.length))


@dataclass(frozen=True)
class Told:
    """What is known of one environment by step: figures as Monitoring has them, minutes somebody looked, since when it is known."""

    figures: Mapping[str, By]
    looks: Mapping[str, By]
    known_since: float
    memory_limit: int
    levels: Mapping[str, float]
    """What it kept before the first step."""


def steps_of(span: Span) -> Steps:
    """Steps begin where they do on every clock; a whole span at its first minute."""
    since, until = int(span.since.timestamp()), int(span.until.timestamp())
    length = int(span.step.total_seconds())
    if span.step == WHOLE:
        first = since - since % MINUTE
        return Steps([first] if first < until else [], until - first)
    first = since - since % length
    return Steps(range(first, until, length), length)


def series(metric: str, steps: Steps, told: Told) -> Series:
    """One metric's points. Raises KeyError for none of ours."""
    unit = UNITS[metric]
    if metric in LEVELS:
        return Series(metric, unit, _levels(metric, steps, told))
    return Series(metric, unit, [(_moment(at), _value(metric, at, steps, told)) for at in steps.starts])


def unknown(metric: str, steps: Steps) -> Series:
    """Of an environment nobody knows."""
    return Series(metric, UNITS[metric], [(_moment(at), None) for at in steps.starts])


def _value(metric: str, at: int, steps: Steps, told: Told) -> float | None:
    figures = told.figures.get(metric, NOTHING)
    if metric == "memory_bytes":
        part, instances = figures.get(at), _value("instances", at, steps, told)
        return None if part is None or not instances else part * told.memory_limit * instances
    known = at + steps.length > told.known_since
    looks = told.looks.get(LOOKED_AT.get(metric, ""), NOTHING).get(at, 0.0) if known else 0.0
    if at not in figures:
        return 0.0 if looks else None
    if metric == "instances":  # summed over minutes
        return figures[at] / max(looks, told.figures.get(MINUTES, NOTHING).get(at, 1.0))
    return figures[at]


def _levels(metric: str, steps: Steps, told: Told) -> list[tuple[datetime, float | None]]:
    """A level holds until it is noted again, and is told where somebody looked."""
    noted, looks = told.figures.get(metric, NOTHING), told.looks.get("services", NOTHING)
    level, points = told.levels.get(metric), []
    for at in steps.starts:
        level = noted.get(at, level)
        points.append((_moment(at), level if looks.get(at) or at in noted else None))
    return points


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
