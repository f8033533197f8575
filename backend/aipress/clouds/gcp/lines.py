"""Logs on Google Cloud: lines are asked for of the services a tenant has now, and a service that is gone has no lines any more.

Google deletes no single line: what was removed is not asked for again, and is thrown away when its time is over (30 days, unless the
project's log bucket says otherwise).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aipress.clouds.gcp import tallies
from aipress.clouds.gcp.entries import Part, matches, part_of, time_of
from aipress.clouds.gcp.following import BEFORE, Seen
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.logs import Home, Page, entries, stamp
from aipress.clouds.gcp.metrics import BYTES_OF_LINES, of_service, points_of, series_of
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.resources import Json
from aipress.clouds.gcp.together import together
from aipress.clouds.logs import MOST_LINES, LogLine, LogQuery, LogUsage, Tally
from aipress.clouds.metrics import MINUTE, WHOLE, Span
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit import clock

MICROSECOND = timedelta(microseconds=1)
WHENEVER = datetime(9999, 1, 1, tzinfo=UTC)
LOOK_AGAIN, LONGEST_PAUSE = 2.0, 15.0  # seconds between two looks at whether there is more
KEPT = timedelta(days=30)
MOST_COUNTED = 20_000


class TooManyLines(CloudRefused):
    """Counting them all would take too long, and some of them would be a wrong number."""

    code, title = "too_many_lines", "Those are too many lines to count"


class LoggedLines:
    """`quota_bytes` is what one tenant's lines may take; Google refuses none beyond it, and has them paid for."""

    def __init__(self, google: Google, where: Where, quota_bytes: int) -> None:
        self.google, self.where, self.quota_bytes = google, where, quota_bytes
        self._removed: dict[str, str] = {}

    async def find(self, query: LogQuery) -> list[LogLine]:
        wanted = max(0, min(query.limit, MOST_LINES))
        found: dict[str, LogLine] = {}
        if not wanted:
            return []
        async for part in self._parts(_before(query), Page(size=wanted + 1)):
            found |= {line.id: line for line in part.lines if matches(line, query)}
            newest = sorted(found, reverse=True)[:wanted]
            if len(newest) == wanted and newest[-1][:14] > part.reached:
                break  # entries of one moment come in an order that is not told
        return [found[id] for id in sorted(found, reverse=True)[:wanted]]

    async def tally(
        self, query: LogQuery, by: Sequence[str], value: str = "", most: int = 100
    ) -> list[Tally]:
        """Counted from the lines themselves, at most 20,000 of them. Raises TooManyLines rather than count a part."""
        found: dict[str, LogLine] = {}
        async for part in self._parts(_before(query), Page()):
            found |= {line.id: line for line in part.lines if matches(line, query)}
            if len(found) > MOST_COUNTED:
                raise TooManyLines(
                    f"More than {MOST_COUNTED:,} lines fit; nothing was counted. Ask for a shorter time, one source, or a worse level."
                )
        return tallies.counted(found.values(), by, value, most)

    async def follow(self, query: LogQuery, after: str = "") -> AsyncIterator[LogLine]:
        """Asks again every two seconds for what Google received since, and a little before: an entry may be seen late."""
        query = replace(query, until=WHENEVER, before="")
        known = time_of(after)
        begin = replace(query, since=max(query.since, known - BEFORE) if known else query.since)
        seen, pause = Seen(begin.since), LOOK_AGAIN
        async for part in self._parts(begin, Page(newest_first=False)):
            for line in seen.fresh(part):
                if line.id > after and matches(line, query):
                    yield line
        while True:
            seen.end_look()
            await asyncio.sleep(pause)
            try:
                fresh, pause = await self._news(query if seen.since else begin, seen), LOOK_AGAIN
            except CloudBusy:  # of a project Google answers some sixty such questions a minute
                fresh, pause = [], min(pause * 2, LONGEST_PAUSE)
            for line in fresh:
                if matches(line, query):
                    yield line

    async def usage(self, tenant: str) -> LogUsage:
        """What Cloud Logging counted of the tenant's services in the days it keeps lines, to the minute."""
        homes = [
            one
            for one in await self.where.all()
            if one.placed.tenant == tenant != "" and one.placed.environment_id not in self._removed
        ]
        until = clock.now() + MINUTE
        span = Span(until - KEPT, until, WHOLE)
        asked = (of_service(BYTES_OF_LINES, one.service, span, one.place.project) for one in homes)
        told = await together(self.google.ask(one) for one in asked)
        return LogUsage(int(sum(map(_total, told))), self.quota_bytes, 0)

    async def remove(self, environment_id: str) -> None:
        """What was received until now is not found any more; nor is anything, once the environment is nowhere."""
        self._removed[environment_id] = stamp(clock.now())

    async def existing(self) -> set[str]:
        """Whoever is somewhere has lines, until they were removed."""
        placed = {found.placed.environment_id for found in await self.where.all()}
        self._removed = {id: time for id, time in self._removed.items() if id in placed}
        return placed - self._removed.keys()

    async def _news(self, query: LogQuery, seen: Seen) -> list[LogLine]:
        """What came since the last look, oldest first. A look that fails half way is as if it had not been."""
        looked = [part async for part in self._parts(query, Page(newest_first=False), seen.since)]
        return sorted((line for part in looked for line in seen.fresh(part)), key=lambda one: one.id)

    async def _parts(self, query: LogQuery, page: Page, received: str = "") -> AsyncIterator[Part]:
        """Page by page, what fits and is one of the tenant's environments'."""
        homes = [one for one in await self.where.all() if _is_asked_for(one, query)]
        if not homes or query.since >= query.until:
            return
        services = {one.placed.environment_id: one.service for one in homes}
        asked = [self._home(one, received) for one in homes]
        projects = sorted({one.place.project for one in homes})
        while True:
            answer = await self.google.ask(entries(query, asked, projects, page))
            yield part_of(answer, services)
            token = answer.get("nextPageToken")
            if not token:
                return
            page = replace(page, token=str(token))

    def _home(self, found: Found, received: str) -> Home:
        id = found.placed.environment_id
        return Home(id, found.service, max(self._removed.get(id, ""), received))


def _total(answer: Json) -> float:
    return sum(number for one in series_of(answer) for _, number in points_of(one))


def _is_asked_for(found: Found, query: LogQuery) -> bool:
    placed = found.placed
    return placed.tenant == query.tenant != "" and query.environment in ("", placed.environment_id)


def _before(query: LogQuery) -> LogQuery:
    """The same question, not reaching beyond the moment of the line it goes on from."""
    reached = time_of(query.before)
    return replace(query, until=min(query.until, reached + MICROSECOND)) if reached else query
