"""The most a site needed at any time of a week, from its metrics: what a smaller size has to hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from aipress.clouds.metrics import Metrics, Series, Span

WEEK = timedelta(days=7)
NAMES = ("requests", "latency_p99", "memory_bytes")
FALLS_ASLEEP = 10  # minutes without a request, after which a site that may sleeps


@dataclass(frozen=True)
class Peaks:
    """Of a week, by its minutes, or by tens of them where minutes are not kept any more.

    `at_once` is how many requests were under way, estimated by Little's law from above: the busiest rate times what the slowest
    hundredth of it took. `wakes` are the times somebody came after ten minutes of quiet.
    """

    since: datetime
    until: datetime
    requests: int
    memory_bytes: int
    at_once: Fraction
    wakes: int


async def peaks_of(metrics: Metrics, environment_id: str, now: datetime) -> Peaks | None:
    """None unless something was measured on each of the last seven days."""
    span = Span(now - WEEK, now)
    found = {one.metric: one for one in await metrics.series(environment_id, NAMES, span)}
    return peaks(found, span) if _is_whole(found["requests"], span) else None


def peaks(found: Mapping[str, Series], span: Span) -> Peaks:
    requests = _known(found["requests"])
    slowest = _known(found["latency_p99"])
    lasting = _seconds(found["requests"], span)
    at_once = [
        Fraction(count) / lasting[at] * Fraction(slowest.get(at, 0)) / 1000
        for at, count in requests.items()
        if count
    ]
    memory = _known(found["memory_bytes"]).values()
    return Peaks(
        span.since,
        span.until,
        int(sum(requests.values())),
        int(max(memory, default=0)),
        max(at_once, default=Fraction(0)),
        _wakes([at for at, count in sorted(requests.items()) if count]),
    )


def _seconds(series: Series, span: Span) -> dict[datetime, int]:
    """How long each point's step is: until the next one."""
    starts = [at for at, _ in series.points]
    steps = pairwise([*starts, max(span.until, starts[-1] + span.step)])
    return {at: (later - at) // timedelta(seconds=1) for at, later in steps}


def _wakes(visited: Sequence[datetime]) -> int:
    quiet = timedelta(minutes=FALLS_ASLEEP)
    gaps = sum(later - earlier > quiet for earlier, later in pairwise(visited))
    return gaps + bool(visited)


def _is_whole(requests: Series, span: Span) -> bool:
    measured = {(at - span.since) // timedelta(days=1) for at, value in requests.points if value is not None}
    return measured >= set(range(WEEK // timedelta(days=1)))


def _known(series: Series) -> dict[datetime, float]:
    return {at: value for at, value in series.points if value is not None}
