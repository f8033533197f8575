"""Understands what was read: nginx's access log, the platform's JSON lines, and what PHP says, in JSON and in its own words."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from aipress.clouds.local.logs.writing import Entry
from aipress.clouds.local.shipper import shaping
from aipress.clouds.local.shipper.owners import Owners
from aipress.clouds.local.shipper.shaping import Said, Spot
from aipress.clouds.local.shipper.sources import MOST_OF_A_SITE, Reading
from aipress.clouds.log_fields import milliseconds
from aipress.clouds.logs import Source
from aipress.clouds.php_words import begins_anew, understood

# What each kind of file may say it is; anything else is the first of these.
MAY_SAY: dict[str, tuple[Source, ...]] = {
    "php": ("php", "wordpress", "cron", "mail"),
    "stated": ("platform", "cron", "mail"),
}
TAKEN = {"time", "tenant", "environment", "source", "level", "message", "request_id"}
ACCESS_TEXTS = ("method", "host", "path", "address", "agent", "referer", "cache")
LONGEST_ENTRY = 1 << 16  # bytes of one PHP error with its trace


@dataclass
class Read:
    """What came of a reading: lines with an owner, and how many bytes are done with."""

    entries: list[Entry] = field(default_factory=list)
    size: int = 0


def read(reading: Reading, owners: Owners) -> Read:
    """Everything in it that is somebody's. What may still get longer is left for the next time."""
    found, now = Read(size=len(reading.content)), shaping.now()
    if reading.stream.kind == "php":
        return _php(reading, owners, now)
    understand = _access if reading.stream.kind == "access" else _stated
    for offset, line in _lines(reading.content):
        row = _json(line)
        if row is not None:
            made = understand(Spot(reading.mark.serial, reading.begin + offset, now), row, owners)
            if made is not None:
                found.entries.append(made)
    return found


def _access(spot: Spot, row: dict[str, Any], owners: Owners) -> Entry | None:
    environment = owners.environment_of(str(row.get("host", "")))
    tenant = owners.tenant_of(environment) if environment else ""
    if not tenant:
        return None
    fields: dict[str, object] = {
        name: value for name in ACCESS_TEXTS if (value := row.get(name)) not in ("", "-", None)
    }
    fields |= {"status": _number(row.get("status")), "bytes": _number(row.get("bytes"))}
    fields["duration_ms"] = milliseconds(str(row.get("duration", "")))
    upstream = milliseconds(str(row.get("upstream_time", "")))
    if upstream is not None:
        fields["upstream_ms"] = upstream
    happened = shaping.moment(row.get("msec") or row.get("time"))
    message, request_id = str(row.get("message", "")), str(row.get("request_id", ""))
    said = Said("access", str(row.get("level", "")), message, request_id, happened)
    return shaping.entry(spot, (tenant, environment), said, fields)


def _stated(
    spot: Spot, row: dict[str, Any], owners: Owners, kind: str = "stated", own: str = ""
) -> Entry | None:
    """A line that was JSON already. `own`: the environment it was found in; without, the platform says which it is about."""
    environment = own or str(row.get("environment", ""))
    tenant = owners.tenant_of(environment)
    if not tenant:
        return None
    may, source = MAY_SAY[kind], row.get("source")
    said = Said(
        cast(Source, source) if source in may else may[0],
        str(row.get("level", "")),
        str(row.get("message", "")),
        str(row.get("request_id", "")),
        shaping.moment(row.get("time")),
        str(row.get("trace", "")),
    )
    rest = {name: value for name, value in row.items() if name not in TAKEN and name != "trace"}
    return shaping.entry(spot, (tenant, environment), said, rest)


def _php(reading: Reading, owners: Owners, now: int) -> Read:
    """An environment's own log: JSON a line, or PHP's words, of which one error may take many lines."""
    found, environment = Read(), reading.stream.environment
    for offset, text, is_last in _php_entries(reading.content):
        may_grow = is_last and not reading.is_whole and len(reading.content) < MOST_OF_A_SITE
        if may_grow and not text.startswith(b"{"):
            return found
        found.size = offset + len(text) + 1
        spot = Spot(reading.mark.serial, reading.begin + offset, now)
        row = _json(text) if text.startswith(b"{") else None
        row = understood(row if row is not None else text.decode("utf-8", "replace"))
        made = _stated(spot, row, owners, "php", environment) if row else None
        if made is not None:
            found.entries.append(made)
    found.size = len(reading.content)
    return found


def _php_entries(content: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Each entry with its offset, and whether it is the last: lines that go on with the one before belong to it."""
    begin, so_far = 0, b""
    for offset, line in _lines(content):
        if so_far and so_far[:1] != b"{" and not begins_anew(line) and len(so_far) < LONGEST_ENTRY:
            so_far += b"\n" + line
            continue
        if so_far:
            yield begin, so_far, False
        begin, so_far = offset, line
    if so_far:
        yield begin, so_far, True


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    offset = 0
    for line in content.split(b"\n"):
        if line:
            yield offset, line
        offset += len(line) + 1


def _json(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _number(said: object) -> int | float | None:
    return said if isinstance(said, int | float) else None
