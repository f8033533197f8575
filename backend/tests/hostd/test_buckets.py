"""The local cloud's buckets on a real hostd: what is listed twice is read once, a disk keeps its reserve, and files that move end."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aipress.clouds.files import Stored, stored
from aipress.clouds.local.buckets import PIECE, HostdBuckets
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudError, NoRoom
from aipress.hostd.client import Hostd
from aipress.tenants.carrying_files import Side, carry_all_files
from tests.hostd.carried import ID, OTHER, UID, made
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud

pytestmark = [pytest.mark.root, needs_root]


def buckets_of(cloud: SmallCloud, reserve_mb: int = 1) -> HostdBuckets:
    return HostdBuckets(
        cloud.hostd, Settings(data_dir=cloud.data, uid_base=FIRST_UID, disk_reserve_mb=reserve_mb)
    )


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_what_changed_is_told_whatever_its_time_and_size_say(cloud: SmallCloud) -> None:
    content, buckets = await made(cloud), buckets_of(cloud)
    for name in ("a", "b", "c"):
        await buckets.write(ID, f"uploads/{name}", once(b"first"))
    assert await buckets.files(ID) == {f"uploads/{name}": stored(b"first") for name in "abc"}
    _as_tenant_writes(content / "uploads/a", b"other", keeps_time=True)
    (content / "uploads/b").rename(content / "uploads/d")
    _as_tenant_writes(content / "uploads/b", b"third")
    expected = {"uploads/a": b"other", "uploads/b": b"third", "uploads/c": b"first", "uploads/d": b"first"}
    for _ in range(3):
        assert await buckets.files(ID) == {path: stored(content) for path, content in expected.items()}


async def test_what_did_not_change_is_not_read_again(cloud: SmallCloud) -> None:
    content, buckets = await made(cloud), buckets_of(cloud)
    await buckets.write(ID, "uploads/a", once(b"first"))
    await asyncio.sleep(1.1)  # as much as clocks may differ
    first = await buckets.files(ID)
    size, changed, _ = buckets._known[ID].files["uploads/a"]
    buckets._known[ID].files["uploads/a"] = (size, changed, "remembered")
    assert (await buckets.files(ID))["uploads/a"].md5 == "remembered"
    os.utime(content / "uploads/a")
    assert await buckets.files(ID) == first


async def test_the_reserve_of_the_disk_stays_free(cloud: SmallCloud) -> None:
    await made(cloud)
    full = buckets_of(cloud, reserve_mb=10**9)
    with pytest.raises(NoRoom, match="kept for the sites that exist"):
        await full.write(ID, "uploads/a", once(b"x"))
    with pytest.raises(NoRoom):
        await full.check_fits({})
    assert await full.files(ID) == {}
    with pytest.raises(NoRoom, match="are to come"):
        await buckets_of(cloud).check_fits({"uploads/film": Stored(10**18, "")})


async def test_a_file_that_grows_while_it_is_read_has_an_end(cloud: SmallCloud) -> None:
    content, buckets = await made(cloud), buckets_of(cloud)
    await buckets.write(ID, "uploads/log", once(b"x" * PIECE * 3))
    got = 0
    async for piece in buckets.read(ID, "uploads/log"):
        got += len(piece)
        with (content / "uploads/log").open("ab") as file:
            file.write(b"y" * PIECE * 2)
    assert got == PIECE * 3


async def test_a_hostile_tree_arrives_as_what_of_it_is_a_file(cloud: SmallCloud) -> None:
    content, other, buckets = await made(cloud), await made(cloud, 2), buckets_of(cloud)
    await buckets.write(ID, "uploads/honest", once(b"mine"))
    (content / "uploads/link").symlink_to("/etc/passwd")
    (content / "plugins/all").symlink_to(cloud.data)
    os.mkfifo(content / "uploads/pipe")
    (content / "uploads/two\nlines").write_text("x")
    for path in content.rglob("*"):
        os.lchown(path, UID, UID)
    done = await carry_all_files(Side(buckets, ID), Side(buckets, OTHER))
    assert (done.files, set(done.left_out)) == (
        1,
        {"uploads/link", "plugins/all", "uploads/pipe", "uploads/two\\nlines"},
    )
    assert [str(path.relative_to(other)) for path in other.rglob("*") if path.is_file() and not path.is_symlink()] == [
        "uploads/honest"
    ]  # fmt: skip


async def test_an_environment_that_is_not_there_and_a_hostd_that_is_away_are_told(cloud: SmallCloud) -> None:
    buckets = buckets_of(cloud)
    with pytest.raises(CloudError, match="no files"):
        await buckets.files(ID)
    buckets.hostd = Hostd(cloud.data / "run/nobody.sock")
    with pytest.raises(CloudBusy):
        await buckets.files(ID)


def _as_tenant_writes(path: Path, content: bytes, *, keeps_time: bool = False) -> None:
    before = path.stat() if keeps_time else None
    path.write_bytes(content)
    os.chown(path, UID, UID)
    if before:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
