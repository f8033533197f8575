"""What every environment uses at this moment: one question to hostd, one to MariaDB, a piece of Redis. Nothing is started for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.local.figures import Figures
from aipress.hostd.reports import EnvironmentStatus

COUNTERS = ("cpu_us", "cold_starts", "db_us")
LEVELS = ("disk", "redis")
Counters = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class DatabaseUse:
    """One database user: microseconds MariaDB was busy for it since it began counting, and its connections now."""

    busy_us: int = 0
    connections: int = 0


@dataclass(frozen=True)
class Sight:
    """All that one look saw, by environment; disk and redis only where they were measured."""

    statuses: Mapping[str, EnvironmentStatus]
    databases: Mapping[str, DatabaseUse]
    disk: Mapping[str, int]
    redis: Mapping[str, int]


def compared(
    sight: Sight, environments: Iterable[EnvironmentSpec], before: Counters
) -> tuple[dict[str, Figures], dict[tuple[str, str], int]]:
    """What each used since the look that left `before`, and what to leave for the next. Who slept and used nothing has no figures.

    A counter seen for the first time counts nothing yet; one that is smaller than it was began anew.
    """
    found, counters = {}, {}
    for id in (environment.id for environment in environments):
        seen = _seen(sight, id)
        now = {(id, name): seen[name] for name in (*COUNTERS, *LEVELS) if name in seen}
        changed = {key: value for key, value in now.items() if before.get(key) != value}
        counters.update(changed)
        figures = _figures(sight, id)
        for (_, name), value in changed.items():
            setattr(figures, name, value if name in LEVELS else _since(before.get((id, name), value), value))
        if not figures.is_empty:
            found[id] = figures
    return found, counters


def _seen(sight: Sight, id: str) -> dict[str, int]:
    seen = {name: getattr(sight, name)[id] for name in LEVELS if id in getattr(sight, name)}
    if status := sight.statuses.get(id):
        seen |= {"cpu_us": status.cpu_us, "cold_starts": status.starts}
    if database := sight.databases.get(id):
        seen["db_us"] = database.busy_us
    return seen


def _figures(sight: Sight, id: str) -> Figures:
    """What is true at this moment, of what runs."""
    status, database = sight.statuses.get(id), sight.databases.get(id, DatabaseUse())
    if status is None or status.state == "asleep":
        return Figures(db_connections=database.connections)
    return Figures(memory=status.memory_bytes, instances=1, db_connections=database.connections)


def _since(before: int, now: int) -> int:
    """What a counter grew by."""
    return now - before if now >= before else now
