"""Where metrics are kept: one SQLite file, a row for each environment and stretch in which anything happened.

Minutes are kept two days, tens of minutes thirty days, hours four hundred. To thin is to add rows together (`figures.py`), and where
nothing happened nothing is kept but that somebody looked. How far a file was read is noted in the same transaction as what was
found there, so whoever dies when, each line counts once. The shipper writes what lines say, the control plane what it saw.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from aipress.clouds.local.figures import COLUMNS, MINUTE, NOTED, SUMS, Figures, Minutes, rolled_up
from aipress.clouds.local.histogram import packed, unpacked
from aipress.clouds.local.logs.writing import Entry

DAY = 86_400
STEPS = (MINUTE, 10 * MINUTE, 60 * MINUTE)
KEPT = {STEPS[0]: 2 * DAY, STEPS[1]: 30 * DAY, STEPS[2]: 400 * DAY}
LOCK_SECONDS = 30
SCHEMA = f"""
CREATE TABLE figure (environment TEXT, step INTEGER, start INTEGER, {", ".join(COLUMNS)},
    PRIMARY KEY (environment, step, start)) WITHOUT ROWID;
CREATE TABLE look (step INTEGER, start INTEGER, looks INTEGER, PRIMARY KEY (step, start)) WITHOUT ROWID;
CREATE TABLE known (environment TEXT PRIMARY KEY, since INTEGER) WITHOUT ROWID;
CREATE TABLE gone (environment TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE counter (environment TEXT, name TEXT, value INTEGER, PRIMARY KEY (environment, name)) WITHOUT ROWID;
CREATE TABLE place (file INTEGER PRIMARY KEY, read_to INTEGER) WITHOUT ROWID;
CREATE TABLE thinned (step INTEGER PRIMARY KEY, until INTEGER) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
_READ = f"SELECT step, start, {', '.join(COLUMNS)} FROM figure"  # noqa: S608 - our own columns
_WRITE = f"REPLACE INTO figure VALUES (?, ?, ?, {', '.join('?' for _ in COLUMNS)})"  # noqa: S608
Counters = Mapping[tuple[str, str], int]
Row = tuple[int, int, Figures]


class MetricStore:
    """Metrics of all environments, in a folder of the control plane's and the shipper's."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "metrics.sqlite3"

    def ship(self, entries: Sequence[Entry]) -> None:
        """Count these lines. One found no later in its file than the last that was counted was counted before."""
        counted = [entry for entry in entries if entry.source in NOTED]
        if not counted:
            return
        with self._writing() as rows:
            places: dict[int, int] = dict(rows.execute("SELECT file, read_to FROM place").fetchall())
            fresh = [entry for entry in counted if entry.found_at > places.get(entry.found_in, -1)]
            _add(rows, rolled_up(fresh))
            for entry in fresh:
                places[entry.found_in] = max(entry.found_at, places.get(entry.found_in, -1))
            read = {entry.found_in for entry in fresh}
            rows.executemany("REPLACE INTO place VALUES (?, ?)", [(file, places[file]) for file in read])

    def note(self, minute: int, found: Mapping[str, Figures], counters: Counters) -> None:
        """What one look at all environments found, and how far each counter had come; nobody was left out but who has nothing."""
        with self._writing() as rows:
            _add(rows, {(id, minute): figures for id, figures in found.items()})
            rows.execute(
                "INSERT INTO look VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET looks = looks + 1",
                (MINUTE, minute),
            )
            rows.executemany(
                "INSERT OR REPLACE INTO counter SELECT ?1, ?2, ?3 WHERE ?1 NOT IN (SELECT environment FROM gone)",
                [(*key, value) for key, value in counters.items()],
            )

    def counters(self) -> dict[tuple[str, str], int]:
        with self._open() as rows:
            return {(id, name): value for id, name, value in rows.execute("SELECT * FROM counter")}

    def figures(self, environment_id: str, since: int, until: int) -> list[Row]:
        """Everything known of it in that time, as (step, start, figures), oldest first."""
        with self._open() as rows:
            found = rows.execute(
                f"{_READ} WHERE environment = ? AND step IN {STEPS} AND start >= ? AND start < ? ORDER BY start",
                (environment_id, since, until),
            )
            return [_row(one) for one in found]

    def sums(self, since: int, until: int) -> dict[str, Figures]:
        """What adds up, of every environment that did anything in that time."""
        listed = ", ".join(f"SUM({name})" for name in SUMS)
        wanted = (
            f"SELECT known.environment, {listed} FROM known CROSS JOIN figure USING (environment)"  # noqa: S608
            f" WHERE step IN {STEPS} AND start >= ? AND start < ? GROUP BY 1"
        )
        with self._open() as rows:
            return {
                id: Figures(**dict(zip(SUMS, found, strict=True)))
                for id, *found in rows.execute(wanted, (since, until))
            }

    def looks(self, since: int, until: int) -> list[tuple[int, int]]:
        """When somebody looked at environments, and how often in that stretch."""
        wanted = "SELECT start, looks FROM look WHERE start >= ? AND start < ? ORDER BY start"
        with self._open() as rows:
            return rows.execute(wanted, (since, until)).fetchall()

    def last_level(self, environment_id: str, name: Literal["disk", "redis"], before: int) -> int | None:
        """What the level was before that time; it is noted when it changes."""
        wanted = (
            f"SELECT {name} FROM figure WHERE environment = ? AND start < ? AND {name} IS NOT NULL"  # noqa: S608
            " ORDER BY start DESC LIMIT 1"
        )
        with self._open() as rows:
            found = rows.execute(wanted, (environment_id, before)).fetchone()
        return int(found[0]) if found else None

    def known(self) -> dict[str, int]:
        """Every environment anything is kept of, and since when it is known."""
        with self._open() as rows:
            return dict(rows.execute("SELECT environment, since FROM known").fetchall())

    def boundaries(self) -> dict[int, int]:
        """By step: before when nothing finer is kept."""
        with self._open() as rows:
            return _boundaries(rows)

    def remove(self, environment_id: str) -> None:
        """Forget it, and whatever is still told of it later: its last requests may be on their way."""
        with self._writing() as rows:
            rows.execute("INSERT OR IGNORE INTO gone VALUES (?)", (environment_id,))
            for table in ("figure", "counter", "known"):
                rows.execute(f"DELETE FROM {table} WHERE environment = ?", (environment_id,))  # noqa: S608

    def thin(self, now: int) -> None:
        """Make minutes into tens of minutes, and those into hours, once they are old; forget the oldest hours.

        The boundary moves first: from then on late lines go to the longer step, and whoever reads takes both.
        """
        for fine, coarse in ((STEPS[0], STEPS[1]), (STEPS[1], STEPS[2])):
            until = (now - KEPT[fine]) // STEPS[2] * STEPS[2]
            with self._writing() as rows:
                until = max(until, _boundaries(rows).get(coarse, 0))
                rows.execute("REPLACE INTO thinned VALUES (?, ?)", (coarse, until))
                _thin_looks(rows, (fine, coarse), until)
            for id in self.known():
                with self._writing() as rows:
                    _thin(rows, id, (fine, coarse), until)
        with self._writing() as rows:
            for table in ("figure", "look"):
                rows.execute(f"DELETE FROM {table} WHERE start < ?", (now - KEPT[STEPS[2]],))  # noqa: S608

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if not self.path.exists():
            self._begin()
        with closing(sqlite3.connect(self.path, timeout=LOCK_SECONDS, isolation_level=None)) as rows:
            rows.execute("PRAGMA synchronous = FULL")
            if rows.execute("PRAGMA user_version").fetchone() == (0,):
                _make(rows)
            yield rows

    def _begin(self) -> None:
        """An empty file that its group may write: SQLite gives the files beside it the same mode."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o770)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o660)
        try:
            os.fchmod(file, 0o660)
        except PermissionError:
            pass  # the other one was first
        finally:
            os.close(file)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as rows:
            rows.execute("BEGIN IMMEDIATE")
            yield rows
            rows.execute("COMMIT")


def _make(rows: sqlite3.Connection) -> None:
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("BEGIN EXCLUSIVE")
    if rows.execute("PRAGMA user_version").fetchone() == (0,):
        for statement in filter(str.strip, SCHEMA.split(";")):
            rows.execute(statement)
    rows.execute("COMMIT")


def _add(rows: sqlite3.Connection, minutes: Minutes) -> None:
    """Add to what is known, in the step that is kept of that time."""
    boundaries = _boundaries(rows)
    gone = {id for (id,) in rows.execute("SELECT environment FROM gone")}
    for (id, start), figures in minutes.items():
        if figures.is_empty or id in gone:
            continue
        step = max([MINUTE, *(step for step, until in boundaries.items() if start < until)])
        rows.execute(
            "INSERT INTO known VALUES (?, ?) ON CONFLICT DO UPDATE SET since = MIN(since, excluded.since)",
            (id, start),
        )
        _merge(rows, id, (step, start // step * step), figures)


def _merge(rows: sqlite3.Connection, id: str, place: tuple[int, int], figures: Figures) -> None:
    known = rows.execute(f"{_READ} WHERE environment = ? AND step = ? AND start = ?", (id, *place)).fetchone()
    if known:
        merged = _row(known)[2]
        merged.add(figures)
        figures = merged
    rows.execute(_WRITE, (id, *place, *_values(figures)))


def _thin(rows: sqlite3.Connection, id: str, steps: tuple[int, int], until: int) -> None:
    fine, coarse = steps
    old = (id, fine, until)
    found = rows.execute(f"{_READ} WHERE environment = ? AND step = ? AND start < ? ORDER BY start", old)
    together: dict[int, Figures] = {}
    for _, start, figures in map(_row, found):
        together.setdefault(start // coarse * coarse, Figures()).add(figures)
    for start, figures in together.items():
        _merge(rows, id, (coarse, start), figures)
    rows.execute("DELETE FROM figure WHERE environment = ? AND step = ? AND start < ?", old)


def _thin_looks(rows: sqlite3.Connection, steps: tuple[int, int], until: int) -> None:
    fine, coarse = steps
    rows.execute(
        "INSERT INTO look SELECT ?1, start / ?1 * ?1, SUM(looks) FROM look WHERE step = ?2 AND start < ?3 GROUP BY 2"
        " ON CONFLICT DO UPDATE SET looks = looks + excluded.looks",
        (coarse, fine, until),
    )
    rows.execute("DELETE FROM look WHERE step = ? AND start < ?", (fine, until))


def _boundaries(rows: sqlite3.Connection) -> dict[int, int]:
    return dict(rows.execute("SELECT step, until FROM thinned").fetchall())


def _row(told: Sequence[int | bytes]) -> Row:
    step, start, *values, latency = told
    figures = Figures(*values)  # type: ignore[arg-type]
    if latency:
        figures.latency = unpacked(latency)  # type: ignore[arg-type]
    return step, start, figures  # type: ignore[return-value]


def _values(figures: Figures) -> Iterable[int | bytes | None]:
    return [*(getattr(figures, name) for name in COLUMNS[:-1]), packed(figures.latency)]
