"""What the site's own code did: errors of PHP, calls of other servers, scheduled events that came late."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from aipress.clouds.logs import MOST_LINES, LogLine
from aipress.telemetry.diagnosis.evidence import Fact, Kind, Value, shortened
from aipress.telemetry.diagnosis.looking import Looking, counted, in_all, request_ids, rows_of, told

K = TypeVar("K", bound=Hashable)
MEMORY = re.compile(r"allowed memory size of (\d+)|out of memory", re.IGNORECASE)
FULL = re.compile(
    r"no space left on device|out of free disk space|disk quota exceeded|errcode: ?28\b|disk full|table '.*' is full",
    re.IGNORECASE,
)
REFUSED = re.compile(
    r"too many connections|max_user_connections|active connections|\b(1040|1203|1226)\b", re.IGNORECASE
)
BREAKS = {"fatal", "parse"}
MOST_FACTS = 8  # of one kind
LATE_MS = 120_000


async def facts_of_errors(looking: Looking) -> list[Fact]:
    """Errors of PHP, each kind once, and what of them is no fault of the code: memory, disk, connections that ran out."""
    query = looking.query("php", "wordpress", "cron", "platform", level="warning")
    lines = await looking.newest(query)
    if len(lines) == MOST_LINES:  # warnings may have pushed errors out
        lines = [*lines, *await looking.newest(looking.query("php", level="error"))]
    seen = sorted({line.id: line for line in lines}.values(), key=lambda line: line.time)
    groups = grouped(seen, _error)
    facts = [_fact_of_error(looking, kind, group) for (kind, _, _), group in groups.items() if kind]
    return sorted(facts, key=lambda one: -one.number("count"))[: 2 * MOST_FACTS]


async def facts_of_calls(looking: Looking) -> list[Fact]:
    """Calls of other servers, by host."""
    query = looking.query("wordpress")
    lines = [line for line in await looking.newest(query) if line.fields.get("kind") == "http_call"]
    found = []
    for host, group in grouped(lines, lambda line: shortened(told(line, "host"))).items():
        took = [counted(line, "duration_ms") for line in group]
        values: dict[str, Value] = {
            "host": host,
            "calls": len(group),
            "failed": sum(1 for line in group if told(line, "error")),
            "total_ms": round(sum(took)),
            "longest_ms": round(max(took)),
            "mean_ms": round(sum(took) / len(took)),
        }
        rows = rows_of(query, in_all(group, host), group[0].time)
        found.append(Fact("http_call", group[0].time, group[-1].time, values, rows, request_ids(group)))
    return sorted(found, key=lambda one: -one.number("total_ms"))[:MOST_FACTS]


async def facts_of_cron(looking: Looking) -> list[Fact]:
    """Scheduled events that ran late: a line is one run of all that was due then."""
    query = looking.query("cron")
    lines = [line for line in await looking.newest(query) if _is_late(line)]
    if not lines:
        return []
    latest = max(lines, key=lambda line: counted(line, "lag_ms"))
    values: dict[str, Value] = {
        "late": len(lines),
        "longest_ms": round(max(counted(line, "duration_ms") for line in lines)),
        "hook": shortened(told(latest, "hook")),
        "longest_lag_s": round(counted(latest, "lag_ms") / 1000),
    }
    return [Fact("cron", lines[0].time, lines[-1].time, values, rows_of(query, since=lines[0].time))]


def grouped(lines: Iterable[LogLine], by: Callable[[LogLine], K]) -> dict[K, list[LogLine]]:
    """The lines that agree, together, in their order."""
    groups: dict[K, list[LogLine]] = {}
    for line in lines:
        groups.setdefault(by(line), []).append(line)
    return groups


def _error(line: LogLine) -> tuple[Kind | None, str, str]:
    """What kind of error a line tells of, and what makes it the same as another."""
    component = told(line, "component")
    if FULL.search(line.message):
        return "disk_error", "", ""
    if REFUSED.search(line.message):
        return "connection_error", "", ""
    if MEMORY.search(line.message):
        return "memory", component, ""
    if line.source == "php" and line.fields.get("kind") in BREAKS:
        return "fatal", component, f"{told(line, 'file')}:{told(line, 'line')}"
    return None, "", ""


def _fact_of_error(looking: Looking, kind: Kind, lines: Sequence[LogLine]) -> Fact:
    last = lines[-1]
    limit = MEMORY.search(last.message)
    values: dict[str, Value] = {
        "count": len(lines),
        "message": shortened(last.message),
        "component": shortened(told(last, "component")),
        "file": shortened(told(last, "file")),
        "line": shortened(told(last, "line")),
    }
    if kind == "memory" and limit and limit[1]:
        values["limit_mb"] = int(limit[1]) // 2**20
    sources = sorted({line.source for line in lines})
    rows = rows_of(looking.query(*sources, level="warning"), since=lines[0].time)
    return Fact(kind, lines[0].time, last.time, values, rows, request_ids(lines))


def _is_late(line: LogLine) -> bool:
    return counted(line, "lag_ms") >= LATE_MS
