"""Which environments' figures are kept: Monitoring forgets no single series, so it is told of each when it came, and when it was removed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aipress.clouds.gcp import custom
from aipress.clouds.gcp.custom import ENVIRONMENT, WATCHED
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.logs import quoted, stamp
from aipress.clouds.gcp.metrics import newest_by, points_of, series_of
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.metrics import MINUTE, WHOLE, Span

REMEMBERED = timedelta(days=40)  # an environment is written down every day, or is none
KEPT = timedelta(days=730)  # what Monitoring keeps of series of ours
MILLISECOND = timedelta(milliseconds=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Watched:
    """By environment its project and when that was last written; `gone` were removed. What was just written, Monitoring may tell late."""

    google: Google
    here: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    is_read: bool = False

    async def read(self, projects: list[str], now: datetime) -> None:
        """What Monitoring has of everybody."""
        span = Span(now - REMEMBERED, now + MINUTE, WHOLE)
        for project in projects:
            answer = await self.google.ask(custom.by_label(WATCHED, ENVIRONMENT, span, project))
            for id, value in newest_by(answer, f"metric.labels.{ENVIRONMENT}").items():
                if not value:
                    self.gone.add(id)
                elif id not in self.gone:
                    self.here.setdefault(id, (project, LONG_AGO))
        self.is_read = True

    def due(self, id: str, project: str, now: datetime) -> Iterator[Json]:
        """The point that says that it is there, once each day (UTC)."""
        if now.date() > self.here.get(id, (project, LONG_AGO))[1].date():
            self.here[id] = (project, now)
            yield custom.point(WATCHED, {ENVIRONMENT: id}, 1, now)

    def farewell(self, id: str, now: datetime) -> Iterator[Resource]:
        """The request that says that it is gone; none for who never was."""
        self.gone.add(id)
        if known := self.here.pop(id, None):
            project, last = known
            yield from custom.written(
                [custom.point(WATCHED, {ENVIRONMENT: id}, 0, max(now, last + MILLISECOND))], project
            )

    async def since(self, id: str, project: str, now: datetime) -> datetime | None:
        """When it was first written down; None where it never was, or is gone."""
        if id in self.gone:
            return None
        told = [
            f"metric.type={quoted(WATCHED.type)}",
            'resource.type="global"',
            f"metric.labels.{ENVIRONMENT}={quoted(id)}",
        ]
        query = {
            "filter": " AND ".join(told),
            "interval.startTime": stamp(now - KEPT),
            "interval.endTime": stamp(now + MINUTE),
        }
        answer = await self.google.read("monitoring", f"/v3/projects/{project}/timeSeries", query)
        points = sorted(point for one in series_of(answer) for point in points_of(one))
        return points[0][0] if points and points[-1][1] else None
