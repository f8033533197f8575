"""The entries of Cloud Logging, oldest first: in memory, and line by line in a file where one is named."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from gcpsim.wire import Json

MOST = 30_000
"""Entries kept; Google keeps a month's."""


class Logbook:
    """Entries as Google shows them. A file is read when it is opened, and only its newest entries stay."""

    def __init__(self, most: int = MOST) -> None:
        self._entries: list[Json] = []
        self._most, self._written = most, 0
        self._file: IO[str] | None = None

    def open(self, file: Path) -> None:
        """Go on with what a file has, and write into it from now on."""
        if file.exists():
            with file.open(encoding="utf-8") as kept:
                self._entries = [entry for line in kept if (entry := _read(line))][-self._most :]
        coming = file.with_suffix(".coming")
        with coming.open("w", encoding="utf-8") as fresh:
            coming.chmod(0o600)
            fresh.writelines(json.dumps(entry) + "\n" for entry in self._entries)
        coming.rename(file)
        self._file = file.open("a", encoding="utf-8")
        self._written = len(self._entries)

    def write(self, entry: Json, stamp: str) -> None:
        """Keep an entry, with a time and an id where it has none."""
        self._written += 1
        entry.setdefault("insertId", f"sim{self._written:010x}")
        entry.setdefault("timestamp", stamp)
        entry["receiveTimestamp"] = stamp
        self._entries.append(entry)
        if len(self._entries) > self._most:
            del self._entries[: self._most // 10]
        if self._file:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()

    def of(self, holders: list[str]) -> Iterator[Json]:
        """The entries of some projects or other holders: `projects/p`."""
        starts = tuple(f"{holder}/" for holder in holders)
        return (entry for entry in self._entries if str(entry.get("logName", "")).startswith(starts))

    def close(self) -> None:
        """Write no further."""
        if self._file:
            self._file.close()
            self._file = None


def _read(line: str) -> Json | None:
    """None for a line that was not written to its end."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
