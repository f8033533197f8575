"""What every environment used on one day, in whole numbers: bytes × milliseconds, microseconds of processor time.

Each look adds what was used since the last one. A day is one document, and holds all that the next look needs: whoever dies
between two looks loses and doubles nothing. Times without a look, because the platform was down, are not counted as use.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from aipress.clouds.base import EnvironmentSpec

LONGEST = timedelta(minutes=30)  # between two looks, that still counts as use


@dataclass(frozen=True)
class Reading:
    """What one environment uses at a moment; `cpu_us` counts up, until whoever counts begins anew."""

    disk: int
    database: int
    memory: int
    cpu_us: int


@dataclass(frozen=True)
class Used:
    """What an environment used as this tenant's, on this tier: milliseconds it was there, byte·ms, and µs of processor."""

    environment: str
    tenant: str
    tier: str
    live: int = 0
    disk: int = 0
    database: int = 0
    memory: int = 0
    cpu: int = 0

    def and_more(self, reading: Reading, elapsed: int, cpu_us: int) -> "Used":
        return replace(
            self,
            live=self.live + elapsed,
            disk=self.disk + reading.disk * elapsed,
            database=self.database + reading.database * elapsed,
            memory=self.memory + reading.memory * elapsed,
            cpu=self.cpu + cpu_us,
        )


@dataclass(frozen=True)
class DayOfUse:
    """One day (UTC), counted up to `until`; `counters` are each environment's processor time as last seen."""

    day: date
    until: datetime
    machine: int = 0
    counters: Mapping[str, int] = field(default_factory=dict)
    used: tuple[Used, ...] = ()

    def as_json(self) -> dict[str, Any]:
        used = [asdict(one) for one in self.used]
        return {**asdict(self), "day": f"{self.day}", "until": self.until.isoformat(), "used": used}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "DayOfUse":
        day, until = date.fromisoformat(told["day"]), datetime.fromisoformat(told["until"])
        used = tuple(Used(**one) for one in told["used"])
        return cls(day, until, told["machine"], told["counters"], used)


Readings = Mapping[EnvironmentSpec, Reading]


def begun(now: datetime) -> DayOfUse:
    """The first day of all: nothing was used before anybody looked."""
    return DayOfUse(now.date(), now)


def count(last: DayOfUse, readings: Readings, now: datetime) -> list[DayOfUse]:
    """The days that this look changes, oldest first. A look that is not later than the last changes nothing."""
    if now <= last.until:
        return []
    is_seen = now - last.until <= LONGEST
    if now.date() == last.day:
        return [_grown(last, readings, now, is_seen)]
    ended = _grown(last, readings, datetime.combine(last.day + timedelta(1), time(), UTC), is_seen)
    there = {one.environment for one in ended.used}
    counters = {id: cpu_us for id, cpu_us in ended.counters.items() if id in there}
    fresh = DayOfUse(now.date(), datetime.combine(now.date(), time(), UTC), counters=counters)
    return [ended, _grown(fresh, readings, now, is_seen)]


def _grown(day: DayOfUse, readings: Readings, until: datetime, is_seen: bool) -> DayOfUse:
    """The day with what was used from its last look until then; only what counters say where nobody looked for too long."""
    milliseconds = (until - day.until) // timedelta(milliseconds=1) if is_seen else 0
    used = {(one.environment, one.tenant, one.tier): one for one in day.used}
    for env, reading in readings.items():
        key = (env.id, env.tenant, env.tier)
        spent = _since(day.counters.get(env.id, 0), reading.cpu_us)
        used[key] = used.get(key, Used(*key)).and_more(reading, milliseconds, spent)
    counters = {**day.counters, **{env.id: reading.cpu_us for env, reading in readings.items()}}
    return replace(
        day, until=until, machine=day.machine + milliseconds, counters=counters, used=tuple(used.values())
    )


def _since(before: int, now: int) -> int:
    """What a counter grew by; one that is smaller than it was began anew."""
    return now - before if now >= before else now
