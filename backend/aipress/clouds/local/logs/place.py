"""Where lines lie: `lines/<tenant>/<environment>/`, in segments. New lines go into a text, which is later packed as Parquet.

`open-<serial>.jsonl` is still written to; `<serial>-<first>-<last>.parquet` never changes (first and last are the times of its
lines, in microseconds, hexadecimal). A tenant's folder is all that a question of theirs can open.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TENANT = re.compile(r"[a-z0-9_]{1,64}")
ENVIRONMENT = re.compile(r"[0-9a-f]{12}")
OPEN = re.compile(r"open-(\d{10})\.jsonl")
SEALED = re.compile(r"(\d{10})-([0-9a-f]{14})-([0-9a-f]{14})\.parquet")
REFUSED = "refused"
FOREVER = (1 << 56) - 1  # microseconds: the year 4253


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of lines, and the times between which they happened: of an open one nobody knows yet."""

    path: Path
    serial: int
    first: int = 0
    last: int = FOREVER

    @property
    def is_open(self) -> bool:
        return self.path.suffix == ".jsonl"


@dataclass(frozen=True)
class Lines:
    """The folder of all lines of this installation."""

    folder: Path

    def of_tenant(self, tenant: str) -> Path | None:
        """Their folder; None for what can be nobody's name."""
        return self.folder / tenant if TENANT.fullmatch(tenant) else None

    def segments(self, tenant: str, environment: str = "") -> list[Segment]:
        """What there is now, of one environment or of all. What is being packed is there once."""
        folder = self.of_tenant(tenant)
        if folder is None or (environment and not ENVIRONMENT.fullmatch(environment)):
            return []
        rooms = [folder / environment] if environment else _rooms(folder)
        return [segment for room in rooms for segment in segments_in(room)]

    def environments(self) -> Iterator[Path]:
        """The folder of every environment there are lines of."""
        for tenant in self.tenants():
            yield from _rooms(tenant)

    def tenants(self) -> list[Path]:
        """The folder of everybody there ever were lines of."""
        with suppress(FileNotFoundError):
            return [
                Path(entry.path)
                for entry in os.scandir(self.folder)
                if TENANT.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            ]
        return []

    def size_of(self, tenant: str) -> int:
        """Bytes of all their segments."""
        total = 0
        for segment in self.segments(tenant):
            with suppress(FileNotFoundError):
                total += segment.path.stat().st_size
        return total

    def refused(self, tenant: str) -> int:
        """How many lines were refused since there was room."""
        folder = self.of_tenant(tenant)
        try:
            return int((folder / REFUSED).read_text()) if folder else 0
        except (FileNotFoundError, ValueError):
            return 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else adds or removes meanwhile. Held for the time of one batch, so nobody waits long."""
        door = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield
        finally:
            os.close(door)


def segments_in(room: Path) -> list[Segment]:
    """The segments in one environment's folder, oldest first."""
    found: dict[int, Segment] = {}
    with suppress(FileNotFoundError):
        for entry in os.scandir(room):
            if shaped := OPEN.fullmatch(entry.name):
                found.setdefault(int(shaped[1]), Segment(Path(entry.path), int(shaped[1])))
            elif shaped := SEALED.fullmatch(entry.name):
                first, last = int(shaped[2], 16), int(shaped[3], 16)
                found[int(shaped[1])] = Segment(Path(entry.path), int(shaped[1]), first, last)
    return [found[serial] for serial in sorted(found)]


def open_name(serial: int) -> str:
    return f"open-{serial:010}.jsonl"


def sealed_name(serial: int, first: int, last: int) -> str:
    return f"{serial:010}-{first:014x}-{last:014x}.parquet"


def microseconds(moment: datetime) -> int:
    """Since 1970; whatever lies before or far beyond is as near as can be said."""
    return max(0, min(FOREVER, round(moment.timestamp() * 1_000_000)))


def _rooms(folder: Path) -> list[Path]:
    with suppress(FileNotFoundError):
        return sorted(
            Path(entry.path)
            for entry in os.scandir(folder)
            if ENVIRONMENT.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        )
    return []


def sayable(text: str) -> str:
    """What is no text (half a character) is found nowhere, and breaks nothing."""
    return text.encode("utf-8", "replace").decode()
