"""What visitors asked and got: how many requests, failed ones, slow ones, and who asked for most of them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles

from aipress.clouds.logs import LogLine, LogQuery, Tally
from aipress.telemetry.diagnosis.evidence import Fact, Kind, Value, percent, shortened
from aipress.telemetry.diagnosis.looking import Looking, counted, request_ids, rows_of, told

SLOW_MS = 1000  # what people notice as waiting
ASLEEP_AFTER = timedelta(seconds=30)  # without a request: the next one may have had to wait for PHP to start
KEPT = frozenset({"HIT", "STALE", "UPDATING"})
FEW = 5  # of those who asked most
PROGRAM = re.compile(
    r"bot|crawl|spider|scrap|python|curl|wget|http-?client|okhttp|java/|headless|^$", re.IGNORECASE
)


async def facts_of_traffic(looking: Looking) -> list[Fact]:
    """All requests, and those that failed or were slow."""
    query = looking.query("access")
    tallied = await looking.tally(query, "status")
    lines = await looking.newest(query)
    total = sum(one.count for one in tallied)
    failed = sum(one.count for one in tallied if is_failure(one.keys[0]))
    if not total:
        return []
    values = {"requests": total, "failed": failed, "failed_percent": percent(failed, total)}
    facts = [Fact("traffic", looking.window.since, looking.window.until, values, rows_of(query))]
    if failed:
        facts.append(await _failures(looking, failed, total))
    return [*facts, *_slow(query, lines)]


async def facts_of_visitors(looking: Looking) -> list[Fact]:
    """Who asked most for what costs something: single addresses, and programs that came from many."""
    query = looking.query("access")
    everybody = Counter[int]()
    for one in _costly(await looking.tally(query, "cache", "time:60")):
        everybody[int(one.keys[1] or 0)] += one.count
    addresses = _costly(await looking.tally(query, "cache", "time:60", "address"))
    programs = _costly(await looking.tally(query, "cache", "time:60", "agent"))
    agents = [one for one in programs if _is_program(one)]
    pairs = await looking.tally(query, "agent", "address") if agents else []
    come_from = Counter(each.keys[0] for each in pairs)
    found = [
        _asker(looking, "visitor", {"address": shortened(address)}, minutes, everybody)
        for address, minutes in _busiest(addresses)
    ]
    return found + [
        _asker(
            looking, "agent", {"agent": shortened(agent), "addresses": come_from[agent]}, minutes, everybody
        )
        for agent, minutes in _busiest(agents)
    ]


def is_failure(status: object) -> bool:
    return isinstance(status, int) and status >= 500


async def _failures(looking: Looking, failed: int, total: int) -> Fact:
    query = looking.query("access", level="warning")
    lines = [line for line in await looking.newest(query) if is_failure(line.fields.get("status"))]
    path, _ = _commonest(lines, "path")
    status, _ = _commonest(lines, "status")
    first = lines[0].time if lines else looking.window.since
    last = lines[-1].time if lines else looking.window.until
    values: dict[str, Value] = {
        "failed": failed,
        "failed_percent": percent(failed, total),
        "path": path,
        "status": int(status or 500),
    }
    return Fact("failures", first, last, values, rows_of(query, since=first), request_ids(lines))


def _slow(query: LogQuery, lines: Sequence[LogLine]) -> list[Fact]:
    """Requests that PHP answered slowly, without those that waited for it to start."""
    answered = [line for line in warm(lines) if counted(line, "upstream_ms")]
    took = [counted(line, "duration_ms") for line in answered]
    slow = [line for line in answered if counted(line, "duration_ms") >= SLOW_MS]
    if not slow or len(took) < 2:
        return []
    path, _ = _commonest(slow, "path")
    values: dict[str, Value] = {
        "slow": len(slow),
        "looked_at": len(answered),
        "slow_percent": percent(len(slow), len(answered)),
        "limit_ms": SLOW_MS,
        "median_ms": round(median(took)),
        "p95_ms": round(quantiles(took, n=20, method="inclusive")[-1]),
        "total_ms": round(sum(counted(line, "duration_ms") for line in slow)),
        "path": path,
    }
    rows = rows_of(query, since=slow[0].time)
    return [Fact("slow_requests", slow[0].time, slow[-1].time, values, rows, request_ids(slow))]


def warm(lines: Sequence[LogLine]) -> list[LogLine]:
    """Without requests that came after a pause, and those that came while the first of them waited: PHP had to start for them."""
    found: list[LogLine] = []
    awake_from = last = datetime.min.replace(tzinfo=UTC)
    for line in sorted(lines, key=_begun):
        if _begun(line) - last > ASLEEP_AFTER:
            awake_from = line.time
        elif _begun(line) > awake_from:
            found.append(line)
        last = max(last, line.time)
    return found


def _begun(line: LogLine) -> datetime:
    return line.time - timedelta(milliseconds=counted(line, "duration_ms"))


def _busiest(tallied: Sequence[Tally]) -> list[tuple[str, Counter[int]]]:
    """The few who asked most often in one minute, and how often they did in each."""
    minutes: dict[str, Counter[int]] = {}
    for one in tallied:
        minutes.setdefault(str(one.keys[2] or ""), Counter())[int(one.keys[1] or 0)] += one.count
    return sorted(minutes.items(), key=lambda one: (-max(one[1].values()), one[0]))[:FEW]


def _asker(
    looking: Looking,
    kind: Kind,
    who: Mapping[str, Value],
    minutes: Mapping[int, int],
    everybody: Mapping[int, int],
) -> Fact:
    """What one of them asked in their busy minutes: those with at least a quarter of what they asked in the busiest."""
    peak = max(minutes.values())
    busy = [minute for minute, count in minutes.items() if 4 * count >= peak]
    asked = sum(minutes[minute] for minute in busy)
    first, last = datetime.fromtimestamp(min(busy), UTC), datetime.fromtimestamp(max(busy) + 60, UTC)
    at, until = max(first, looking.window.since), min(last, looking.window.until)
    values: dict[str, Value] = {
        **who,
        "requests": asked,
        "percent": percent(asked, sum(everybody.get(minute, minutes[minute]) for minute in busy)),
        "peak_per_minute": peak,
    }
    return Fact(kind, at, until, values, rows_of(looking.query("access"), since=at))


def _is_program(one: Tally) -> bool:
    return PROGRAM.search(str(one.keys[2] or "")) is not None


def _costly(tallied: Sequence[Tally]) -> list[Tally]:
    """Without files and pages that were kept, which cost next to nothing; all, where nothing is known of a cache."""
    known = any(one.keys[0] for one in tallied)
    return [one for one in tallied if (one.keys[0] not in KEPT if one.keys[0] else not known)]


def _commonest(lines: Sequence[LogLine], field: str) -> tuple[str, int]:
    found = Counter(shortened(told(line, field)) for line in lines)
    return min(found.items(), key=lambda one: (-one[1], one[0]), default=("", 0))
