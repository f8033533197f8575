"""Logs in a list. What is asked is answered by plain Python; `put` is what a cloud's own shipping does."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aipress.clouds.logs import LEVELS, MOST_LINES, LogLine, LogQuery, LogUsage, Tally, Value
from aipress.kit import clock

WHENEVER = datetime(9999, 1, 1, tzinfo=UTC)
NUMBERS = count(1)
COLUMNS = ("environment", "source", "level", "message", "request_id")


def line(tenant: str, message: str, time: datetime | None = None, **fields: Any) -> LogLine:
    """A line that was written now, an error of PHP's, unless told otherwise."""
    time = time or clock.now()
    known = {"environment": "env", "source": "php", "level": "error", **fields}
    made = f"{int(time.timestamp() * 1_000_000):014x}{next(NUMBERS):016x}"
    return LogLine(made, time, tenant, message=message, **known)


class FakeLogs:
    def __init__(self) -> None:
        self.lines: list[LogLine] = []
        self.quota_bytes = 1_000_000
        self.refused: defaultdict[str, int] = defaultdict(int)
        self._news = asyncio.Event()

    def put(self, *lines: LogLine) -> None:
        """They came in just now, in this order."""
        self.lines += lines
        self._news.set()
        self._news = asyncio.Event()

    async def find(self, query: LogQuery) -> list[LogLine]:
        return self._wanted(query)[::-1][: max(0, min(query.limit, MOST_LINES))]

    async def follow(self, query: LogQuery, after: str = "") -> AsyncIterator[LogLine]:
        query = replace(query, until=WHENEVER, before="")
        told = len(self.lines)
        for line in self._wanted(query):
            if line.id > after:
                yield line
        while True:
            news = self._news
            fresh, told = self.lines[told:], len(self.lines)
            for line in fresh:
                if _matches(line, query):
                    yield line
            if told == len(self.lines):
                await news.wait()

    async def tally(
        self, query: LogQuery, by: Sequence[str], value: str = "", most: int = 100
    ) -> list[Tally]:
        groups: defaultdict[tuple[Value, ...], list[LogLine]] = defaultdict(list)
        for line in self._wanted(query):
            groups[tuple(_key(line, name) for name in by)].append(line)
        found = [_tally(keys, lines, value) for keys, lines in groups.items()]
        return sorted(found, key=lambda one: (-one.count, str(one.keys)))[:most]

    async def usage(self, tenant: str) -> LogUsage:
        stored = sum(len(line.message) + 100 for line in self.lines if line.tenant == tenant)
        return LogUsage(stored, self.quota_bytes, self.refused[tenant])

    async def remove(self, environment_id: str) -> None:
        self.lines = [line for line in self.lines if line.environment != environment_id]

    async def existing(self) -> set[str]:
        return {line.environment for line in self.lines}

    def _wanted(self, query: LogQuery) -> list[LogLine]:
        """Oldest first."""
        return sorted((line for line in self.lines if _matches(line, query)), key=lambda line: line.id)


def _matches(line: LogLine, query: LogQuery) -> bool:
    return (
        line.tenant == query.tenant
        and query.since <= line.time < query.until
        and LEVELS.index(line.level) >= LEVELS.index(query.level)
        and (not query.sources or line.source in query.sources)
        and query.environment in ("", line.environment)
        and query.request_id in ("", line.request_id)
        and query.text.lower() in line.message.lower()
        and (not query.before or line.id < query.before)
    )


def _key(line: LogLine, name: str) -> Value:
    kind, _, seconds = name.partition(":")
    if kind == "time":
        step = int(seconds or 60)
        return int(line.time.timestamp()) // step * step
    return getattr(line, name) if name in COLUMNS else line.fields.get(name)  # type: ignore[no-any-return]


def _tally(keys: tuple[Value, ...], lines: list[LogLine], value: str) -> Tally:
    numbers = sorted(float(n) for line in lines if (n := line.fields.get(value)) not in (None, ""))
    if not numbers:
        return Tally(keys, len(lines))
    return Tally(keys, len(lines), sum(numbers), numbers[-1], numbers[-(-len(numbers) * 95 // 100) - 1])
