"""What is around the site: the machine and who else works on it, the database's connections, certificates, name servers."""

from collections.abc import Sequence
from datetime import datetime

from aipress.clouds.inspection import NameState
from aipress.clouds.metrics import MINUTE, Series, Span
from aipress.telemetry.diagnosis.evidence import Fact, Rows, Value, clock_time, percent
from aipress.telemetry.diagnosis.looking import Looking

MB = 2**20
MOST_NEIGHBOURS = 200
BUSY = 0.7  # of all processors: who wants more has to wait


async def facts_of_machine(looking: Looking) -> list[Fact]:
    """The disk, and the memory limit."""
    state = await looking.inspection.machine(looking.environment)
    at = looking.window.until
    disk = {
        "free_mb": state.disk_free // MB,
        "size_mb": state.disk_size // MB,
        "free_percent": percent(state.disk_free, state.disk_size),
    }
    facts = [Fact("disk", at, at, disk, Rows("inspection", {"of": "machine"}))]
    if state.memory_kills:
        values = {"ended": state.memory_kills}
        facts.append(Fact("memory_limit", at, at, values, Rows("inspection", {"of": "machine"})))
    return facts


async def facts_of_connections(looking: Looking) -> list[Fact]:
    """How many connections to the database are open, of how many; at most, if that was measured."""
    state = await looking.inspection.connections(looking.environment)
    measured = await looking.metrics.series(looking.environment.id, ["db_connections"], _span_of(looking))
    highest = max((value or 0 for one in measured for _, value in one.points), default=0)
    at = looking.window.until
    values: dict[str, Value] = {
        "open": state.open,
        "most": state.most,
        "all_open": state.all_open,
        "all_most": state.all_most,
        "highest": max(round(highest), state.open),
    }
    return [Fact("connections", at, at, values, Rows("inspection", {"of": "connections"}))]


async def facts_of_names(looking: Looking) -> list[Fact]:
    """Every host name that does not lead here, and every certificate that has ended."""
    found = []
    for state in await looking.inspection.names(looking.environment):
        found += [*_moved(looking, state), *_ended(looking, state)]
    return found


async def facts_of_processors(looking: Looking) -> list[Fact]:
    """How busy the processors were with this site, and with all others together."""
    machine = await looking.inspection.machine(looking.environment)
    span = _span_of(looking)
    own = (await looking.metrics.series(looking.environment.id, ["cpu_seconds"], span))[0]
    others = [
        (await looking.metrics.series(id, ["cpu_seconds"], span))[0]
        for id in looking.neighbours[:MOST_NEIGHBOURS]
    ]
    at_most = machine.processors * span.step.total_seconds()
    busy = {at: taken for at, taken in _together(others).items() if taken / at_most >= BUSY}
    if not busy:
        return []
    mine = _together([own])
    own_then = sum(mine.get(at, 0.0) for at in busy)
    values: dict[str, Value] = {
        "percent": percent(sum(busy.values()), at_most * len(busy)),
        "own_percent": percent(own_then, at_most * len(busy)),
        "processors": machine.processors,
        "minutes": round(len(busy) * span.step / MINUTE),
    }
    rows = Rows("metrics", {"metric": "cpu_seconds", **_asked(span)})
    return [Fact("neighbours", min(busy), max(busy) + span.step, values, rows)]


def _moved(looking: Looking, state: NameState) -> list[Fact]:
    if not state.expected or state.found is None or set(state.found) & set(state.expected):
        return []
    values: dict[str, Value] = {
        "host": state.host,
        "expected": ", ".join(state.expected),
        "found": ", ".join(state.found) or "no address",
    }
    at = looking.window.until
    return [Fact("name", at, at, values, Rows("inspection", {"host": state.host}))]


def _ended(looking: Looking, state: NameState) -> list[Fact]:
    ends = state.certificate_ends
    if ends is None or ends > looking.window.until:
        return []
    values: dict[str, Value] = {"host": state.host, "ended": clock_time(ends)}
    return [Fact("certificate", ends, looking.window.until, values, Rows("inspection", {"host": state.host}))]


def _span_of(looking: Looking) -> Span:
    """The window in whole minutes, and not more than two hundred steps."""
    since = looking.window.since.replace(second=0, microsecond=0)
    step = MINUTE * (1 + looking.window.length // (200 * MINUTE))
    until = since + step * (1 + (looking.window.until - since) // step)
    return Span(since, until, step)


def _together(series: Sequence[Series]) -> dict[datetime, float]:
    sums: dict[datetime, float] = {}
    for one in series:
        for at, value in one.points:
            sums[at] = sums.get(at, 0.0) + (value or 0.0)
    return sums


def _asked(span: Span) -> dict[str, str]:
    return {"since": span.since.isoformat(), "until": span.until.isoformat()}
