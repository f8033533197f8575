"""Metrics of this machine: what access lines say of every minute, and what a look at everything that runs found in it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import time

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.local.caches import RedisCaches
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.figures import MINUTE, minute_of
from aipress.clouds.local.gauges import Sight, compared
from aipress.clouds.local.metric_series import LEVELS, SAYINGS, Stretch, filled, grid, series_of
from aipress.clouds.local.metric_store import MetricStore
from aipress.clouds.metrics import Series, Span
from aipress.hostd.client import Hostd

THIN_SECONDS = 3600
Levels = Callable[[], Mapping[str, int]]


class LocalMetrics:
    """Metrics from the store. `disk` says how many bytes each environment has, as far as somebody measured that."""

    def __init__(
        self, store: MetricStore, hostd: Hostd, databases: MariaDatabases, caches: RedisCaches, disk: Levels
    ) -> None:
        self.store, self.hostd, self.databases, self.caches, self.disk = store, hostd, databases, caches, disk
        self._thinned_at = 0.0

    async def collect(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        sight = Sight(
            statuses=(await self.hostd.status()).environments,
            databases=await self.databases.use(),
            disk=self.disk(),
            redis=await self.caches.sizes(),
        )
        await asyncio.to_thread(self._note, sight, environments, now)

    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        return await asyncio.to_thread(series_in, self.store, environment_id, metrics, span)

    async def totals(self, metrics: Sequence[str], span: Span) -> Mapping[str, Mapping[str, float]]:
        since, until = int(span.since.timestamp()) // MINUTE * MINUTE, int(span.until.timestamp())
        found = await asyncio.to_thread(self.store.sums, since, until)
        return {
            id: {metric: SAYINGS[metric](Stretch(since, figures=figures)) or 0 for metric in metrics}
            for id, figures in found.items()
        }

    async def remove(self, environment_id: str) -> None:
        await asyncio.to_thread(self.store.remove, environment_id)

    async def existing(self) -> set[str]:
        return set(await asyncio.to_thread(self.store.known))

    def _note(self, sight: Sight, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        found, counters = compared(sight, environments, self.store.counters())
        self.store.note(minute_of(now), found, counters)
        if time() - self._thinned_at > THIN_SECONDS:
            self.store.thin(int(now.timestamp()))
            self._thinned_at = time()


def series_in(store: MetricStore, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
    """What the store knows of an environment over a span."""
    starts = grid(span, store.boundaries())
    if not starts:
        return [series_of(metric, []) for metric in metrics]
    since, until = starts[0], int(span.until.timestamp())
    stretches = filled(starts, store.figures(environment_id, since, until), store.looks(since, until))
    known_since = store.known().get(environment_id, until)
    for stretch, end in zip(stretches, [*starts[1:], until], strict=True):
        stretch.is_known = end > known_since
    levels = {
        metric: store.last_level(environment_id, LEVELS[metric], since)
        for metric in metrics
        if metric in LEVELS
    }
    return [series_of(metric, stretches, levels.get(metric)) for metric in metrics]
