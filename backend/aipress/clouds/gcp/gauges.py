"""What is looked at once a minute, because nobody else counts it: databases by instance, planned chores, and how much is kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pymysql.cursors import Cursor

from aipress.clouds.gcp.cron import CloudRunCron
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.instances import Server, SqlServers
from aipress.clouds.gcp.metrics import Figure, asked, newest_by
from aipress.clouds.gcp.together import together
from aipress.clouds.gcp.valkey import ValkeyCaches
from aipress.clouds.metrics import WHOLE, Span
from aipress.errors import CloudError
from aipress.kit import logs

log = logs.get()
CONNECTIONS = "SELECT user, COUNT(*) FROM information_schema.processlist WHERE user REGEXP '^w[0-9a-f]{12}$' GROUP BY user"
FRESH = "SET @fresh = 0 /*!80000 , SESSION information_schema_stats_expiry = 0 */"  # MySQL alone keeps sizes for a day
SIZES = (
    "SELECT table_schema, CAST(SUM(COALESCE(data_length, 0) + COALESCE(index_length, 0)) AS UNSIGNED)"
    " FROM information_schema.tables WHERE table_schema REGEXP '^w[0-9a-f]{12}$' GROUP BY table_schema"
)
TIMES = (
    "SELECT user, CAST(SUM(sum_timer_wait) DIV 1000000 AS UNSIGNED)"
    " FROM performance_schema.events_statements_summary_by_user_by_event_name"
    " WHERE user REGEXP '^w[0-9a-f]{12}$' AND @@performance_schema GROUP BY user"
)
SLOW = (
    "SELECT user, CAST(variable_value AS UNSIGNED) FROM performance_schema.status_by_user"
    " WHERE LOWER(variable_name) = 'slow_queries' AND user REGEXP '^w[0-9a-f]{12}$' AND @@performance_schema"
)
FILES = Figure("storage.googleapis.com/storage/total_bytes", "ALIGN_NEXT_OLDER", "REDUCE_SUM")
BUCKET, TOLD = "resource.labels.bucket_name", timedelta(days=3)
HOUR, DAY, SOON = timedelta(hours=1), timedelta(days=1), timedelta(minutes=5)
MILLISECOND = 1000  # of the microseconds an instance counts
By = Mapping[str, float]
Counter = tuple[str, str]  # whose, and of which figure


@dataclass
class Sight:
    """What one look saw, by environment; `at` names what it could look at. Counters have counted since their instance began."""

    at: set[str] = field(default_factory=set)
    connections: dict[str, float] = field(default_factory=dict)
    counters: dict[Counter, float] = field(default_factory=dict)
    disk: dict[str, float] = field(default_factory=dict)
    redis: By = field(default_factory=dict)
    lag: By = field(default_factory=dict)


class Gauges:
    """Remembers when sizes were last taken, and of whom: each hour, and soon when somebody is new."""

    def __init__(self, google: Google, servers: SqlServers, caches: ValkeyCaches, cron: CloudRunCron) -> None:
        self.google, self.servers, self.caches, self.cron = google, servers, caches, cron
        self._measured: datetime | None = None
        self._sized: set[str] = set()

    async def look(self, now: datetime, ids: AbstractSet[str], own: Sequence[Server] = ()) -> Sight:
        """Everything of these environments, some on instances of their own. What does not answer is not looked at, and keeps nothing else from being seen."""
        sight = Sight(lag=self.cron.lag())
        if sight.lag:
            sight.at.add("cron")
        for look in (self._look_at_databases(sight, now, ids, own), self._look_at_caches(sight)):
            try:
                await look
            except CloudError as error:
                log.warning("figures can't be had", why=str(error))
        return sight

    async def _look_at_databases(
        self, sight: Sight, now: datetime, ids: AbstractSet[str], own: Sequence[Server]
    ) -> None:
        since = now - self._measured if self._measured else HOUR
        is_hour = since >= (SOON if ids - self._sized else HOUR)
        seen = await together(
            self.servers.say(one, lambda sql: _seen(sql, is_hour)) for one in self.servers.all()
        )
        alone = await together(self._seen_alone(one, is_hour) for one in own)
        for one in [*seen, *alone]:
            sight.connections |= one.connections
            sight.counters |= one.counters
            sight.disk |= one.disk
        sight.at |= set.intersection(*(one.at for one in seen))
        if is_hour:
            await self._add_files(sight, now)
            self._measured, self._sized = now, set(ids)

    async def _seen_alone(self, server: Server, with_sizes: bool) -> Sight:
        """One site's own instance, which may not be there yet; nobody else is kept from being seen."""
        try:
            return await self.servers.say(server, lambda sql: _seen(sql, with_sizes))
        except CloudError as error:
            log.warning("a site's own instance can't be looked at", instance=server.name, why=str(error))
            return Sight()

    async def _look_at_caches(self, sight: Sight) -> None:
        sight.redis = {id: float(size) for id, size in (await self.caches.sizes()).items()}

    async def _add_files(self, sight: Sight, now: datetime) -> None:
        """To what a database takes, what Google says of the bucket; who has no such figure yet has none of ours."""
        span = Span(now - TOLD, now, WHOLE)
        projects = {one.project for one in self.servers.all()}
        answers = await together(
            self.google.ask(asked(FILES, ['resource.type="gcs_bucket"'], span, one, BUCKET))
            for one in projects
        )
        files = {name[-12:]: size for one in answers for name, size in newest_by(one, BUCKET).items()}
        sight.disk = {id: size + files[id] for id, size in sight.disk.items() if id in files}


def _seen(sql: Cursor, with_sizes: bool) -> Sight:
    """One instance."""
    sight = Sight(at={"databases"})
    sight.connections = _by_user(sql, CONNECTIONS)
    sql.execute("SELECT @@performance_schema")
    if (sql.fetchone() or (0,))[0]:
        sight.at.add("statements")
        for name, question, unit in (("db_time", TIMES, MILLISECOND), ("slow_queries", SLOW, 1)):
            sight.counters |= {(id, name): value / unit for id, value in _by_user(sql, question).items()}
    if with_sizes:
        sql.execute(FRESH)
        sight.disk = _by_user(sql, SIZES)
    return sight


def _by_user(sql: Cursor, question: str) -> dict[str, float]:
    sql.execute(question)
    return {str(name)[1:]: float(value) for name, value in sql.fetchall()}


def grown(before: Mapping[Counter, float], now: Mapping[Counter, float]) -> dict[str, dict[str, float]]:
    """By environment what its counters grew by. One seen for the first time counts nothing yet; one that is smaller began anew."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (id, figure), value in now.items():
        if (id, figure) in before:
            last = before[id, figure]
            found[id][figure] = value - last if value >= last else value
    return found


class Levels:
    """What was last noted of levels: one is noted again when it changed, at most once an hour, and once a day anyhow."""

    def __init__(self) -> None:
        self._noted: dict[Counter, tuple[float, datetime]] = {}

    def due(self, figure: str, sizes: By, now: datetime) -> dict[str, float]:
        """Those of these that are to be noted now."""
        due = {id: size for id, size in sizes.items() if self._is_due((id, figure), size, now)}
        self._noted |= {(id, figure): (size, now) for id, size in due.items()}
        return due

    def _is_due(self, key: Counter, size: float, now: datetime) -> bool:
        if key not in self._noted:
            return True
        last, since = self._noted[key][0], now - self._noted[key][1]
        return since >= DAY or (size != last and since >= HOUR)
