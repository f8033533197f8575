"""The list of a site's own files: lines of JSON through a pipe, so that it may be of any length and nobody holds all of it.

`["begin", moment]`, then `["file", path, size, changed, md5]` and `["left", name, why]`, and last `["end"]`, or
`["failed", why]`. Moments are nanoseconds; `md5` is empty for what was not changed since the moment that was asked for.
"""

import contextlib
import hashlib
import json
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self

from aipress.clouds.files import fault_of, is_carried, shown
from aipress.hostd.handing import Handed
from aipress.hostd.verbs import Refusal

MOST, MOST_LEFT_OUT = (
    1_000_000,
    200,
)  # a tree that grows as it is walked has an end, and so has what is said of it
PIECE = 256 * 1024
CLOCKS_DIFFER = 1_000_000_000  # ns: a file system's clock may be behind
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Whose(Protocol):
    """A content, open, that knows its own files."""

    @property
    def descriptor(self) -> int: ...

    def check(self, file: int) -> os.stat_result: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """What to walk through. Links that begin with `shipped` are the platform's; `since` is as in the verb."""

    content: Whose
    shipped: str
    since: int


def begin(write_lines: Callable[[int], None], ended: Callable[[], object]) -> Handed:
    """Let a thread write to a pipe; who is handed its other end reads. Whoever stops reading ends it."""
    reads, writes = os.pipe2(os.O_CLOEXEC)

    def go() -> None:
        try:
            with contextlib.suppress(BrokenPipeError):
                try:
                    write_lines(writes)
                except (Refusal, OSError) as error:
                    os.write(writes, _line("failed", str(error)))
        finally:
            os.close(writes)
            ended()

    threading.Thread(target=go, name="listing", daemon=True).start()
    return Handed(None, reads)


def write(walk: Walk, out: int) -> None:
    """All lines. Raises OSError."""
    left_out = 0
    with open(os.dup(out), "wb", buffering=64 * 1024) as lines:
        lines.write(_line("begin", time.time_ns() - CLOCKS_DIFFER))
        for line in _found(walk):
            left_out += line[0] == "left"
            if line[0] != "left" or left_out <= MOST_LEFT_OUT:
                lines.write(_line(*line))
        if left_out > MOST_LEFT_OUT:
            lines.write(_line("left", "…", f"and {left_out - MOST_LEFT_OUT} more"))
        lines.write(_line("end"))


Line = tuple[object, ...]


def _line(*parts: object) -> bytes:
    return json.dumps(parts).encode() + b"\n"


def _found(walk: Walk) -> Iterator[Line]:
    """Everything there is, one folder after another, each by descriptor from the one above it."""
    looked_at = 0
    with _Way(walk.content.descriptor) as way:
        while here := way.here:
            name = here.next_name()
            if name is None:
                way.leave()
                continue
            looked_at += 1
            if looked_at > MOST:
                raise Refusal("too_many", f"there are more than {MOST:,} files")
            if line := _look(walk, way, here, name):
                yield line


def _look(walk: Walk, way: "_Way", here: "_Folder", name: str) -> Line | None:
    """What one name is: a line, or a folder to go on in. What is gone by now is nothing."""
    path = here.path + name
    try:
        mode = os.stat(name, dir_fd=here.descriptor, follow_symlinks=False).st_mode
        if not is_carried(f"{path}/") or _is_shipped(walk, here, name, mode):
            return None
        if fault := fault_of(path) or _fault_of(mode):
            return ("left", shown(path), fault)
        if stat.S_ISREG(mode):
            return _file(walk, here, name)
        way.enter(here, name)
    except FileNotFoundError:
        return None
    except (Refusal, OSError) as error:
        return ("left", shown(path), f"it can't be read: {error}")
    return None


def _is_shipped(walk: Walk, here: "_Folder", name: str, mode: int) -> bool:
    """Whether it is a link the platform made, to a theme of the core's."""
    is_one = stat.S_ISLNK(mode) and here.path == "themes/"
    return is_one and os.readlink(name, dir_fd=here.descriptor) == f"{walk.shipped}/{name}"


def _fault_of(mode: int) -> str:
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return ""
    return "it is a link" if stat.S_ISLNK(mode) else "it is no file"


def _file(walk: Walk, here: "_Folder", name: str) -> Line:
    file = os.open(name, READING, dir_fd=here.descriptor)
    try:
        known = walk.content.check(file)
        digest = _md5(file, known.st_size) if known.st_ctime_ns >= walk.since else ""
        return ("file", here.path + name, known.st_size, known.st_ctime_ns, digest)
    finally:
        os.close(file)


def _md5(file: int, size: int) -> str:
    """Of so many bytes: one that grows meanwhile has an end."""
    digest = hashlib.md5(usedforsecurity=False)
    while size > 0 and (piece := os.read(file, min(PIECE, size))):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()


class _Folder:
    """A folder on the way down: its descriptor, its path with a slash behind it, and the names still to be looked at."""

    __slots__ = ("_entries", "descriptor", "path")

    def __init__(self, descriptor: int, path: str) -> None:
        self.descriptor, self.path = descriptor, path
        self._entries = os.scandir(descriptor)

    def next_name(self) -> str | None:
        """None after the last."""
        entry = next(self._entries, None)
        return entry.name if entry else None

    def close(self) -> None:
        """Let go of it."""
        self._entries.close()
        os.close(self.descriptor)


class _Way:
    """The folders from the content down to where we are, open."""

    def __init__(self, content: int) -> None:
        self._folders = [_Folder(os.open(".", os.O_DIRECTORY | READING, dir_fd=content), "")]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._folders:
            self.leave()

    @property
    def here(self) -> _Folder | None:
        """The innermost; None when all is seen."""
        return self._folders[-1] if self._folders else None

    def enter(self, here: _Folder, name: str) -> None:
        """One further down."""
        below = os.open(name, os.O_DIRECTORY | READING, dir_fd=here.descriptor)
        self._folders.append(_Folder(below, f"{here.path}{name}/"))

    def leave(self) -> None:
        """Back to the one above."""
        self._folders.pop().close()
