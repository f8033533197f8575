"""Metrics on Google Cloud: what Cloud Run counts of each service, and beside it, in series of ours, what nobody else counts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import custom, steps
from aipress.clouds.gcp.custom import AT, CUSTOM, ENVIRONMENT, INSTANCE, LOOKS, PRESENT, TENANT
from aipress.clouds.gcp.gauges import Counter, Gauges, Levels, Sight, grown
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.instances import server_of
from aipress.clouds.gcp.metrics import FIGURES, asked, newest_by, of_service, points_of, series_of
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.resources import Json, Resource, at
from aipress.clouds.gcp.sizes import size_of
from aipress.clouds.gcp.steps import INSTANCES, LEVELS, By, Steps, Told
from aipress.clouds.gcp.together import together
from aipress.clouds.gcp.watched import Watched
from aipress.clouds.metrics import WHOLE, Series, Span
from aipress.errors import CloudRefused
from aipress.kit import clock, logs

log = logs.get()
BEFORE = timedelta(hours=26)  # a level is noted every day
SECOND = timedelta(seconds=1)
SERVICE, OURS = "resource.labels.service_name", f"metric.labels.{ENVIRONMENT}"


class MonitoredMetrics:
    """One process collects. `now` is whose time it is: Monitoring's own, but for a test's."""

    def __init__(
        self, google: Google, where: Where, gauges: Gauges, now: Callable[[], datetime] = clock.now
    ) -> None:
        self.google, self.where, self.gauges, self.now = google, where, gauges, now
        self.watched = Watched(google)
        self.levels = Levels()
        self._counters: Mapping[Counter, float] = {}
        self._looked: datetime | None = None

    async def collect(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        """Once a minute, however often it is asked for: a series has one point for each."""
        minute = now.replace(second=0, microsecond=0)
        if self._looked == minute:
            return
        if not self.watched.is_read:
            await self.watched.read(self.where.projects, self.now())
        wanted = {one.id for one in environments} - self.watched.gone
        homes = [one for one in await self.where.all() if one.placed.environment_id in wanted]
        own = [server_of(one.place) for one in homes if one.place.instance.is_own]
        seen = await self.gauges.look(now, {one.placed.environment_id for one in homes}, own)
        told = self._told(seen, homes, max(now, minute + SECOND))
        await together(self._write(one) for project in told for one in custom.written(told[project], project))
        self._looked = minute

    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        grid, found = steps.steps_of(span), await self.where.find(environment_id)
        since = await self._known_since(found) if found and grid.starts else None
        if found is None or since is None:
            return [steps.unknown(one, grid) for one in metrics]
        told = Told(
            figures=await self._figures(found, [*dict.fromkeys([*metrics, *INSTANCES])], grid),
            looks=await self._looks(found.place.project, grid),
            known_since=since.timestamp(),
            memory_limit=size_of(found.placed.tier).memory_mb * 2**20,
            levels=await self._levels(found, metrics, grid),
        )
        return [steps.series(one, grid, told) for one in metrics]

    async def totals(self, metrics: Sequence[str], span: Span) -> Mapping[str, Mapping[str, float]]:
        """Who had an instance did something, even if nobody came."""
        found: defaultdict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(metrics, 0.0))
        everybody = await self.where.all()
        for project in self.where.projects:
            here = [one for one in everybody if one.place.project == project]
            ids = {
                name: one.placed.environment_id
                for one in here
                for name in (one.service, one.placed.environment_id)
            }
            for metric in dict.fromkeys([*metrics, "instances"]):
                for name, value in (await self._of_all(metric, project, span)).items():
                    if (id := ids.get(name)) and id not in self.watched.gone:
                        found[id] |= {metric: value} if metric in metrics else {}
        return found

    async def remove(self, environment_id: str) -> None:
        if not self.watched.is_read:
            await self.watched.read(self.where.projects, self.now())
        await together(self._write(one) for one in self.watched.farewell(environment_id, self.now()))

    async def existing(self) -> set[str]:
        await self.watched.read(self.where.projects, self.now())
        return set(self.watched.here)

    def _told(self, sight: Sight, homes: Iterable[Found], now: datetime) -> dict[str, list[Json]]:
        """The series to write, by project: what is nothing is left out, since a look is told of instead."""
        by = {
            "db_connections": sight.connections,
            "cron_lag": sight.lag,
            "disk_bytes": self.levels.due("disk_bytes", sight.disk, now),
            "redis_bytes": self.levels.due("redis_bytes", sight.redis, now),
        }
        more = grown(self._counters, sight.counters)
        self._counters = sight.counters or self._counters
        told: defaultdict[str, list[Json]] = defaultdict(list)
        for one in homes:
            id, project = one.placed.environment_id, one.place.project
            values = {metric: known[id] for metric, known in by.items() if id in known} | more.get(id, {})
            labels = {ENVIRONMENT: id, TENANT: one.placed.tenant, INSTANCE: one.placed.placement.instance}
            for point in self.watched.due(id, project, now):
                told[project] += [point, custom.point(PRESENT, labels, 1, now)]
            told[project] += [
                custom.point(CUSTOM[metric], labels, value, now)
                for metric, value in values.items()
                if value or metric in LEVELS
            ]
        for series in told.values():
            series += [custom.point(LOOKS, {AT: what}, 1, now) for what in ("services", *sorted(sight.at))]
        return told

    async def _write(self, resource: Resource) -> None:
        """A point that Monitoring will not have, such as a second one of a moment, is a figure less, and nothing else."""
        try:
            await self.google.ask(resource)
        except CloudRefused as error:
            log.warning("figures were not kept", why=str(error))

    async def _known_since(self, found: Found) -> datetime | None:
        return await self.watched.since(found.placed.environment_id, found.place.project, self.now())

    async def _figures(self, found: Found, metrics: Sequence[str], grid: Steps) -> dict[str, By]:
        known = [one for one in metrics if one in FIGURES or one in CUSTOM]
        answers = await together(self.google.ask(_of_one(one, found, grid.span)) for one in known)
        return {name: _by_step(answer, grid) for name, answer in zip(known, answers, strict=True)}

    async def _looks(self, project: str, grid: Steps) -> dict[str, By]:
        answer = await self.google.ask(custom.by_label(LOOKS, AT, grid.span, project))
        return {
            str(at(one, f"metric.labels.{AT}")): _by_step({"timeSeries": [one]}, grid)
            for one in series_of(answer)
        }

    async def _levels(self, found: Found, metrics: Sequence[str], grid: Steps) -> dict[str, float]:
        """What each level was when the first step began, where it was noted within a day."""
        since = grid.span.since
        span, wanted = Span(since - BEFORE, since, WHOLE), [one for one in metrics if one in LEVELS]
        answers = await together(self.google.ask(_of_one(one, found, span)) for one in wanted)
        return {
            metric: value
            for metric, answer in zip(wanted, answers, strict=True)
            for one in series_of(answer)
            for _, value in points_of(one)
        }

    async def _of_all(self, metric: str, project: str, span: Span) -> dict[str, float]:
        """Everybody's figure over a whole span, by service or environment."""
        whole = Span(span.since, span.until, WHOLE)
        if metric in CUSTOM:
            return newest_by(
                await self.google.ask(custom.by_label(CUSTOM[metric], ENVIRONMENT, whole, project)), OURS
            )
        if metric not in FIGURES:
            return {}
        runs = ['resource.type="cloud_run_revision"']
        return newest_by(
            await self.google.ask(asked(FIGURES[metric], runs, whole, project, SERVICE)), SERVICE
        )


def _of_one(metric: str, found: Found, span: Span) -> Resource:
    project = found.place.project
    if metric in CUSTOM:
        return custom.of_environment(CUSTOM[metric], found.placed.environment_id, span, project)
    return of_service(FIGURES[metric], found.service, span, project)


def _by_step(answer: Json, grid: Steps) -> dict[int, float]:
    """Numbers by the beginning of their step; a point tells its end."""
    points = (point for one in series_of(answer) for point in points_of(one))
    return {round(end.timestamp()) - grid.length: value for end, value in points}
