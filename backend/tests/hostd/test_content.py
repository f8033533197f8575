"""A site's own files as hostd hands them over: those of that environment's user, below its content, and nothing behind a link."""

import asyncio
import contextlib
import os

import pytest

from aipress.errors import CloudBusy, CloudError, CloudRefused
from aipress.hostd.content import DRAFTS, LISTINGS_AT_ONCE
from aipress.hostd.handing import kept_open
from tests.hostd.carried import (
    ID,
    OTHER,
    UID,
    lines_of,
    listed,
    made,
    or_nothing,
    read,
    swapped,
    touch,
    until,
    weak_read,
    write,
)
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

SECRET = "root's own"


async def test_a_file_is_written_listed_read_and_forgotten(cloud: SmallCloud) -> None:
    content = await made(cloud)
    await write(cloud, "uploads/2026/11/bé.txt", b"hello")
    (kind, path, size, _, md5), *_ = files = await listed(cloud, "file")
    assert (kind, path, size, md5) == (
        "file",
        "uploads/2026/11/bé.txt",
        5,
        "5d41402abc4b2a76b9719d911017c592",
    )
    assert len(files) == 1, "links to the core's themes are the platform's"
    file = content / path
    assert {(each.stat().st_uid, each.stat().st_gid) for each in (file, file.parent, file.parent.parent)} == {
        (UID, UID)
    }
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o644, 0o755)
    assert await read(cloud, path) == b"hello"
    await write(cloud, path, b"hello again")
    assert await read(cloud, path) == b"hello again"
    for _ in range(2):
        await cloud.hostd.forget_files(ID, [path, "uploads/never"])
    assert list((content / "uploads").iterdir()) == [], (
        "empty folders go too, but for those WordPress looks for"
    )
    assert await listed(cloud) == []


async def test_php_finds_what_was_written_and_a_shipped_theme_gives_way_to_the_sites_own(
    cloud: SmallCloud,
) -> None:
    content = await made(cloud)
    await write(cloud, "themes/plain/style.css", b"/* ours */")
    assert (
        await cloud.run(ID, "echo file_get_contents('/srv/content/themes/plain/style.css');") == "/* ours */"
    )
    assert not (content / "themes/plain").is_symlink()
    core = cloud.data / "wordpress/7.0/wp-content/themes/plain/style.css"
    assert "Theme Name" in core.read_text(), "the core is as it was"


async def test_only_what_was_changed_is_read_again(cloud: SmallCloud) -> None:
    content = await made(cloud)
    await write(cloud, "uploads/old", b"old")
    lines = await lines_of(cloud, ID)
    since = (content / "uploads/old").stat().st_ctime_ns + 1
    assert lines[0][0] == "begin"
    assert lines[0][1] < since
    await write(cloud, "uploads/new", b"new")
    os.utime(content / "uploads/new", (1, 1))  # a tenant may say what it likes of when a file was written
    assert {path: bool(md5) for _, path, _, _, md5 in await listed(cloud, "file", since)} == {
        "uploads/old": False,
        "uploads/new": True,
    }


async def test_nothing_but_a_file_of_ones_own_is_read_or_listed(cloud: SmallCloud) -> None:
    content = await made(cloud)
    secret = cloud.data / "secret"
    secret.write_text(SECRET)
    (content / "uploads/link").symlink_to(secret)
    (content / "uploads/out").symlink_to(cloud.data)
    (content / "uploads/hard").hardlink_to(secret)
    for path in ("uploads/link", "uploads/out/secret", "uploads/hard"):
        assert weak_read(content, path) == SECRET, "whoever opens by name finds it"
    (content / "uploads/dangling").symlink_to("nowhere")
    os.mkfifo(content / "uploads/fifo")
    os.chown(content / "uploads/fifo", UID, UID)
    async with asyncio.timeout(20):
        for path in ("link", "out/secret", "hard", "dangling", "fifo"):
            with pytest.raises(CloudRefused):
                await read(cloud, f"uploads/{path}")
    assert await listed(cloud, "file") == []
    assert len(await listed(cloud, "left")) == 5


async def test_a_path_that_is_none_is_refused_at_the_door(cloud: SmallCloud) -> None:
    (await made(cloud) / "../secret").write_text(SECRET)
    assert weak_read(cloud.place(ID) / "content", "../secret") == SECRET
    paths = ["../secret", "uploads/../../secret", "/etc/passwd", "", "uploads//x", "a/./b", "a\nb", "a\udce9"]
    for path in [*paths, "x" * 256]:
        with pytest.raises(CloudRefused, match="path"):
            await cloud.hostd.read_file(ID, path)
        with pytest.raises(CloudRefused, match="path"):
            await cloud.hostd.keep_file(ID, path, "0" * 16)
        with pytest.raises(CloudRefused, match="path"):
            await cloud.hostd.forget_files(ID, [path])


async def test_a_link_that_is_swapped_in_between_leads_nowhere(cloud: SmallCloud) -> None:
    content = await made(cloud)
    (cloud.data / "file").write_text(SECRET)
    await write(cloud, "uploads/a/file", b"honest")
    with swapped(content / "uploads/a", cloud.data):
        assert until(lambda: SECRET in or_nothing(lambda: weak_read(content, "uploads/a/file")))
        found = set()
        for _ in range(300):
            with contextlib.suppress(CloudRefused):
                found.add(await read(cloud, "uploads/a/file"))
        for line in [each for _ in range(20) for each in await listed(cloud, "file")]:
            assert line[2] == len("honest")
    assert found <= {b"honest"}
    assert (cloud.data / "file").read_text() == SECRET


async def test_what_is_written_or_removed_through_a_link_reaches_nobody_else(cloud: SmallCloud) -> None:
    content, other = await made(cloud), await made(cloud, 2)
    kept = other / "uploads/kept"
    kept.write_text("another's")
    (content / "uploads/out").symlink_to(other / "uploads")
    await cloud.hostd.forget_files(ID, ["uploads/out/kept"])
    await write(cloud, "uploads/out/kept", b"mine")
    assert kept.read_text() == "another's"
    assert (content / "uploads/out/kept").read_bytes() == b"mine"
    (content / "uploads/last").symlink_to(kept)
    await write(cloud, "uploads/last", b"mine")
    await cloud.hostd.forget_files(ID, ["uploads/last"])
    assert kept.read_text() == "another's"


async def test_a_file_is_opened_as_the_environments_own_user_not_as_root(cloud: SmallCloud) -> None:
    content = await made(cloud)
    (content / "uploads/roots").mkdir(mode=0o755)
    with pytest.raises(CloudRefused, match="denied"):
        await write(cloud, "uploads/roots/x", b"x")
    await write(cloud, "uploads/closed", b"x")
    (content / "uploads/closed").chmod(0)
    assert weak_read(content, "uploads/closed") == "x", "root reads it all the same"
    with pytest.raises(CloudRefused, match="denied"):
        await read(cloud, "uploads/closed")
    for _ in range(20):  # and hostd is root again afterwards, in whatever thread
        await cloud.hostd.make_files(environment_id(3), FIRST_UID + 3)


async def test_a_draft_is_nobodys_until_it_is_kept_and_in_time_it_is_gone(cloud: SmallCloud) -> None:
    content = await made(cloud)
    await write(cloud, "uploads/a", b"old")
    descriptor, draft = await cloud.hostd.draft_file(ID)
    with kept_open(descriptor):
        os.write(descriptor, b"half")
    assert (
        await cloud.run(ID, "echo is_dir('/srv/carry') || is_dir('/srv/content/carry') ? 'seen' : 'unseen';")
        == "unseen"
    )
    assert (content / "uploads/a").read_bytes() == b"old"
    left = cloud.place(ID) / DRAFTS / draft
    os.utime(left, (0, 0))
    await write(cloud, "uploads/b", b"b")
    assert not left.exists()
    with pytest.raises(CloudError):
        await cloud.hostd.keep_file(ID, "uploads/a", draft)
    await made(cloud, 2)
    descriptor, draft = await cloud.hostd.draft_file(ID)
    os.close(descriptor)
    with pytest.raises(CloudError):
        await cloud.hostd.keep_file(OTHER, "uploads/a", draft)


async def test_hostd_answers_while_listings_go_on_that_nobody_reads(cloud: SmallCloud) -> None:
    content = await made(cloud)
    for number in range(1000):
        path = content / "uploads" / f"{number:0100}"
        path.touch()
        os.chown(path, UID, UID)
    taken = [await cloud.hostd.list_files(ID) for _ in range(LISTINGS_AT_ONCE)]
    with pytest.raises(CloudBusy, match="under way"):
        await cloud.hostd.list_files(ID)
    async with asyncio.timeout(20):
        await cloud.hostd.status()
        await cloud.hostd.warm(ID)
        await write(cloud, "uploads/x", b"x")
    for descriptor in taken:
        os.close(descriptor)
    async with asyncio.timeout(20):
        while len(await _listed_soon(cloud)) != 1001:
            await asyncio.sleep(0.02)


async def test_what_is_carried_does_not_pass_through_hostd(cloud: SmallCloud) -> None:
    content = await made(cloud)
    before = (await cloud.hostd.status()).rss_kb
    await write(cloud, "uploads/large", bytes(64 * 2**20))
    assert len(await read(cloud, "uploads/large")) == 64 * 2**20
    assert (await listed(cloud, "file"))[0][2] == (content / "uploads/large").stat().st_size
    assert (await cloud.hostd.status()).rss_kb < before + 8 * 1024


async def test_whatever_a_tenant_calls_things_the_rest_is_listed(cloud: SmallCloud) -> None:
    content = await made(cloud)
    names = [b"two\nlines", b"caf\xe9", b"\x1b[31m", b"x" * 255]
    for name in names:
        await asyncio.to_thread(touch, os.fsencode(content / "uploads") + b"/" + name)
    deep = content / "uploads"
    for _ in range(450):
        deep = deep / "d"
    os.makedirs(deep)
    await write(cloud, "uploads/honest", b"x")
    await write(cloud, "upgrade/half-unpacked", b"x")
    assert {line[1] for line in await listed(cloud, "file")} == {"uploads/honest", "uploads/" + "x" * 255}
    left = {name: why for _, name, why in await listed(cloud, "left")}
    assert len(left) == 4, left
    assert all(name.isprintable() and name.isascii() or "\ufffd" in name for name in left), left
    assert sorted(why.split(" ")[-1] for why in left.values()) == ["UTF-8", "character", "character", "long"]


async def _listed_soon(cloud: SmallCloud) -> list[tuple[str, ...]]:
    try:
        return await listed(cloud, "file")
    except CloudBusy:
        return []
