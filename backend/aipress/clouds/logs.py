"""Logs as every cloud has them: one shape of line, and one way to ask that can only ever reach one tenant's.

What a line's `fields` hold, by source (times in milliseconds, sizes in bytes; a field that is not known is absent):

access     method, host, path, status, bytes, duration_ms, upstream_ms, cache (HIT, MISS, BYPASS, EXPIRED, STALE, UPDATING),
           address (the visitor's), agent, referer
php        kind (fatal, parse, warning, notice, deprecated, other), file, line, component (`plugin:slug`, `theme:slug`, `core`)
wordpress  kind (login_failed, http_call, changed, debug), and what belongs to it: host, status, duration_ms, error; what, name
slow       statement (without its values), duration_ms, rows_examined, rows_sent, lock_ms
cron       hook, lag_ms, duration_ms, outcome (done, failed, late)
mail       recipient, subject, outcome (caught, sent, refused)
platform   action, operation, outcome
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Source = Literal["access", "php", "wordpress", "slow", "cron", "mail", "platform"]
Level = Literal["debug", "info", "warning", "error", "critical"]
LEVELS: tuple[Level, ...] = ("debug", "info", "warning", "error", "critical")
Value = str | int | float | bool | None
MOST_LINES = 1000


@dataclass(frozen=True)
class LogLine:
    """One thing that happened. `id` is unique in its tenant and sorts by time; the message is one line of at most 8 KiB."""

    id: str
    time: datetime
    tenant: str
    environment: str
    source: Source
    level: Level
    message: str
    request_id: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class LogQuery:
    """Which lines of one tenant are wanted. `text` is found as it stands, whatever its case; it is never a pattern.

    `sources` and `environment` empty: all; `level`: that one and worse. `before`: the id to go on from, into the past.
    """

    tenant: str
    since: datetime
    until: datetime
    environment: str = ""
    sources: frozenset[Source] = frozenset()
    level: Level = "debug"
    text: str = ""
    request_id: str = ""
    before: str = ""
    limit: int = 100


@dataclass(frozen=True)
class Tally:
    """Lines that agree in `keys`: how many, and of a number each of them has the sum, the highest and the 95th percentile."""

    keys: tuple[Value, ...]
    count: int
    total: float = 0.0
    highest: float = 0.0
    p95: float = 0.0


@dataclass(frozen=True)
class LogUsage:
    """What a tenant's logs take, what they may, and how many lines were refused because of it since the last time there was room."""

    stored_bytes: int
    quota_bytes: int
    refused_lines: int


class Logs(Protocol):
    async def find(self, query: LogQuery) -> list[LogLine]:
        """Newest first, at most `query.limit` (at most MOST_LINES)."""

    def follow(self, query: LogQuery, after: str = "") -> AsyncIterator[LogLine]:
        """What comes in, oldest first, as it comes, beginning after the line with that id; `until` and `limit` don't count."""

    async def tally(
        self, query: LogQuery, by: Sequence[str], value: str = "", most: int = 100
    ) -> list[Tally]:
        """Count by these fields (`time:60` is the minute, as seconds since 1970; `source`, `level` and `message` too), most first."""

    async def usage(self, tenant: str) -> LogUsage: ...

    async def remove(self, environment_id: str) -> None:
        """Forget every line of it."""

    async def existing(self) -> set[str]: ...
