"""Where the evidence of one environment is looked for: only ever at what is its own."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.inspection import Inspection
from aipress.clouds.logs import MOST_LINES, Level, LogLine, LogQuery, Logs, Source, Tally
from aipress.clouds.metrics import Metrics
from aipress.telemetry.diagnosis.evidence import Rows, Window

T = TypeVar("T")


@dataclass(frozen=True)
class Looking:
    """The facets to ask, and about whom. `neighbours` are the other environments of the machine: only sums are made of them.

    What several parts want to know of the logs is asked once.
    """

    logs: Logs
    metrics: Metrics
    inspection: Inspection
    environment: EnvironmentSpec
    window: Window
    neighbours: Sequence[str] = ()
    _asked: dict[Hashable, "asyncio.Future[Any]"] = field(default_factory=dict)

    def query(self, *sources: Source, level: Level = "debug", text: str = "") -> LogQuery:
        """Lines of these sources, in the window."""
        return LogQuery(
            tenant=self.environment.tenant,
            since=self.window.since,
            until=self.window.until,
            environment=self.environment.id,
            sources=frozenset(sources),
            level=level,
            text=text,
            limit=MOST_LINES,
        )

    async def newest(self, query: LogQuery) -> list[LogLine]:
        """The newest lines of the query, oldest first."""
        return list(reversed(await self._once(query, lambda: self.logs.find(query))))

    async def tally(self, query: LogQuery, *by: str, value: str = "", most: int = 1000) -> list[Tally]:
        """Its lines, counted by these fields."""
        return await self._once((query, by), lambda: self.logs.tally(query, by, value, most))

    def stop(self) -> None:
        """Wait for no answer any more."""
        for asked in self._asked.values():
            asked.cancel()

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """A part that runs out of time does not take the answer from the others."""
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(ask())
        return cast(T, await asyncio.shield(self._asked[key]))


def rows_of(query: LogQuery, text: str = "", since: datetime | None = None) -> Rows:
    """How the route of logs is asked for the same lines; with `text`, for those of them that have it."""
    query = replace(query, text=text or query.text, since=since or query.since)
    asked = {
        "source": ",".join(sorted(query.sources)),
        "level": query.level,
        "q": query.text,
        "since": query.since.isoformat(),
        "until": query.until.isoformat(),
        "environment": query.environment,
    }
    return Rows("logs", {name: value for name, value in asked.items() if value and value != "debug"})


def in_all(lines: Sequence[LogLine], text: str) -> str:
    """The text, if every one of these lines can be found by it; otherwise nothing."""
    return text if all(text.casefold() in line.message.casefold() for line in lines) else ""


def told(line: LogLine, name: str) -> str:
    """A field as text; empty where it is not known."""
    value = line.fields.get(name)
    return "" if value is None else str(value)


def counted(line: LogLine, name: str) -> float:
    """A field as a number; 0 where it is not known or none."""
    value = line.fields.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def request_ids(lines: Sequence[LogLine]) -> frozenset[str]:
    return frozenset(line.request_id for line in lines if line.request_id)
