"""Files of an environment as whoever carries them gets them from hostd, and what a tenant may do meanwhile."""

import asyncio
import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from aipress.hostd.handing import kept_open
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

ID, OTHER = environment_id(1), environment_id(2)
UID = FIRST_UID + 1


async def made(cloud: SmallCloud, number: int = 1) -> Path:
    return cloud.place(await cloud.environment(number)) / "content"


async def write(cloud: SmallCloud, path: str, content: bytes) -> None:
    descriptor, draft = await cloud.hostd.draft_file(ID)
    with kept_open(descriptor), open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    await cloud.hostd.keep_file(ID, path, draft)


async def read(cloud: SmallCloud, path: str) -> bytes:
    descriptor, size = await cloud.hostd.read_file(ID, path)
    with open(descriptor, "rb") as file:
        return file.read(size)


async def lines_of(cloud: SmallCloud, id: str, since: int = 0) -> list[list[object]]:
    descriptor = await cloud.hostd.list_files(id, since)
    lines = [json.loads(line) for line in await asyncio.to_thread(_read_all, descriptor)]
    assert lines[-1] == ["end"], lines
    return lines


async def listed(cloud: SmallCloud, kind: str = "", since: int = 0) -> list[tuple[str, ...]]:
    lines = await lines_of(cloud, ID, since)
    return [tuple(line) for line in lines[1:-1] if not kind or line[0] == kind]  # type: ignore[misc]


def weak_read(content: Path, path: str) -> str:
    """By name and as root, as it must not be done."""
    return (content / path).read_text()


@contextlib.contextmanager
def swapped(folder: Path, target: Path) -> Iterator[None]:
    """The folder and a link to `target` take each other's place again and again, as fast as a tenant can."""
    aside, link, is_over = folder.with_name("aside"), folder.with_name("link"), threading.Event()

    def swap() -> None:
        while not is_over.is_set():
            link.symlink_to(target)
            os.lchown(link, UID, UID)
            folder.rename(aside)
            link.rename(folder)
            folder.unlink()
            aside.rename(folder)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def until(is_so: Callable[[], bool]) -> bool:
    return any(is_so() for _ in range(200_000))


def or_nothing(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except OSError:
        return ""


def touch(path: bytes) -> None:
    with open(path, "wb"):
        os.chown(path, UID, UID)


def _read_all(descriptor: int) -> list[bytes]:
    with open(descriptor, "rb") as lines:
        return lines.readlines()
