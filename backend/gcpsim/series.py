"""Series of Cloud Monitoring that Google itself writes: what happened in each minute, counted, measured or spread over buckets."""

import datetime
import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gcpsim.wire import Json

MINUTE = 60
KEPT_MINUTES = 42 * 24 * 60
GROWTH, BUCKETS = 1.4, 64
"""Of the exponential buckets of a distribution: the first ends at 1."""


@dataclass(frozen=True)
class Kind:
    """A metric: its type, and how its points are to be read."""

    type: str
    kind: str = "DELTA"
    value: str = "INT64"
    unit: str = "1"


@dataclass
class Spread:
    """A distribution: how many values, their sum and squares, and how many in each bucket."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0
    buckets: dict[int, int] = field(default_factory=dict)

    def add(self, value: float) -> None:
        """One value more."""
        self.count, self.total, self.squares = (
            self.count + 1,
            self.total + value,
            self.squares + value * value,
        )
        at = 0 if value < 1 else min(BUCKETS + 1, 1 + int(math.log(value, GROWTH)))
        self.buckets[at] = self.buckets.get(at, 0) + 1

    def shown(self) -> Json:
        """As Google writes it: buckets up to the last that has any, whole numbers as text."""
        mean = self.total / self.count if self.count else 0.0
        last = max(self.buckets, default=-1)
        return {
            "count": str(self.count),
            "mean": mean,
            "sumOfSquaredDeviation": max(0.0, self.squares - self.count * mean * mean),
            "bucketOptions": {
                "exponentialBuckets": {"numFiniteBuckets": BUCKETS, "growthFactor": GROWTH, "scale": 1.0}
            },
            "bucketCounts": [str(self.buckets.get(at, 0)) for at in range(last + 1)],
        }


@dataclass(frozen=True)
class Span:
    """What is asked for, and when, in seconds since 1970."""

    now: float
    since: float = -math.inf
    until: float = math.inf


@dataclass
class Line:
    """One series: its minutes, by number since 1970."""

    kind: Kind
    labels: Mapping[str, str]
    resource: Json
    minutes: dict[int, float | Spread] = field(default_factory=dict)

    def shown(self) -> Json:
        """All but its points."""
        return {
            "metric": {"type": self.kind.type, "labels": dict(self.labels)},
            "resource": self.resource,
            "metricKind": self.kind.kind,
            "valueType": self.kind.value,
            "unit": self.kind.unit,
        }

    def within(self, asked: Span) -> list[int]:
        """Its minutes that a span has something of."""
        return sorted(
            at for at in self.minutes if asked.since <= (at + 1) * MINUTE and at * MINUTE <= asked.until
        )


class Series:
    """All of them, by project. A file, where one is opened, gets each minute when it is over and what is open at the end."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._changed: set[tuple[str, int]] = set()
        self._file: Path | None = None

    def add(self, kind: Kind, labels: Mapping[str, str], resource: Json, value: float, now: float) -> None:
        """Something happened: so much more of a DELTA, what a GAUGE is now, one value more of a DISTRIBUTION."""
        key = json.dumps([kind.type, labels, resource], sort_keys=True)
        line = self._lines.setdefault(key, Line(kind, dict(labels), resource))
        minute = int(now // MINUTE)
        there = line.minutes.get(minute)
        if kind.value == "DISTRIBUTION":
            spread = there if isinstance(there, Spread) else Spread()
            spread.add(value)
            line.minutes[minute] = spread
        else:
            before = there if isinstance(there, int | float) else 0.0
            line.minutes[minute] = value if kind.kind == "GAUGE" else before + value
        self._changed.add((key, minute))
        while len(line.minutes) > KEPT_MINUTES:
            del line.minutes[min(line.minutes)]

    def of(
        self, project: str, asked: Span, fits: Callable[[Json], bool] = lambda one: True
    ) -> Iterator[Json]:
        """A project's series that fit, as Google shows them, oldest point first. The minute that goes on is over for whoever asks

        until some moment of it.
        """
        for line in self._lines.values():
            shown = line.shown()
            if line.resource["labels"].get("project_id") == project and fits(shown):
                yield shown | {
                    "points": [_point(line.kind, at, line.minutes[at], asked) for at in line.within(asked)]
                }

    def sums(self, types: Collection[str], start: float, end: float) -> Iterator[tuple[str, Json, float]]:
        """What was counted of some metrics in the minutes that begin between two moments: type, resource, sum of each series."""
        minutes = range(math.ceil(start / MINUTE), math.ceil(end / MINUTE))
        for line in self._lines.values():
            if line.kind.type in types:
                found = (line.minutes.get(minute, 0.0) for minute in minutes)
                yield (
                    line.kind.type,
                    line.resource,
                    sum(value for value in found if isinstance(value, int | float)),
                )

    def open(self, file: Path) -> None:
        """Go on with what a file has, which holds each minute once afterwards."""
        for told in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
            try:
                kind, labels, resource, minute, value = json.loads(told)
            except ValueError:
                continue  # not written to its end
            key = json.dumps([kind[0], labels, resource], sort_keys=True)
            line = self._lines.setdefault(key, Line(Kind(*kind), labels, resource))
            line.minutes[int(minute)] = _read(value)
        self._file = coming = file.with_suffix(".coming")
        coming.unlink(missing_ok=True)
        self._changed = {(key, minute) for key, line in self._lines.items() for minute in line.minutes}
        self.keep(math.inf)
        if coming.exists():
            coming.rename(file)
        self._file = file

    def keep(self, now: float) -> None:
        """Write what is over; at the end `now` is for ever."""
        over = [(key, minute) for key, minute in self._changed if (minute + 1) * MINUTE <= now]
        if not self._file or not over:
            return
        with self._file.open("a", encoding="utf-8") as file:
            self._file.chmod(0o600)
            for key, minute in over:
                line = self._lines[key]
                value = line.minutes.get(minute, 0.0)
                told = vars(value) if isinstance(value, Spread) else value
                kind = [line.kind.type, line.kind.kind, line.kind.value, line.kind.unit]
                file.write(json.dumps([kind, line.labels, line.resource, minute, told]) + "\n")
        self._changed -= set(over)


def stamp(seconds: float) -> str:
    """A moment as Google writes it."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read(value: Any) -> float | Spread:
    if not isinstance(value, dict):
        return float(value)
    return Spread(**{**value, "buckets": {int(at): number for at, number in value["buckets"].items()}})


def _point(kind: Kind, minute: int, value: float | Spread, asked: Span) -> Json:
    """A minute as a point; one that goes on is over now."""
    start, end = float(minute * MINUTE), float((minute + 1) * MINUTE)
    if end > asked.now:
        end = max(start + 0.001, min(asked.now, asked.until))
    interval = {"startTime": stamp(start if kind.kind == "DELTA" else end), "endTime": stamp(end)}
    if isinstance(value, Spread):
        return {"interval": interval, "value": {"distributionValue": value.shown()}}
    told = {"int64Value": str(int(value))} if kind.value == "INT64" else {"doubleValue": float(value)}
    return {"interval": interval, "value": told}
