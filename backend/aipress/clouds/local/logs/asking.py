"""Asks the segments of one tenant, by DuckDB. The text of every question is ours; what somebody said only ever is a parameter.

Each question has a DuckDB of its own that may open that tenant's folder and nothing else, whatever it is asked.
"""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from aipress.clouds.local.logs.place import Segment, sayable
from aipress.clouds.logs import Tally, Value
from aipress.errors import CloudBusy, CloudRefused

LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "192MB",
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
PATIENCE = 20.0  # seconds for one question
MOST_KEYS = 6
LONGEST_STEP = 8  # digits
ROW = "id, time, environment, source, level, message, request_id, fields"
SHAPE = (
    "{id: 'VARCHAR', time: 'BIGINT', environment: 'VARCHAR', source: 'VARCHAR', level: 'VARCHAR', message: 'VARCHAR', "
    "request_id: 'VARCHAR', fields: 'JSON'}"
)
# The last line of an open segment may be half written: it is no row yet.
OPEN = (
    f"SELECT {ROW} FROM read_json($open, format = 'newline_delimited', columns = {SHAPE}, "  # noqa: S608
    "ignore_errors = true, maximum_object_size = 1048576) WHERE id IS NOT NULL"
)
SEALED = f"SELECT {ROW} FROM read_parquet($sealed)"  # noqa: S608
WANTED = """
time >= $since AND time < $until AND list_contains($levels, level)
AND (len($sources) = 0 OR list_contains($sources, source))
AND ($environment = '' OR environment = $environment)
AND ($request_id = '' OR request_id = $request_id)
AND ($text = '' OR contains(lower(message), lower($text)))
AND ($before = '' OR id < $before) AND id > $after
"""
COLUMNS = {name: f"to_json({name})" for name in ("environment", "source", "level", "message", "request_id")}
NUMBER = "TRY_CAST(json_extract_string(fields, $value) AS DOUBLE)"
FIGURES = f"count(*), coalesce(sum({NUMBER}), 0), coalesce(max({NUMBER}), 0), coalesce(quantile_disc({NUMBER}, 0.95), 0)"
COPY = (
    f"COPY (SELECT {ROW} FROM read_json($open, format = 'newline_delimited', columns = {SHAPE}, "  # noqa: S608
    "maximum_object_size = 1048576) ORDER BY id) TO $sealed (FORMAT parquet, COMPRESSION zstd)"
)

Record = Mapping[str, Any]  # as a line of a segment
Told = Mapping[str, str | int | Sequence[str]]


def rows(folder: Path, segments: Sequence[Segment], told: Told, newest_first: bool = True) -> list[Record]:
    """The rows that are wanted, at most `told["limit"]`."""
    order = "DESC" if newest_first else "ASC"
    question = f"SELECT {ROW} FROM ({_source(segments)}) WHERE {WANTED} ORDER BY id {order} LIMIT $limit"  # noqa: S608
    with _asking(folder) as connection:
        return _records(connection.execute(question, _parameters(question, segments, told)).fetchall())


def tallies(folder: Path, segments: Sequence[Segment], told: Told, by: Sequence[str]) -> list[Tally]:
    """The wanted rows counted by these keys; `told["value"]` is the number that is summed, as a JSON pointer."""
    keys, parameters = _keys(by)
    listed = ", ".join([*keys, FIGURES])
    order = ", ".join([f"{len(keys) + 1} DESC", *(f"{n + 1}" for n in range(len(keys)))])
    grouped = f"GROUP BY {', '.join(str(n + 1) for n in range(len(keys)))}" if keys else "HAVING count(*) > 0"
    question = (
        f"SELECT {listed} FROM ({_source(segments)}) WHERE {WANTED} {grouped} ORDER BY {order} LIMIT $most"  # noqa: S608
    )
    with _asking(folder) as connection:
        found = connection.execute(
            question, _parameters(question, segments, {**told, **parameters})
        ).fetchall()
    return [Tally(tuple(map(_value, row[: len(keys)])), *row[len(keys) :]) for row in found]


def whole(folder: Path, packed: Path) -> list[Record]:
    """Every row of a packed segment, by id."""
    with _asking(folder) as connection:
        return _records(connection.execute(f"{SEALED} ORDER BY id", {"sealed": [str(packed)]}).fetchall())


def pack(text: Path, packed: Path) -> None:
    """Write an open segment's lines, by id, as Parquet. Raises ValueError where that is not possible."""
    try:
        with duckdb.connect(config=LIMITS) as connection:
            connection.execute(COPY, {"open": [str(text)], "sealed": str(packed)})
    except duckdb.Error as error:
        raise ValueError(str(error)) from error


def pointer(name: str) -> str:
    """A field's name as a JSON pointer (RFC 6901), which has no patterns."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _records(found: Sequence[tuple[Any, ...]]) -> list[Record]:
    names = ROW.split(", ")
    return [{**dict(zip(names, row, strict=True)), "fields": json.loads(row[-1] or "{}")} for row in found]


def _source(segments: Sequence[Segment]) -> str:
    kinds = {segment.is_open for segment in segments}
    return " UNION ALL ".join(text for is_open, text in ((True, OPEN), (False, SEALED)) if is_open in kinds)


def _parameters(question: str, segments: Sequence[Segment], told: Told) -> dict[str, object]:
    """DuckDB refuses a parameter nobody asks for."""
    files = {
        "open": [str(segment.path) for segment in segments if segment.is_open],
        "sealed": [str(segment.path) for segment in segments if not segment.is_open],
    }
    parameters = {name: _as_said(value) for name, value in told.items()} | files
    return {name: value for name, value in parameters.items() if f"${name}" in question}


def _keys(by: Sequence[str]) -> tuple[list[str], dict[str, str | int]]:
    """Each key as SQL of ours, with its name as a parameter. What is no column is a field."""
    if len(by) > MOST_KEYS:
        raise CloudRefused(f"Lines can be counted by at most {MOST_KEYS} things at once.")
    keys: list[str] = []
    told: dict[str, str | int] = {}
    for n, name in enumerate(by):
        kind, _, seconds = name.partition(":")
        if kind == "time":
            told[f"key{n}"] = _seconds(seconds)
            keys.append(f"CAST(time // (1000000 * $key{n}) * $key{n} AS VARCHAR)")
        elif name in COLUMNS:
            keys.append(f"CAST({COLUMNS[name]} AS VARCHAR)")
        else:
            told[f"key{n}"] = pointer(sayable(name))
            keys.append(f"CAST(json_extract(fields, $key{n}) AS VARCHAR)")
    return keys, told


def _seconds(text: str) -> int:
    """A step of time; a minute where there is none to be read."""
    return (int(text) if text.isdecimal() and len(text) <= LONGEST_STEP else 0) or 60


def _value(text: str | None) -> Value:
    found = None if text is None else json.loads(text)
    return found if isinstance(found, (str, int, float, bool)) else None


def _as_said(value: str | int | Sequence[str]) -> str | int | list[str]:
    """What DuckDB takes."""
    if isinstance(value, str):
        return sayable(value)
    return value if isinstance(value, int) else [sayable(one) for one in value]


@contextmanager
def _asking(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that can open files of this folder only, and has a deadline."""
    with duckdb.connect(config=LIMITS) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET allowed_directories = [$folder]", {"folder": f"{folder}/"})
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        timer = threading.Timer(PATIENCE, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield connection
        except duckdb.IOException as error:
            raise OSError("a segment could not be read") from error
        except duckdb.InterruptException as error:
            raise CloudBusy(
                f"The logs were not searched within {PATIENCE:g} s; ask for less time."
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise CloudRefused("That is more than can be counted at once. Ask for less time.") from error
        finally:
            timer.cancel()
