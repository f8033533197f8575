"""Logs of this machine as the control plane has them: it asks and removes; the shipper writes."""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from aipress.clouds.local.logs.following import Follower, matches
from aipress.clouds.local.logs.place import ENVIRONMENT, Lines, Segment, microseconds, sayable
from aipress.clouds.logs import LEVELS, MOST_LINES, LogLine, LogQuery, LogUsage, Tally
from aipress.errors import CloudBusy

T = TypeVar("T")
AT_ONCE = 2  # questions: each may take some 200 MB
TRIES = 5
PAGE = MOST_LINES
MOST_TALLIES = 10_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHENEVER = datetime(9999, 1, 1, tzinfo=UTC)
LOOK_AGAIN = 0.4  # seconds between two looks at whether there is more


class TenantsLogs:
    """Lines below one folder. `quota_bytes` is what one tenant's may take."""

    def __init__(self, folder: Path, quota_bytes: int) -> None:
        self.lines, self.quota_bytes = Lines(folder), quota_bytes
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def find(self, query: LogQuery) -> list[LogLine]:
        limit = max(0, min(query.limit, MOST_LINES))
        return await self._ask(query, partial(self._rows, query, limit=limit))

    async def tally(
        self, query: LogQuery, by: Sequence[str], value: str = "", most: int = 100
    ) -> list[Tally]:
        def ask(segments: list[Segment]) -> list[Tally]:
            from aipress.clouds.local.logs import asking

            told = {**_told(query), "value": asking.pointer(sayable(value))}
            told["most"] = max(1, min(most, MOST_TALLIES))
            return asking.tallies(self._folder(query), segments, told, by)

        return await self._ask(query, ask)

    async def follow(self, query: LogQuery, after: str = "") -> AsyncIterator[LogLine]:
        query = replace(query, until=WHENEVER, before="")
        follower = await asyncio.to_thread(Follower, self.lines, query.tenant)
        try:
            async for line in self._so_far(query, after):
                follower.seen(line.id)
                yield line
            while True:
                for row in await asyncio.to_thread(follower.more):
                    if matches(row, query):
                        yield _line(query.tenant, row)
                await asyncio.sleep(LOOK_AGAIN)
        finally:
            follower.close()

    async def usage(self, tenant: str) -> LogUsage:
        size, refused = await asyncio.to_thread(
            lambda: (self.lines.size_of(tenant), self.lines.refused(tenant))
        )
        return LogUsage(size, self.quota_bytes, refused)

    async def remove(self, environment_id: str) -> None:
        if ENVIRONMENT.fullmatch(environment_id):
            await asyncio.to_thread(self._remove, environment_id)

    async def existing(self) -> set[str]:
        return await asyncio.to_thread(lambda: {room.name for room in self.lines.environments()})

    async def _ask(self, query: LogQuery, ask: Callable[[list[Segment]], list[T]]) -> list[T]:
        """Ask the segments there are. What was packed or cleared away since they were listed is looked for again."""
        async with self._turn:
            return await asyncio.to_thread(self._asked, query, ask)

    def _asked(self, query: LogQuery, ask: Callable[[list[Segment]], list[T]]) -> list[T]:
        since, until = microseconds(query.since), microseconds(query.until)
        for _ in range(TRIES):
            found = self.lines.segments(query.tenant, sayable(query.environment))
            segments = [one for one in found if one.first < until and one.last >= since]
            if not segments:
                return []
            try:
                return ask(segments)
            except OSError:
                if all(segment.path.exists() for segment in segments):
                    raise
        raise CloudBusy("The logs are being put in order. Try again in a moment.")

    def _rows(
        self, query: LogQuery, segments: list[Segment], limit: int, after: str | None = None
    ) -> list[LogLine]:
        from aipress.clouds.local.logs import asking

        told = {**_told(query), "limit": limit, "after": after or ""}
        found = asking.rows(self._folder(query), segments, told, newest_first=after is None)
        return [_line(query.tenant, row) for row in found]

    async def _so_far(self, query: LogQuery, after: str) -> AsyncIterator[LogLine]:
        """What is there already, oldest first, page by page."""
        while True:
            ask = partial(self._rows, query, limit=PAGE, after=after)
            page = await self._ask(query, ask)
            for line in page:
                yield line
            if len(page) < PAGE:
                return
            after = page[-1].id

    def _folder(self, query: LogQuery) -> Path:
        return self.lines.folder / query.tenant  # it has segments, so it is a name

    def _remove(self, environment_id: str) -> None:
        """At once for whoever asks, then for good."""
        for room in [one for one in self.lines.environments() if one.name == environment_id]:
            gone = room.with_name(f".gone-{room.name}-{secrets.token_hex(4)}")
            with self.lines.alone():
                os.rename(room, gone)
            shutil.rmtree(gone)


def _told(query: LogQuery) -> dict[str, Any]:
    """What is asked, as parameters."""
    return {
        "since": microseconds(query.since),
        "until": microseconds(query.until),
        "levels": list(LEVELS[LEVELS.index(query.level) :]),
        "sources": sorted(query.sources),
        "environment": query.environment,
        "request_id": query.request_id,
        "text": query.text,
        "before": query.before,
        "after": "",
    }


def _line(tenant: str, row: Mapping[str, Any]) -> LogLine:
    named = {name: row[name] for name in ("id", "environment", "source", "level", "message", "request_id")}
    time = EPOCH + timedelta(microseconds=row["time"])
    return LogLine(time=time, tenant=tenant, fields=row["fields"], **named)
