"""What lines are made of, whichever cloud found them: known levels, plain text of bounded length, fields that have a name."""

import re
from collections.abc import Mapping

from aipress.clouds.logs import Level, Value

LONGEST_MESSAGE = 8192
LONGEST_TEXT = 2048
LONGEST_TRACE = 8192
MOST_FIELDS = 24
FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
NUMBERS = re.compile(r"\d+(?:\.\d+)?")
CONTROLS = {n: " " for n in (*range(32), 127, 0x85, 0x2028, 0x2029)}
LEVELS: dict[str, Level] = {
    "debug": "debug",
    "info": "info",
    "notice": "info",
    "warning": "warning",
    "error": "error",
    "critical": "critical",
    "alert": "critical",
    "emergency": "critical",
}


def kept_fields(fields: Mapping[str, object]) -> dict[str, Value]:
    """Those with a name and a value as lines have them, up to some."""
    kept: dict[str, Value] = {}
    for name, value in fields.items():
        if len(kept) < MOST_FIELDS and FIELD.fullmatch(name):
            if isinstance(value, str):
                kept[name] = plain(value, LONGEST_TEXT)
            elif isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 1e18):
                kept[name] = value
    return kept


def plain(text: str, longest: int, several_lines: bool = False) -> str:
    """Text of one line, at most that many bytes: whatever can't be said in UTF-8 or moves a cursor is replaced."""
    if several_lines:
        return "\n".join(plain(line, longest) for line in text.splitlines())[:longest]
    if text.isascii() and text.isprintable():
        return text[:longest]
    clean = text[:longest].translate(CONTROLS).encode("utf-8", "replace")
    return clean[:longest].decode("utf-8", "ignore")


def milliseconds(said: str) -> float | None:
    """nginx's seconds; of several upstreams, `0.010, 0.020 : 0.030`, their sum. None where there was none."""
    parts = NUMBERS.findall(said)
    return round(sum(map(float, parts)) * 1000, 3) if parts else None
