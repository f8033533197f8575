"""Buckets in a dict: the files of each environment by path."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING

from aipress.clouds.base import Bucket, EnvironmentSpec
from aipress.clouds.files import Files, Stored, fault_of, is_carried, shown, stored
from aipress.errors import CloudRefused
from tests.fakes.shelf import Shelf

if TYPE_CHECKING:
    from tests.fakes.cloud import FakeCloud

PIECE = 7  # bytes: whoever reads gets a file in many pieces


class FakeBuckets(Shelf):
    """`contents[id][path]` is a file; a path that can't be carried may lie in it, too. `settled` is what each looked like then."""

    def __init__(self, cloud: "FakeCloud", noun: str) -> None:
        super().__init__(cloud, noun)
        self.contents: dict[str, dict[str, bytes]] = {}
        self.settled: dict[str, Files] = {}
        self.most_bytes = 10**9

    async def ensure(self, environment: EnvironmentSpec) -> Bucket:
        await self.hear("ensure")
        self.things.add(environment.id)
        self.contents.setdefault(environment.id, {})
        return Bucket(environment.id)

    async def files(self, environment_id: str) -> Files:
        await self.hear("list files of")
        held = {path: content for path, content in self._held(environment_id).items() if is_carried(path)}
        faults = {shown(path): fault for path in held if (fault := fault_of(path))}
        return Files({path: stored(content) for path, content in held.items() if not fault_of(path)}, faults)

    async def read(self, environment_id: str, path: str) -> AsyncIterator[bytes]:
        await self.hear("read")
        if path not in self._held(environment_id):
            raise CloudRefused(f"{environment_id} has no file {shown(path)}")
        content = self._held(environment_id)[path]
        for start in range(0, len(content), PIECE):
            yield content[start : start + PIECE]

    async def write(self, environment_id: str, path: str, content: AsyncIterable[bytes]) -> None:
        await self.hear("write")
        if fault := fault_of(path):
            raise CloudRefused(f"{shown(path)} can't be written: {fault}")
        whole = b"".join([piece async for piece in content])
        self._held(environment_id)[path] = whole

    async def forget(self, environment_id: str, paths: Iterable[str]) -> None:
        await self.hear("forget files of")
        for path in paths:
            self._held(environment_id).pop(path, None)

    async def settle(self, environment_id: str) -> None:
        await self.hear("settle")
        self.settled[environment_id] = await self.files(environment_id)

    async def check_fits(self, files: Mapping[str, Stored]) -> None:
        await self.hear("look for room for files in")
        if sum(one.size for one in files.values()) > self.most_bytes:
            raise CloudRefused("That is too much for this cloud; nothing was moved.")

    async def remove(self, environment_id: str) -> None:
        await super().remove(environment_id)
        self.contents.pop(environment_id, None)
        self.settled.pop(environment_id, None)

    def _held(self, environment_id: str) -> dict[str, bytes]:
        if environment_id not in self.things:
            raise CloudRefused(f"{environment_id} has no bucket")
        return self.contents[environment_id]
