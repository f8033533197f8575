"""Who used how much of what all sites share: of a Cloud SQL instance by how long its statements took, of a Valkey by being there.

Each environment counts a second a day for being there, so that a day on which nobody came is shared too.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from aipress.clouds.gcp import custom
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.audit import SHARED
from aipress.clouds.gcp.custom import CUSTOM, PRESENT
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.metrics import newest_by
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.resources import at
from aipress.clouds.metrics import WHOLE, Span

BEING_THERE = 1000  # milliseconds
TENANT = f"metric.labels.{custom.TENANT}"
Parts = Counter[str]  # tenant → milliseconds


class SharedUse:
    """What is shared is known by the label that its cost has on the bill; a thing without one has nobody's cost."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where

    async def of(self, day: date) -> Mapping[str, Mapping[str, int]]:
        """By that label's value, each tenant's part of a day (UTC)."""
        start = datetime.combine(day, time(), UTC)
        span = Span(start, start + timedelta(days=1), WHOLE)
        found: defaultdict[str, Parts] = defaultdict(Counter)
        for shard in self.where.platform.shards:
            everybody: Parts = Counter()
            for one in shard.instances:
                there, busy = await self._parts(one.name, shard, span)
                everybody += there
                found[await self._pool_of_instance(one.name, shard)] += there + busy
            found[await self._pool_of_cache(shard)] += everybody
        return {pool: dict(parts) for pool, parts in found.items() if pool and parts}

    async def _parts(self, instance: str, shard: Standing, span: Span) -> tuple[Parts, Parts]:
        """For being there, and for what was said."""
        there, busy = [
            newest_by(await self.google.ask(custom.by_tenant(figure, instance, span, shard.project)), TENANT)
            for figure in (PRESENT, CUSTOM["db_time"])
        ]
        return (
            Counter({tenant: int(days) * BEING_THERE for tenant, days in there.items()}),
            Counter({tenant: int(took) for tenant, took in busy.items()}),
        )

    async def _pool_of_instance(self, name: str, shard: Standing) -> str:
        path = f"/v1/projects/{shard.project}/instances/{name}"
        return await self._label("sqladmin", path, f"settings.userLabels.{SHARED}")

    async def _pool_of_cache(self, shard: Standing) -> str:
        path = f"/v1/projects/{shard.project}/locations/{shard.region}/instances/{shard.cache.name}"
        return await self._label("memorystore", path, f"labels.{SHARED}")

    async def _label(self, api: str, path: str, where: str) -> str:
        try:
            return str(at(await self.google.read(api, path), where) or "")
        except Gone:
            return ""
