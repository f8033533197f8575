"""One round of the shipper after the other: read what is new, keep it, note both at once, give back the room of what was read."""

import ctypes
import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aipress.clouds.local.logs import tidying
from aipress.clouds.local.logs.logbook import Logbook, Mark
from aipress.clouds.local.logs.place import Lines
from aipress.clouds.local.logs.writing import Entry, Writer, recover
from aipress.clouds.local.metric_store import MetricStore
from aipress.clouds.local.shipper import shaping
from aipress.clouds.local.shipper.owners import Owners
from aipress.clouds.local.shipper.reading import read
from aipress.clouds.local.shipper.shaping import Said, Spot
from aipress.clouds.local.shipper.slow import SlowQueries
from aipress.clouds.local.shipper.sources import HEAD, Reading, Sources
from aipress.kit import logs

log = logs.get()
MOST_AT_ONCE = 1 << 23  # bytes read in one round
FARTHEST_BEHIND = 1 << 25  # bytes of one site's log: beyond, the oldest are passed over
GIVEN_BACK = 1 << 20  # bytes at a time
TIDY_SECONDS = 600.0
KEEP_SIZE, PUNCH_HOLE = 1, 2  # of fallocate(2)
libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Batch:
    """What one round is about to keep."""

    entries: list[Entry] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    skipped: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    read: list[tuple[Path, Mark]] = field(default_factory=list)
    size: int = 0


class Shipper:
    """Ships what is found below `data` into `data/lines`."""

    def __init__(
        self, data: Path, logbook: Logbook, quota_bytes: int, keep: timedelta, slow: SlowQueries | None = None
    ) -> None:
        self.logbook, self.keep, self.slow = logbook, keep, slow
        self.owners, self.sources = Owners(data), Sources(data, logbook)
        self.writer = Writer(Lines(data / "lines"), logbook, quota_bytes, self.owners.is_there)
        self.metrics = MetricStore(data / "metrics")
        self._given_back: dict[int, int] = {}
        self._tidied = 0.0
        recover(self.writer)

    def round(self) -> bool:
        """Ship what is there; whether there was anything."""
        self.owners.look_again()
        batch, was_news = Batch(), False
        for reading in self.sources.news():
            self._take(reading, batch)
            if batch.size >= MOST_AT_ONCE:
                was_news = self._ship(batch)
                batch = Batch()
        was_news = self._ship(batch) or was_news
        for entries, mark in self.slow.news(self.logbook, self.owners) if self.slow else ():
            was_news = True
            self.metrics.ship(entries)
            self.writer.write(entries, (mark,), {})
        if time.monotonic() > self._tidied + TIDY_SECONDS or not self._tidied:
            self._tidy()
        return was_news

    def _ship(self, batch: Batch) -> bool:
        if not batch.marks:
            return False
        # Counted first: what is read again after a death in between is known to be counted.
        self.metrics.ship(batch.entries)
        self.writer.write(batch.entries, batch.marks, batch.skipped)
        self.sources.note(batch.marks)
        for path, mark in batch.read:
            self._give_back(path, mark)
        tidying.pack_full(self.writer)
        return True

    def _take(self, reading: Reading, batch: Batch) -> None:
        """What a tenant may not keep is not even looked at; what one writes faster than is read is passed over."""
        owner = self.owners.tenant_of(reading.stream.environment) if reading.stream.environment else ""
        size = len(reading.content)
        if owner and self.writer.is_full(owner):
            batch.skipped[owner] += reading.content.count(b"\n")
        elif owner and reading.behind > FARTHEST_BEHIND:
            size = reading.line_behind(size + reading.behind - FARTHEST_BEHIND // 2)
            batch.entries.append(_passed_over(reading, owner, size))
        else:
            found = read(reading, self.owners)
            batch.entries += found.entries
            size = found.size
        if size:
            mark = reading.mark_behind(size)
            batch.marks.append(mark)
            batch.read.append((reading.path, mark))
            batch.size += size

    def _give_back(self, path: Path, mark: Mark) -> None:
        """The file goes on growing in length, and takes no more room than what is still to be read."""
        before, until = self._given_back.get(mark.serial, HEAD), mark.position // HEAD * HEAD
        if until - before < GIVEN_BACK:
            return
        self._given_back[mark.serial] = until
        try:
            punch(path, mark.inode, before, until)
        except OSError as error:
            log.warning("what was read can't be given back", file=str(path), why=error.strerror)

    def _tidy(self) -> None:
        self._tidied = time.monotonic()
        self.sources.forget_gone()
        tidying.clear_old(self.writer, self.keep)
        tidying.forget_empty(self.writer)
        tidying.count_sizes(self.writer)


def punch(path: Path, inode: int, begin: int, end: int) -> None:
    """Give the room of these bytes back, if the file is still that one. Raises OSError where that is not possible."""
    file = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        span = (ctypes.c_long(begin), ctypes.c_long(end - begin))
        if os.fstat(file).st_ino == inode and libc.fallocate(file, KEEP_SIZE | PUNCH_HOLE, *span) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(file)


def _passed_over(reading: Reading, owner: str, size: int) -> Entry:
    spot = Spot(reading.mark.serial, reading.begin, shaping.now())
    message = f"{size / 1_000_000:,.0f} MB of this site's PHP log were not kept: they came faster than lines are read."
    said = Said("platform", "warning", message)
    return shaping.entry(
        spot, (owner, reading.stream.environment), said, {"action": "logs.passed_over", "bytes": size}
    )
