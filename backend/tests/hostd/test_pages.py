"""Pages of an environment are forgotten when hostd is told to, and when its WordPress says that something changed."""

import asyncio
import os
from pathlib import Path

import pytest

from aipress.errors import CloudRefused
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud

pytestmark = [pytest.mark.root, needs_root]
NOTE = "file_put_contents(getenv('AIPRESS_PURGE_DIR') . '/changed', 'all'); echo 'noted';"


def now(cloud: SmallCloud, id: str) -> str:
    """What keys begin with; it has to be there."""
    link = cloud.place(id) / "pages/now"
    assert link.is_dir()
    return os.readlink(link)


async def until_taken_up(changed: Path, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while changed.exists():
            await asyncio.sleep(0.05)


async def test_a_purge_leaves_another_beginning_for_every_key_and_nothing_else(cloud: SmallCloud) -> None:
    id, other = await cloud.environment(1), await cloud.environment(2)
    before, of_other = now(cloud, id), now(cloud, other)
    for _ in range(3):
        await cloud.hostd.purge(id)
        assert now(cloud, id) != before
    assert now(cloud, other) == of_other
    assert sorted(os.listdir(cloud.place(id) / "pages")) == sorted(["now", now(cloud, id)])
    with pytest.raises(CloudRefused):
        await cloud.hostd.purge("0123456789ab")


async def test_a_purge_of_one_path_leaves_the_others(cloud: SmallCloud) -> None:
    id = await cloud.environment(1)
    shelf = cloud.data / "nginx/cache/0a"
    shelf.mkdir(parents=True)
    place = cloud.place(id) / "pages" / now(cloud, id)
    for name, path in (("a", "/menu/"), ("b", "/menu/more/"), ("c", "/menu/")):
        owner = place if name != "c" else cloud.place("0123456789ab") / "pages/x"
        (shelf / name).write_bytes(
            b"\x05\x00head\nKEY: "
            + os.fsencode(owner)
            + f" http a.localhost {path} \nStatus: 200\r\n\r\n".encode()
        )
    await cloud.hostd.purge(id, "/menu/")
    assert sorted(os.listdir(shelf)) == ["b", "c"]


async def test_what_wordpress_says_it_changed_is_taken_up_and_the_note_removed(cloud: SmallCloud) -> None:
    id = await cloud.environment(1)
    before = now(cloud, id)
    assert await cloud.run(id, NOTE) == "noted"
    changed = cloud.place(id) / "purge/changed"
    assert changed.stat().st_uid == FIRST_UID + 1
    await until_taken_up(changed)
    assert now(cloud, id) != before


async def test_a_note_outlives_hostd_and_is_taken_up_by_the_next_one(cloud: SmallCloud) -> None:
    id = await cloud.environment(1)
    await cloud.run(id, "echo 1;")
    cloud.kill()
    before = now(cloud, id)
    assert await cloud.run(id, NOTE) == "noted"
    await cloud.start()
    await until_taken_up(cloud.place(id) / "purge/changed")
    assert now(cloud, id) != before


async def test_an_environment_of_an_older_release_gets_its_place_for_pages(cloud: SmallCloud) -> None:
    id = await cloud.environment(1)
    await cloud.stop()
    for path in ("pages/now", f"pages/{now(cloud, id)}", "pages", "purge"):
        path = cloud.place(id) / path
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    await cloud.start()
    assert now(cloud, id)
    assert (cloud.place(id) / "purge").stat().st_uid == FIRST_UID + 1
