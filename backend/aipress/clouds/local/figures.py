"""What is known of one environment over a stretch of time, and how two stretches become one. Nothing is averaged that can be added.

Sums add up, peaks keep the higher, levels the later, and latencies are counted by bucket. So a day made of minutes is the same,
to the last digit, whether its minutes were first made into hours or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from aipress.clouds.local.histogram import bucket_of
from aipress.clouds.local.logs.writing import Entry
from aipress.clouds.logs import Value

ASKED_CACHE = frozenset({"HIT", "MISS", "EXPIRED", "STALE", "UPDATING", "REVALIDATED"})
SERVED_BY_CACHE = frozenset({"HIT", "STALE", "UPDATING", "REVALIDATED"})
MINUTE = 60


@dataclass(slots=True)
class Figures:
    """One environment over one stretch. `memory` and `instances` are summed over looks; the store knows how many there were."""

    requests: int = 0
    errors: int = 0
    bandwidth: int = 0
    cache_hits: int = 0
    cache_asked: int = 0
    slow_queries: int = 0
    cpu_us: int = 0
    cold_starts: int = 0
    db_us: int = 0
    memory: int = 0
    instances: int = 0
    db_connections: int = 0
    cron_lag_ms: int | None = None
    disk: int | None = None
    redis: int | None = None
    latency: dict[int, int] = field(default_factory=dict)

    def add(self, later: "Figures") -> None:
        """Take in what is known of a stretch that is not earlier, or more of the same. Said out, since a month has thousands of them."""
        self.requests += later.requests
        self.errors += later.errors
        self.bandwidth += later.bandwidth
        self.cache_hits += later.cache_hits
        self.cache_asked += later.cache_asked
        self.slow_queries += later.slow_queries
        self.cpu_us += later.cpu_us
        self.cold_starts += later.cold_starts
        self.db_us += later.db_us
        self.memory += later.memory
        self.instances += later.instances
        self.db_connections = max(self.db_connections, later.db_connections)
        if later.cron_lag_ms is not None:
            self.cron_lag_ms = max(later.cron_lag_ms, self.cron_lag_ms or 0)
        self.disk = self.disk if later.disk is None else later.disk
        self.redis = self.redis if later.redis is None else later.redis
        for bucket, count in later.latency.items():
            self.latency[bucket] = self.latency.get(bucket, 0) + count

    @property
    def is_empty(self) -> bool:
        return self == Figures()


SUMS = (
    "requests",
    "errors",
    "bandwidth",
    "cache_hits",
    "cache_asked",
    "slow_queries",
    "cpu_us",
    "cold_starts",
    "db_us",
    "memory",
    "instances",
)
COLUMNS = tuple(one.name for one in fields(Figures))
Fields = Mapping[str, Value]
Minutes = dict[tuple[str, int], Figures]


def rolled_up(lines: Iterable[Entry]) -> Minutes:
    """What log lines say of each environment and minute (Unix time), whatever order they come in."""
    found: Minutes = {}
    for line in lines:
        if note := NOTED.get(line.source):
            key = (line.environment, line.microseconds // 1_000_000 // MINUTE * MINUTE)
            figures = found.get(key)
            if figures is None:
                figures = found[key] = Figures()
            note(figures, line.fields)
    return found


def minute_of(moment: datetime) -> int:
    """The beginning of its minute, in Unix time."""
    return int(moment.timestamp()) // MINUTE * MINUTE


def _note_request(figures: Figures, told: Fields) -> None:
    figures.requests += 1
    figures.errors += _number(told.get("status")) >= 500
    figures.bandwidth += int(_number(told.get("bytes")))
    figures.cache_asked += told.get("cache") in ASKED_CACHE
    figures.cache_hits += told.get("cache") in SERVED_BY_CACHE
    if told.get("duration_ms") is not None:
        bucket = bucket_of(_number(told["duration_ms"]))
        figures.latency[bucket] = figures.latency.get(bucket, 0) + 1


def _note_slow_query(figures: Figures, _: Fields) -> None:
    figures.slow_queries += 1


def _note_cron(figures: Figures, told: Fields) -> None:
    if "lag_ms" in told:
        lag = max(0, int(_number(told["lag_ms"])))
        figures.cron_lag_ms = max(figures.cron_lag_ms or 0, lag)


def _number(value: object) -> float:
    """A number that a line said; anything else is none. NaN and infinity are no numbers of ours either."""
    if isinstance(value, int | float) and abs(value) < 2**53:
        return value
    return 0


NOTED = {"access": _note_request, "slow": _note_slow_query, "cron": _note_cron}
