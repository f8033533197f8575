"""An environment's directory: its plugins, themes and uploads. hostd opens its files for us, and we read and write them."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aipress.clouds.base import Bucket, EnvironmentSpec
from aipress.clouds.files import Files, Stored, fault_of, shown
from aipress.clouds.local.runtime import MB, uid_of
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudRefused, NoRoom
from aipress.hostd.client import Hostd
from aipress.hostd.handing import kept_open

PIECE = 256 * 1024
FORGOTTEN_AT_ONCE = 60  # of paths of 900 bytes a request holds so many
MOST_FILES = 500_000
LONGEST_LISTING = 3600.0  # seconds to read every file of a site once
REMEMBERED = 4  # environments whose MD5s are known here


@dataclass
class _Known:
    """A listing as far as it is read. `files` holds size, moment of the last change and MD5; `since`: what changed before is in it."""

    since: int = 0
    files: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    is_whole: bool = False


class HostdBuckets:
    """A directory each, which belongs to that environment's own user."""

    def __init__(self, hostd: Hostd, settings: Settings) -> None:
        self.hostd, self.settings = hostd, settings
        self._known: dict[str, _Known] = {}

    async def ensure(self, environment: EnvironmentSpec) -> Bucket:
        await self.hostd.make_files(
            environment.id, uid_of(environment, self.settings), self.settings.wordpress_version
        )
        return Bucket(environment.id)

    async def files(self, environment_id: str) -> Files:
        """What did not change since it was listed before is not read again: whoever moves a large site asks twice."""
        known = self._known.pop(environment_id, _Known())
        listed = await self._listed(environment_id, known)
        if any(not md5 for _, _, md5 in listed.files.values()):  # changed in a way its time does not tell
            listed = await self._listed(environment_id, _Known())
        self._known[environment_id] = listed
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return Files(
            {path: Stored(size, md5) for path, (size, _, md5) in listed.files.items()}, listed.left_out
        )

    async def read(self, environment_id: str, path: str) -> AsyncIterator[bytes]:
        descriptor, left = await self.hostd.read_file(environment_id, path)
        with kept_open(descriptor):
            while left and (piece := await asyncio.to_thread(os.read, descriptor, min(PIECE, left))):
                left -= len(piece)
                yield piece

    async def write(self, environment_id: str, path: str, content: AsyncIterable[bytes]) -> None:
        """A reserve of the disk stays free, as when a site is made."""
        if fault := fault_of(path):
            raise CloudRefused(f"{shown(path)} can't be written: {fault}.")
        await self._check_room(0)
        descriptor, draft = await self.hostd.draft_file(environment_id)
        with kept_open(descriptor):
            async for piece in content:
                await asyncio.to_thread(_write, descriptor, piece)
        await self.hostd.keep_file(environment_id, path, draft)

    async def forget(self, environment_id: str, paths: Iterable[str]) -> None:
        wanted = [path for path in paths if not fault_of(path)]
        for start in range(0, len(wanted), FORGOTTEN_AT_ONCE):
            await self.hostd.forget_files(environment_id, wanted[start : start + FORGOTTEN_AT_ONCE])

    async def settle(self, environment_id: str) -> None:
        """PHP finds what lies there; there is nothing to do."""

    async def check_fits(self, files: Mapping[str, Stored]) -> None:
        await self._check_room(sum(one.size for one in files.values()))

    async def remove(self, environment_id: str) -> None:
        self._known.pop(environment_id, None)
        await self.hostd.remove_files(environment_id)

    async def existing(self) -> set[str]:
        held = (await self.hostd.inventory()).environments
        return {environment_id for environment_id, holding in held.items() if holding.files}

    async def _check_room(self, wanted: int) -> None:
        free = shutil.disk_usage(self.settings.data_dir).free
        if free - wanted < self.settings.disk_reserve_mb * MB:
            raise NoRoom(
                f"The disk has no room for these files: {free // MB} MB are free, {wanted // MB} MB are to come, and "
                f"{self.settings.disk_reserve_mb} MB are kept for the sites that exist. Free some space and ask again."
            )

    async def _listed(self, environment_id: str, before: _Known) -> _Known:
        descriptor = await self.hostd.list_files(environment_id, before.since)
        listed = _Known()
        try:
            async with asyncio.timeout(LONGEST_LISTING):
                await asyncio.to_thread(_read_lines, descriptor, before, listed)
        except TimeoutError:
            raise CloudBusy("Listing a site's files takes very long; ask again.") from None
        if not listed.is_whole:
            raise CloudBusy("hostd went away while it listed a site's files. It is safe to ask again.")
        return listed


def _read_lines(descriptor: int, before: _Known, listed: _Known) -> None:
    """Every line there is (`hostd/listing.py`). An MD5 that is not told is the one from before, if the file is the same."""
    with open(descriptor, "rb") as lines:
        for kind, *told in map(json.loads, _whole(lines)):
            match kind, told:
                case "begin", [moment]:
                    listed.since = moment
                case "file", [path, size, changed, md5]:
                    was = before.files.get(path, (None, None, ""))
                    same = was[2] if was[:2] == (size, changed) else ""
                    listed.files[path] = (size, changed, md5 or same)
                case "left", [name, why]:
                    listed.left_out[name] = why
                case "failed", [why]:
                    raise CloudRefused(f"The site's files can't be listed: {why}.")
                case "end", []:
                    listed.is_whole = True
            if len(listed.files) > MOST_FILES:
                raise CloudRefused(f"The site has more than {MOST_FILES:,} files, too many to carry.")


def _whole(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Without the one that hostd did not finish."""
    return (line for line in lines if line.endswith(b"\n"))


def _write(descriptor: int, piece: bytes) -> None:
    left = memoryview(piece)
    try:
        while left:
            left = left[os.write(descriptor, left) :]
    except OSError as error:
        raise NoRoom(f"A file can't be written: {error.strerror}. Free some space and ask again.") from error
