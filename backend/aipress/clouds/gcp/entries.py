"""An entry of Cloud Logging as a line: whose it is was said by Google and by labels of ours, all else by whoever wrote it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aipress.clouds.gcp.labels import ENVIRONMENT, TENANT
from aipress.clouds.gcp.logs import CONTAINER, OUR_LOG, OURS, RUNS_LOG, SITES
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.log_fields import (
    LEVELS,
    LONGEST_MESSAGE,
    LONGEST_TRACE,
    kept_fields,
    milliseconds,
    plain,
)
from aipress.clouds.logs import LEVELS as WORSE
from aipress.clouds.logs import LogLine, LogQuery, Source, Value
from aipress.clouds.php_words import understood

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLAIN_ID = re.compile(r"[0-9A-Za-z._-]{1,100}")
TAKEN = {"time", "tenant", "environment", "source", "level", "message", "request_id", "severity", "msec"}
SECONDS = {"duration": "duration_ms", "upstream_time": "upstream_ms"}  # of nginx, and what lines have instead


@dataclass(frozen=True)
class Part:
    """A page of lines; by each one's id, when Google received it. `reached`: the time of its last entry, as ids begin."""

    lines: Sequence[LogLine]
    received: Mapping[str, datetime]
    reached: str


def part_of(answer: Json, services: Mapping[str, str]) -> Part:
    """The lines of a page that are of these environments, each with its service."""
    listed = answer.get("entries")
    told = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    read = [(line, one) for one in told if (line := line_of(one, services))]
    received = {line.id: moment(one.get("receiveTimestamp")) or line.time for line, one in read}
    last = moment(told[-1].get("timestamp")) if told else None
    return Part([line for line, _ in read], received, id_of(last, "")[:14] if last else "")


def line_of(entry: Mapping[str, object], services: Mapping[str, str]) -> LogLine | None:
    """The line, if it is one of these environments' (each with its service), and says what its log may say."""
    told, labels = entry.get("jsonPayload"), entry.get("labels")
    if not isinstance(told, dict) or not isinstance(labels, dict):
        return None
    environment, time = str(labels.get(ENVIRONMENT, "")), moment(entry.get("timestamp"))
    service = at(dict(entry), "resource.labels.service_name")
    if time is None or environment not in services or services[environment] != service:
        return None
    source = source_of(str(entry.get("logName", "")), told.get("source"))
    if source is None:
        return None
    row = understood(_row(told)) if source == "php" else _row(told)
    row = row or {}
    return LogLine(
        id=id_of(time, str(entry.get("insertId", ""))),
        time=time,
        tenant=str(labels.get(TENANT, "")),
        environment=environment,
        source=source,
        level=LEVELS.get(str(entry.get("severity", "")).lower(), "info"),
        message=plain(str(row.get("message", "")), LONGEST_MESSAGE),
        request_id=plain(str(row.get("request_id", "")), 64),
        fields=_fields(row, source),
    )


def source_of(log: str, said: object) -> Source | None:
    """What it is, where that log may say so."""
    if said == CONTAINER and RUNS_LOG in log:
        return "php"
    may = OURS if log.endswith(OUR_LOG) else SITES if RUNS_LOG in log else ()
    return next((one for one in may if one == said), None)


def id_of(time: datetime, insert_id: str) -> str:
    """Sorts by time; behind it, what Google tells entries of one moment apart by. A program may have chosen that itself."""
    if not PLAIN_ID.fullmatch(insert_id):
        insert_id = hashlib.blake2b(insert_id.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{(time - EPOCH) // timedelta(microseconds=1):014x}{insert_id}"


def time_of(id: str) -> datetime | None:
    """The moment an id begins with; None for what is none of ours."""
    try:
        return EPOCH + timedelta(microseconds=int(id[:14], 16))
    except (ValueError, OverflowError):
        return None


def moment(said: object) -> datetime | None:
    """A time as Google writes it, to the microsecond."""
    try:
        return datetime.fromisoformat(str(said)).astimezone(UTC)
    except ValueError:
        return None


def matches(line: LogLine, query: LogQuery) -> bool:
    """Whether a line is what was asked for: held against the question once more, since here words mean what they say."""
    return (
        line.tenant == query.tenant
        and query.since <= line.time < query.until
        and WORSE.index(line.level) >= WORSE.index(query.level)
        and (not query.sources or line.source in query.sources)
        and query.environment in ("", line.environment)
        and query.request_id in ("", line.request_id)
        and query.text.casefold() in line.message.casefold()
        and (not query.before or line.id < query.before)
    )


def _row(told: Json) -> dict[str, object]:
    row = dict(told)
    if row.get("source") == CONTAINER:
        return understood(str(row.get("message", ""))) or row
    return row


def _fields(row: Mapping[str, object], source: Source) -> dict[str, Value]:
    fields = {name: value for name, value in row.items() if name not in TAKEN and name != "trace"}
    if source == "access":
        fields = {name: value for name, value in fields.items() if value not in ("", "-", None)}
        for seconds, name in SECONDS.items():
            if (took := milliseconds(str(fields.pop(seconds, "")))) is not None:
                fields[name] = took
    kept = kept_fields(fields)
    if trace := row.get("trace"):
        kept["trace"] = plain(str(trace), LONGEST_TRACE, several_lines=True)
    return kept
