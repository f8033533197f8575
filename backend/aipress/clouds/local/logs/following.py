"""Follows one tenant's lines as they come: reads on where it stopped, in every segment that is written to."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aipress.clouds.local.logs.place import Lines, Segment, microseconds
from aipress.clouds.logs import LEVELS, LogQuery

BLOCK = 1 << 16  # longer than any line
MOST_AT_ONCE = 1 << 20  # bytes of one segment in one look

Record = Mapping[str, Any]


@dataclass
class Tail:
    """One open segment, kept open: it can be read to its end even when it has been packed meanwhile."""

    file: int
    inode: int
    position: int

    def more(self) -> Iterator[str]:
        """The whole lines behind the last one."""
        read = os.pread(self.file, MOST_AT_ONCE, self.position)
        whole = read[: read.rfind(b"\n") + 1]
        self.position += len(whole)
        yield from whole.decode("utf-8", "replace").splitlines()


class Follower:
    """Begins with what is written after it was made."""

    def __init__(self, lines: Lines, tenant: str) -> None:
        self._lines, self._tenant = lines, tenant
        self._tails: dict[int, Tail] = {}
        self._known: set[int] = set()
        self._last, self._before = "", set[str]()
        for segment in lines.segments(tenant):
            self._known.add(segment.serial)
            if segment.is_open and (tail := _open(segment)):
                tail.position = _last_line_end(tail.file)
                self._tails[segment.serial] = tail

    def seen(self, id: str) -> None:
        """It was told from what was there already, and may come again."""
        self._before.add(id)
        self._last = max(self._last, id)

    def more(self) -> list[Record]:
        """What has been written since the last look, in the order it was."""
        found: list[Record] = []
        there = {segment.serial: segment for segment in self._lines.segments(self._tenant)}
        for serial, tail in list(self._tails.items()):
            found += self._fresh(map(json.loads, tail.more()))
            if serial not in there or not there[serial].is_open:
                found += self._to_its_end(serial)
            elif _inode(there[serial]) not in (tail.inode, 0):
                found += self._once_more(there[serial])
        for serial in sorted(there.keys() - self._known):
            found += self._begun(there[serial])
        self._known = self._known & there.keys() | there.keys()
        return found

    def close(self) -> None:
        for tail in self._tails.values():
            os.close(tail.file)
        self._tails.clear()

    def _begun(self, segment: Segment) -> list[Record]:
        """A segment that came to be since; one that has been packed already is read as such."""
        if segment.is_open and (tail := _open(segment)):
            self._tails[segment.serial] = tail
            return self._fresh(map(json.loads, tail.more()))
        from aipress.clouds.local.logs import asking

        folder = self._lines.of_tenant(self._tenant)
        return self._fresh(asking.whole(folder, segment.path)) if folder else []

    def _to_its_end(self, serial: int) -> list[Record]:
        tail, found = self._tails.pop(serial), list[Record]()
        while lines := [*tail.more()]:
            found += self._fresh(map(json.loads, lines))
        os.close(tail.file)
        return found

    def _once_more(self, segment: Segment) -> list[Record]:
        """A shipper that was killed has put another file in its place. Only what is newer than all told is new."""
        os.close(self._tails.pop(segment.serial).file)
        tail, last = _open(segment), self._last
        if tail is None:
            return []
        self._tails[segment.serial] = tail
        return self._fresh(row for row in map(json.loads, tail.more()) if row["id"] > last)

    def _fresh(self, rows: Iterable[Record]) -> list[Record]:
        fresh = []
        for row in rows:
            if row["id"] not in self._before:
                fresh.append(row)
                self._last = max(self._last, row["id"])
        return fresh


def matches(row: Record, query: LogQuery) -> bool:
    """Whether a line is wanted, as `find` would say; `until`, `before` and `limit` don't count."""
    return (
        row["time"] >= microseconds(query.since)
        and row["level"] in LEVELS[LEVELS.index(query.level) :]
        and (not query.sources or row["source"] in query.sources)
        and query.environment in ("", row["environment"])
        and query.request_id in ("", row["request_id"])
        and query.text.lower() in row["message"].lower()
    )


def _open(segment: Segment) -> Tail | None:
    try:
        file = os.open(segment.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    return Tail(file, os.fstat(file).st_ino, 0)


def _inode(segment: Segment) -> int:
    try:
        return segment.path.stat().st_ino
    except FileNotFoundError:
        return 0


def _last_line_end(file: int) -> int:
    size = os.fstat(file).st_size
    begin = max(0, size - BLOCK)
    return begin + os.pread(file, size - begin, begin).rfind(b"\n") + 1
