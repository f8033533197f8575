"""Makes a line of what was read: known words, plain text of bounded length, a time that can be, and an id of where it was found."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aipress.clouds.local.logs.writing import Entry
from aipress.clouds.log_fields import LEVELS, LONGEST_MESSAGE, LONGEST_TRACE, kept_fields, plain
from aipress.clouds.logs import Source

OFFSETS = (1 << 40) - 1
# How far back a line may say it happened: beyond, its clock is wrong, and when it was found counts.
OLDEST = timedelta(days=2) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line was found: in which file, at which byte, and when it was read (microseconds)."""

    source: int
    offset: int
    now: int

    def id(self, happened: int) -> str:
        return f"{happened:014x}{self.source:06x}{self.offset & OFFSETS:010x}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says of itself; of whom it is, others decide. `happened`: microseconds, 0 when it does not say."""

    source: Source
    level: str
    message: str
    request_id: str = ""
    happened: int = 0
    trace: str = ""


def entry(spot: Spot, owner: tuple[str, str], said: Said, fields: Mapping[str, object]) -> Entry:
    """The line of `owner` (tenant, environment)."""
    happened = said.happened if spot.now - OLDEST < said.happened <= spot.now else spot.now
    kept = kept_fields(fields)
    if said.trace:
        kept["trace"] = plain(said.trace, LONGEST_TRACE, several_lines=True)
    return Entry(
        spot.id(happened),
        *owner,
        said.source,
        LEVELS.get(said.level.lower(), "info"),
        plain(said.message, LONGEST_MESSAGE),
        plain(said.request_id, 64),
        kept,
    )


def moment(said: object) -> int:
    """Microseconds since 1970 of a time as lines say it; 0 for what is none."""
    try:
        if isinstance(said, str):
            found = datetime.fromisoformat(said)
            return round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1_000_000)
        if isinstance(said, int | float):
            return round(said * 1_000_000)
    except (ValueError, OverflowError, OSError):
        pass
    return 0


def now() -> int:
    return time.time_ns() // 1000
