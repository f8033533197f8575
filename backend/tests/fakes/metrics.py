"""Metrics in a dict: what a test told of an environment's minutes, and one instance wherever somebody looked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.metrics import UNITS, WHOLE, Series, Span

MINUTE = 60


class FakeMetrics:
    """`told[environment, metric]` is a value for each minute (Unix time); a longer step has the sum of them, or the mean."""

    def __init__(self) -> None:
        self.told: defaultdict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        self.gone: set[str] = set()
        self.asked: list[tuple[str, tuple[str, ...], Span]] = []

    def tell(self, environment_id: str, metric: str, moment: datetime, value: float) -> None:
        self.told[environment_id, metric][int(moment.timestamp()) // MINUTE * MINUTE] = value

    async def collect(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        for id in {env.id for env in environments} - self.gone:
            for metric, value in (("instances", 1), ("memory_bytes", 2**20), ("requests", 0)):
                self.told[id, metric].setdefault(int(now.timestamp()) // MINUTE * MINUTE, value)

    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        self.asked.append((environment_id, tuple(metrics), span))
        return [Series(one, UNITS[one], self._points(environment_id, one, span)) for one in metrics]

    async def totals(self, metrics: Sequence[str], span: Span) -> Mapping[str, Mapping[str, float]]:
        since, until = int(span.since.timestamp()) // MINUTE * MINUTE, span.until.timestamp()
        return {
            id: {
                metric: sum(
                    value for at, value in self.told.get((id, metric), {}).items() if since <= at < until
                )
                for metric in metrics
            }
            for id in await self.existing()
        }

    async def remove(self, environment_id: str) -> None:
        self.gone.add(environment_id)
        for key in [key for key in self.told if key[0] == environment_id]:
            del self.told[key]

    async def existing(self) -> set[str]:
        return {id for id, _ in self.told}

    def _points(self, id: str, metric: str, span: Span) -> list[tuple[datetime, float | None]]:
        told = self.told.get((id, metric), {})
        since, until = (int(one.timestamp()) for one in (span.since, span.until))
        step = int(span.step.total_seconds())
        if not step:
            since = since // MINUTE * MINUTE
            step = until - since
        points: list[tuple[datetime, float | None]] = []
        for start in range(since if span.step == WHOLE else since // step * step, until, step):
            found = [value for minute, value in told.items() if start <= minute < min(start + step, until)]
            is_sum = UNITS[metric] in ("count", "bytes", "s") and metric not in ("instances", "memory_bytes")
            value = (sum(found) if is_sum else sum(found) / len(found)) if found else None
            points.append((datetime.fromtimestamp(start, UTC), value))
        return points
