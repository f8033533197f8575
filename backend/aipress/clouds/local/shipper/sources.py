"""The files lines are found in, and how far each was read. A file is known by its number and its first line, whatever it is called,
so one that was renamed is read to its end, and a new one under the same name from its beginning."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

from aipress.clouds.local.logs.logbook import Logbook, Mark
from aipress.clouds.local.logs.place import ENVIRONMENT

HEAD = 4096  # bytes a file is known by; their room is never given back
MOST_OF_A_SITE = 1 << 18  # bytes of one site's log in one round: others have their turn
MOST_OF_ALL = 1 << 22
QUIET = 1.0  # seconds after which what was written last is whole
OVER = 5.0  # seconds after which nobody writes to a renamed file any more

Kind = Literal["access", "php", "stated"]


@dataclass(frozen=True)
class Stream:
    """Files under one name, whatever is put behind it when they are renamed."""

    name: str
    kind: Kind
    folder: Path
    prefix: str
    environment: str = ""


@dataclass(frozen=True)
class Reading:
    """What was read of a file: whole lines from `begin` on. `is_whole`: nothing will be added to the last one."""

    stream: Stream
    path: Path
    mark: Mark
    content: bytes
    is_whole: bool
    behind: int

    @property
    def begin(self) -> int:
        return self.mark.position

    def mark_behind(self, size: int) -> Mark:
        """Where it is read on, `size` bytes later."""
        return replace(self.mark, position=self.begin + size)

    def line_behind(self, size: int) -> int:
        """The same, but not within a line."""
        with open(self.path, "rb") as file:
            if os.fstat(file.fileno()).st_ino != self.mark.inode:
                return size
            file.seek(self.begin + size - 1)
            return size - 1 + len(file.readline(MOST_OF_ALL))


class Sources:
    """Every file below one data directory."""

    def __init__(self, data: Path, logbook: Logbook) -> None:
        self.data, self.logbook = data, logbook
        files = [one for one in logbook.marks() if one.inode]
        self._marks: dict[tuple[str, int], Mark] = {(one.name, one.inode): one for one in files}
        self._names: dict[str, int] = {}

    def news(self) -> Iterator[Reading]:
        """What was written since it was read last, file by file, the older of a name first."""
        for stream in self._streams():
            files, read = self._files(stream), set[int]()
            for path, found in files:
                is_newest = path == files[-1][0]
                reading = self._read(stream, path, found, is_newest)
                # One that is renamed while its folder is looked at may be listed under both names.
                if reading is not None and reading.mark.serial not in read:
                    read.add(reading.mark.serial)
                    yield reading

    def note(self, marks: Iterable[Mark]) -> None:
        """The logbook has them."""
        for mark in marks:
            self._marks[mark.name, mark.inode] = mark

    def forget_gone(self) -> None:
        """Forget files that are there no more."""
        there = {(stream.name, found.st_ino) for stream in self._streams() for _, found in _listed(stream)}
        for key in self._marks.keys() - there:
            self.logbook.forget_source(self._marks.pop(key).serial)

    def _streams(self) -> Iterator[Stream]:
        logs = self.data / "logs"
        yield Stream("nginx", "access", logs / "nginx", "access.log")
        for path in sorted((logs / "control").glob("*.log")):
            yield Stream(f"control/{path.name}", "stated", path.parent, path.name)
        with suppress(FileNotFoundError):
            for entry in os.scandir(self.data / "environments"):
                if ENVIRONMENT.fullmatch(entry.name):
                    name = f"php/{entry.name}"
                    yield Stream(name, "php", Path(entry.path, "logs"), "php.log", entry.name)

    def _files(self, stream: Stream) -> list[tuple[Path, os.stat_result]]:
        """As a rule it is the one file. When that is another than last time, what became of the last is looked for."""
        path = stream.folder / stream.prefix
        with suppress(OSError):
            found = path.stat(follow_symlinks=False)
            if self._names.get(stream.name) == found.st_ino:
                return [(path, found)]
            files = _listed(stream)
            if all(self._is_read(stream, one) for _, one in files if one.st_ino != found.st_ino):
                self._names[stream.name] = found.st_ino
            return files
        return _listed(stream)

    def _is_read(self, stream: Stream, found: os.stat_result) -> bool:
        mark = self._marks.get((stream.name, found.st_ino))
        is_read = mark is not None and mark.position >= found.st_size
        return is_read and time.time() - found.st_mtime > OVER

    def _read(self, stream: Stream, path: Path, found: os.stat_result, is_newest: bool) -> Reading | None:
        mark = self._marks.get((stream.name, found.st_ino))
        if mark is not None and mark.position == found.st_size:
            return None
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            now = os.fstat(file)
            quiet = time.time() - now.st_mtime
            is_over = not is_newest and quiet > OVER
            mark = self._mark_of(stream, file, now, is_over)
            if mark is None:
                return None
            return _reading(stream, path, file, mark, (now.st_size, quiet > QUIET, is_over))
        finally:
            os.close(file)

    def _mark_of(self, stream: Stream, file: int, found: os.stat_result, is_over: bool) -> Mark | None:
        """Where it was read to; None while it has no whole line to be known by."""
        first = os.pread(file, HEAD, 0)
        end = first.find(b"\n")
        if end < 0 and len(first) < HEAD and not (is_over and first):
            return None
        head = sha256(first[: end + 1] if end >= 0 else first).hexdigest()[:32]
        known = self._marks.get((stream.name, found.st_ino))
        if known and known.head == head and known.position <= found.st_size:
            return known
        if known:
            self.logbook.forget_source(known.serial)
        # Written down before anything of it is read: whoever reads it again after a death knows it by the same number.
        fresh = Mark(self.logbook.next_serial("source"), stream.name, found.st_ino, head, 0)
        self.logbook.write((fresh,), (), {})
        self._marks[stream.name, found.st_ino] = fresh
        return fresh


def _reading(
    stream: Stream, path: Path, file: int, mark: Mark, state: tuple[int, bool, bool]
) -> Reading | None:
    size, is_quiet, is_over = state
    most = MOST_OF_A_SITE if stream.kind == "php" else MOST_OF_ALL
    content = os.pread(file, most, mark.position)
    at_end = mark.position + len(content) >= size
    # A line longer than all that is read at once is cut; the last of a file nobody writes to has no end.
    if not (len(content) == most and b"\n" not in content) and not (at_end and is_over):
        content = content[: content.rfind(b"\n") + 1]
    if not content:
        return None
    return Reading(
        stream, path, mark, content, at_end and (is_quiet or is_over), size - mark.position - len(content)
    )


def _listed(stream: Stream) -> list[tuple[Path, os.stat_result]]:
    """Every file of the stream, in the order they were written; the one that has the plain name last."""
    found = []
    with suppress(OSError):
        for entry in os.scandir(stream.folder):
            if entry.name.startswith(stream.prefix) and entry.is_file(follow_symlinks=False):
                found.append((Path(entry.path), entry.stat(follow_symlinks=False)))
    return sorted(found, key=lambda one: (one[0].name == stream.prefix, one[1].st_mtime_ns))
