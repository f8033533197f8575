"""The shipper's logbook: how far each source was read, how long each open segment is, and what was refused.

Both sides of a line's way are written down in one transaction, so a line is either shipped or still to be read, whoever dies when.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS sources (
    serial INTEGER PRIMARY KEY, name TEXT NOT NULL, inode INTEGER NOT NULL, head TEXT NOT NULL, position INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS segments (
    serial INTEGER PRIMARY KEY, tenant TEXT NOT NULL, environment TEXT NOT NULL, length INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, begun INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS refusals (tenant TEXT PRIMARY KEY, lines INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS serials (kind TEXT PRIMARY KEY, next INTEGER NOT NULL);
"""


@dataclass
class Mark:
    """How far a source was read. `head` tells its file from a later one under the same number."""

    serial: int
    name: str
    inode: int
    head: str
    position: int


@dataclass
class Text:
    """An open segment: its lines up to `length` bytes are shipped, whatever else its file holds."""

    serial: int
    tenant: str
    environment: str
    length: int
    first: int
    last: int
    begun: int


class Logbook:
    """One SQLite file, written by one shipper."""

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = WAL")
        self._rows.execute("PRAGMA synchronous = FULL")
        self._rows.executescript(TABLES)

    def marks(self) -> list[Mark]:
        return [Mark(*row) for row in self._rows.execute("SELECT * FROM sources ORDER BY serial")]

    def texts(self) -> list[Text]:
        return [Text(*row) for row in self._rows.execute("SELECT * FROM segments ORDER BY serial")]

    def refusals(self) -> dict[str, int]:
        return dict(self._rows.execute("SELECT tenant, lines FROM refusals").fetchall())

    def next_serial(self, kind: str) -> int:
        """A number that was never given before, however this ends."""
        taken = self._rows.execute(
            "INSERT INTO serials VALUES (?, 2) ON CONFLICT (kind) DO UPDATE SET next = next + 1 RETURNING next",
            (kind,),
        ).fetchone()
        return int(taken[0]) - 1

    def skip_serials(self, kind: str, highest: int) -> None:
        """Those up to `highest` are taken, whatever this logbook knows."""
        self._rows.execute(
            "INSERT INTO serials VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET next = max(next, excluded.next)",
            (kind, highest + 1),
        )

    def write(self, marks: Iterable[Mark], texts: Iterable[Text], refusals: Mapping[str, int]) -> None:
        """All of it or nothing, on disk when this returns."""
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            self._rows.executemany(
                "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)",
                [(one.serial, one.name, one.inode, one.head, one.position) for one in marks],
            )
            self._rows.executemany(
                "INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (one.serial, one.tenant, one.environment, one.length, one.first, one.last, one.begun)
                    for one in texts
                ],
            )
            self._rows.executemany("INSERT OR REPLACE INTO refusals VALUES (?, ?)", refusals.items())
            self._rows.execute("COMMIT")
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise

    def forget_text(self, serial: int) -> None:
        self._rows.execute("DELETE FROM segments WHERE serial = ?", (serial,))

    def forget_source(self, serial: int) -> None:
        self._rows.execute("DELETE FROM sources WHERE serial = ?", (serial,))

    def close(self) -> None:
        self._rows.close()
