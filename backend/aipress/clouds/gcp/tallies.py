"""Lines counted by what they agree in. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from aipress.clouds.logs import LogLine, Tally, Value

COLUMNS = ("environment", "source", "level", "message", "request_id")
MOST_TALLIES = 10_000


def counted(lines: Iterable[LogLine], by: Sequence[str], value: str, most: int) -> list[Tally]:
    """A tally for each combination of what they have in these fields, most first."""
    groups: defaultdict[tuple[Value, ...], list[LogLine]] = defaultdict(list)
    for line in lines:
        groups[tuple(_key(line, name) for name in by)].append(line)
    found = [_tally(keys, told, value) for keys, told in groups.items()]
    return sorted(found, key=lambda one: (-one.count, str(one.keys)))[: max(1, min(most, MOST_TALLIES))]


def _key(line: LogLine, name: str) -> Value:
    kind, _, seconds = name.partition(":")
    if kind == "time":
        step = int(seconds or 60)
        return int(line.time.timestamp()) // step * step
    if name in COLUMNS:
        return str(getattr(line, name))
    return line.fields.get(name)


def _tally(keys: tuple[Value, ...], lines: Sequence[LogLine], value: str) -> Tally:
    told = (line.fields.get(value) for line in lines)
    numbers = sorted(float(one) for one in told if isinstance(one, int | float) and not isinstance(one, bool))
    if not numbers:
        return Tally(keys, len(lines))
    nearest = numbers[-(-len(numbers) * 95 // 100) - 1]
    return Tally(keys, len(lines), sum(numbers), numbers[-1], nearest)
