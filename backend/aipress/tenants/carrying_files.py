"""Carries a site's files from one cloud's bucket to another's: what differs is carried, a few at a time and a piece at a time.

Whoever is killed begins again and finds what arrived. Nothing here knows which clouds these are.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aipress.clouds.files import Files, KeepsFiles, Stored
from aipress.errors import CloudBusy, CloudError, CloudRefused

AT_ONCE = 12
ROUNDS = 5
PATIENCE, FIRST_PAUSE, LONGEST_PAUSE = 30.0, 0.05, 4.0  # seconds, for one file of a busy cloud
FORGOTTEN_AT_ONCE = 500


@dataclass(frozen=True)
class Side:
    """Where a site's files are, or are to be."""

    buckets: KeepsFiles
    environment_id: str

    async def files(self) -> Files:
        """What is there now."""
        return await self.buckets.files(self.environment_id)


@dataclass(frozen=True)
class Carried:
    """What there was to carry in all, what of it was carried now, and what can't be, each by a name that can be shown and why."""

    files: int = 0
    bytes: int = 0
    carried: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)


async def carry_files(source: Side, target: Side) -> Carried:
    """Carry once what differs, also of a site that goes on changing. Raises CloudRefused or NoRoom, before anything, where it does not fit."""
    wanted = await source.files()
    await target.buckets.check_fits(wanted)
    differing = different(wanted, await target.files())
    await _carry(source, target, differing)
    return _told(wanted, len(differing))


async def carry_all_files(source: Side, target: Side) -> Carried:
    """The target has exactly the source's files, compared by size and MD5, when this returns. Said of a site that stands still.

    Raises CloudBusy where it changes all the time.
    """
    carried = 0
    for _ in range(ROUNDS):
        wanted = await source.files()
        await target.buckets.check_fits(wanted)
        held = await target.files()
        differing, surplus = different(wanted, held), sorted(held.keys() - wanted.keys())
        if not differing and not surplus:
            await target.buckets.settle(target.environment_id)
            return _told(wanted, carried)
        for start in range(0, len(surplus), FORGOTTEN_AT_ONCE):
            paths = surplus[start : start + FORGOTTEN_AT_ONCE]
            await target.buckets.forget(target.environment_id, paths)
        await _carry(source, target, differing)
        carried += len(differing)
    raise CloudBusy("The site's files go on changing while they are carried. Ask again.")


def different(wanted: Mapping[str, Stored], held: Mapping[str, Stored]) -> list[str]:
    """The paths of what is missing or not the same, the largest last: the many small ones are soon there."""
    return sorted(
        (path for path, one in wanted.items() if held.get(path) != one),
        key=lambda path: (wanted[path].size, path),
    )


def _told(wanted: Files, carried: int) -> Carried:
    return Carried(len(wanted), sum(one.size for one in wanted.values()), carried, wanted.left_out)


async def _carry(source: Side, target: Side, paths: Iterable[str]) -> None:
    """All of them, a few at once. What was refused is looked at once all others are there: it may be gone by now."""
    under_way = _UnderWay(source, target, iter(paths))
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(under_way.go_on())
    if under_way.broken:
        raise under_way.broken[0]
    there = await source.files() if under_way.refused else Files()
    for path, error in under_way.refused.items():
        if path in there:
            raise error


@dataclass
class _UnderWay:
    """What several carriers share: the paths nobody took yet, and what went wrong."""

    source: Side
    target: Side
    paths: Iterator[str]
    refused: dict[str, CloudRefused] = field(default_factory=dict)
    broken: list[CloudError] = field(default_factory=list)

    async def go_on(self) -> None:
        """One file after another, until none is left, or the cloud lets one of us down."""
        while not self.broken and (path := next(self.paths, None)) is not None:
            try:
                await self._carry_patiently(path)
            except CloudRefused as error:
                self.refused[path] = error
            except CloudError as error:
                self.broken.append(error)

    async def _carry_patiently(self, path: str) -> None:
        """A step's own patience counts from its beginning, and all files of a site may take longer than that."""
        end, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while True:
            try:
                return await self._carry(path)
            except CloudBusy:
                if time.monotonic() + pause > end or self.broken:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _carry(self, path: str) -> None:
        content = self.source.buckets.read(self.source.environment_id, path)
        await self.target.buckets.write(self.target.environment_id, path, content)
