"""Mail of this machine: hostd hands over what sites lay down; what became of it is kept in a directory of the control plane's."""

import asyncio
import base64
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from aipress.clouds.mail import Kept, Waiting
from aipress.hostd.client import Hostd
from aipress.kit.files import write_whole

MOST, MOST_BYTES = 500, 64 * 2**20  # of one environment
ENVIRONMENT, KEPT_ID = re.compile(r"[0-9a-f]{12}"), re.compile(r"[0-9]{13}-[A-Za-z0-9]{12}")


class LocalMail:
    """Per environment a directory, per message an `.eml` as it was handed over and then a `.json` that says what became of it."""

    def __init__(self, directory: Path, hostd: Hostd) -> None:
        self.directory, self.hostd = directory, hostd

    async def waiting(self, done: Mapping[str, Sequence[str]]) -> Sequence[Waiting]:
        found = await self.hostd.take_mail(done)
        return [
            Waiting(one.id, one.name, one.size, base64.b64decode(one.content) if one.content else None)
            for one in found
        ]

    async def keep(self, environment_id: str, kept: Kept, content: bytes) -> None:
        await asyncio.to_thread(self._keep, self._place(environment_id), kept, content)

    async def kept(self, environment_id: str, limit: int, before: str = "") -> list[Kept]:
        return await asyncio.to_thread(self._kept, self._place(environment_id), limit, before)

    async def named(self, environment_id: str, name: str) -> Kept | None:
        ids = [id for id in _ids(self._place(environment_id)) if id.partition("-")[2] == name]
        return _read(self._place(environment_id) / f"{ids[0]}.json") if ids else None

    async def read(self, environment_id: str, id: str) -> tuple[Kept, bytes] | None:
        place = self._place(environment_id)
        kept = _read(place / f"{id}.json") if KEPT_ID.fullmatch(id) else None
        if kept is None:
            return None
        return kept, await asyncio.to_thread((place / f"{id}.eml").read_bytes)

    async def remove(self, environment_id: str) -> None:
        await asyncio.to_thread(shutil.rmtree, self._place(environment_id), ignore_errors=True)

    async def existing(self) -> set[str]:
        if not self.directory.is_dir():
            return set()
        return {entry.name for entry in self.directory.iterdir() if ENVIRONMENT.fullmatch(entry.name)}

    def _place(self, environment_id: str) -> Path:
        if not ENVIRONMENT.fullmatch(environment_id):
            raise ValueError("that is no environment")
        return self.directory / environment_id

    def _keep(self, place: Path, kept: Kept, content: bytes) -> None:
        write_whole(place / f"{kept.id}.eml", content)
        write_whole(place / f"{kept.id}.json", json.dumps(asdict(kept), default=datetime.isoformat).encode())
        self._make_room(place)

    def _kept(self, place: Path, limit: int, before: str) -> list[Kept]:
        wanted = [id for id in _ids(place) if not before or id < before][:limit]
        return [kept for id in wanted if (kept := _read(place / f"{id}.json"))]

    def _make_room(self, place: Path) -> None:
        """The newest that fit stay, and at least one."""
        total = 0
        for number, id in enumerate(_ids(place)):
            total += (place / f"{id}.eml").stat().st_size
            if number and (number >= MOST or total > MOST_BYTES):
                for ending in ("json", "eml"):
                    (place / f"{id}.{ending}").unlink(missing_ok=True)


def _ids(place: Path) -> list[str]:
    """Newest first."""
    return sorted((path.stem for path in place.glob("*-*.json")), reverse=True)


def _read(path: Path) -> Kept | None:
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    recipients, time = tuple(told["recipients"]), datetime.fromisoformat(told["time"])
    return Kept(**{**told, "recipients": recipients, "time": time})
