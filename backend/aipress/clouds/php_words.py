"""PHP's and WordPress's own words for what went wrong, as fields: which kind, in which file and line, and whose code that is."""

import re
from typing import Any

KINDS = {
    "fatal error": "fatal",
    "recoverable fatal error": "fatal",
    "catchable fatal error": "fatal",
    "core error": "fatal",
    "compile error": "fatal",
    "parse error": "parse",
    "warning": "warning",
    "core warning": "warning",
    "compile warning": "warning",
    "notice": "notice",
    "deprecated": "deprecated",
}
LEVEL = {"fatal": "error", "parse": "error", "warning": "warning", "notice": "info", "deprecated": "info"}
# [28-Nov-2026 12:00:00 UTC] NOTICE: PHP message: PHP Fatal error:  Uncaught … in /srv/…/x.php:12
ERROR = re.compile(
    r"(?:\[[^\]\n]{1,60}\] )?(?:[A-Z]+: )?(?:\[pool [^\]\n]*\] )?(?:child \d+ said into stderr: \"?)?(?:PHP message: )?"
    r"(?:PHP )?(?P<kind>[A-Z][A-Za-z ]{2,30}?):\s+(?P<text>.*)",
    re.DOTALL,
)
FPM = re.compile(r"\[[^\]\n]{1,60}\] (?P<level>DEBUG|NOTICE|WARNING|ERROR|ALERT): (?P<text>.*)", re.DOTALL)
WHERE = re.compile(r" in (?P<file>/\S[^\n]*?)(?: on line |:)(?P<line>\d+)\s*$")
THROWN = re.compile(r"\n\s*thrown in (?P<file>/[^\n]+?) on line (?P<line>\d+)")
FRAME = re.compile(r"#\d+ (/[^\n(]+?)\(\d+\)")
PLACE = re.compile(r"/content/(plugins|themes)/([^/]+)|/wp-content/(plugins|themes|mu-plugins)/([^/]+)")
GOES_ON = re.compile(rb"\s|#\d|Stack trace:|Next [A-Z\\]|thrown in|\}")


def begins_anew(line: bytes) -> bool:
    """Whether a line is the first of an entry."""
    return GOES_ON.match(line) is None


def understood(said: dict[str, Any] | str) -> dict[str, Any] | None:
    """A row of the schema from what PHP wrote: JSON as our log.php does, or words."""
    row = dict(said) if isinstance(said, dict) else _row_of(said)
    if row.get("source", "php") == "php":
        _shape_error(row)
    return row


def component_of(file: str, trace: str = "") -> str:
    """Whose code it is: `plugin:slug`, `theme:slug` or `core`. What fails in the core was called by somebody: the first in
    the trace."""
    for path in (file, *FRAME.findall(trace)):
        if shaped := PLACE.search(path):
            kind, slug = shaped[1] or shaped[3], shaped[2] or shaped[4]
            if kind != "mu-plugins":
                return f"{kind[:-1]}:{slug.removesuffix('.php')}"
    return "core" if file else ""


def _row_of(text: str) -> dict[str, Any]:
    if (fpm := FPM.match(text)) and "PHP message: " not in fpm["text"][:200]:
        return {"source": "php", "level": fpm["level"], "message": fpm["text"], "kind": "other"}
    shaped = ERROR.match(text)
    kind = KINDS.get(shaped["kind"].lower()) if shaped else None
    if shaped and kind:
        return {"source": "php", "level": LEVEL[kind], "message": shaped["text"], "kind": kind}
    return {"source": "php", "level": "info", "message": text, "kind": "other"}


def _shape_error(row: dict[str, Any]) -> None:
    """Take file, line and trace out of the message, where they aren't said apart."""
    message = str(row.get("message", ""))
    first, cut, trace = message.partition("\nStack trace:\n")
    if cut:
        thrown = THROWN.search(trace)
        row["trace"] = trace[: thrown.start()] if thrown else trace
        if thrown and not row.get("file"):
            row["file"], row["line"] = thrown["file"], int(thrown["line"])
    if shaped := WHERE.search(first):
        if not row.get("file"):
            row["file"], row["line"] = shaped["file"], int(shaped["line"])
        if shaped["file"] == row.get("file"):
            first = first[: shaped.start()]
    row["message"] = first
    row.setdefault("kind", "other")
    if component := component_of(str(row.get("file", "")), str(row.get("trace", ""))):
        row["component"] = component
