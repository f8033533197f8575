"""What every cloud promises of a site's files, and of its owner's secrets, when they are carried."""

import hashlib
from collections.abc import AsyncIterator, Mapping

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.files import Stored, stored
from aipress.errors import CloudError, CloudRefused

FEW = {
    "uploads/2026/11/brot & käse (1).jpg": b"a picture",
    "uploads/empty.txt": b"",
    "plugins/shop/shop.php": b"<?php // a shop",
    "plugins/shop/assets/a b.css": b"body {}",
    "themes/own/style.css": b"/* Theme Name: Own */",
    "languages/de_DE.mo": b"\x00\xff",
    "advanced-cache.php": b"<?php",
}
ODD = {
    "uploads/%41+#?*[]{}'\"\\.txt": b"odd",
    "uploads/" + "ü" * 120: b"long",
    "uploads/e\u0301": b"decomposed",
}


async def test_files_are_written_told_and_read_as_they_were(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    await cloud.buckets.ensure(environment)
    assert await cloud.buckets.files(environment.id) == {}
    for _ in range(2):
        await put(cloud, environment.id, FEW | ODD)
    assert await cloud.buckets.files(environment.id) == told(FEW | ODD)
    for path, content in (FEW | ODD).items():
        assert await got(cloud, environment.id, path) == content
    await put(cloud, environment.id, {"uploads/empty.txt": b"no longer"})
    assert await got(cloud, environment.id, "uploads/empty.txt") == b"no longer"
    assert (await cloud.buckets.files(environment.id))["uploads/empty.txt"] == stored(b"no longer")


async def test_a_file_of_several_pieces_arrives_whole(cloud: Cloud, environment: EnvironmentSpec) -> None:
    await cloud.buckets.ensure(environment)
    piece = hashlib.sha256(b"x").digest() * 2**15  # a MiB
    for pieces in (2, 4, 5):
        content = piece * pieces + b"the end" * (pieces % 2)
        await put(cloud, environment.id, {"uploads/large.bin": content})
        assert await cloud.buckets.files(environment.id) == told({"uploads/large.bin": content})
        assert await got(cloud, environment.id, "uploads/large.bin") == content


async def test_what_breaks_off_while_it_is_written_leaves_what_was_there(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 5_000_000
        raise CloudRefused("the source is gone")

    await cloud.buckets.ensure(environment)
    await put(cloud, environment.id, {"uploads/a": b"old"})
    for path in ("uploads/a", "uploads/b", "plugins/x/x.php"):
        with pytest.raises(CloudRefused, match="source is gone"):
            await cloud.buckets.write(environment.id, path, broken())
    assert await cloud.buckets.files(environment.id) == told({"uploads/a": b"old"})


async def test_what_is_forgotten_is_gone_and_nothing_else(cloud: Cloud, environment: EnvironmentSpec) -> None:
    await cloud.buckets.ensure(environment)
    await put(cloud, environment.id, FEW)
    gone = ["plugins/shop/shop.php", "uploads/empty.txt", "uploads/never.txt", "plugins"]
    for _ in range(2):
        await cloud.buckets.forget(environment.id, gone)
    left = {path: content for path, content in FEW.items() if path not in gone}
    assert await cloud.buckets.files(environment.id) == told(left)
    with pytest.raises(CloudRefused):
        await got(cloud, environment.id, "uploads/empty.txt")


async def test_settling_changes_no_file_and_may_be_said_again(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    await cloud.buckets.ensure(environment)
    await cloud.buckets.settle(environment.id)
    await put(cloud, environment.id, FEW)
    for _ in range(2):
        await cloud.buckets.settle(environment.id)
        assert await cloud.buckets.files(environment.id) == told(FEW)
    await cloud.buckets.forget(environment.id, FEW)
    await cloud.buckets.settle(environment.id)
    assert await cloud.buckets.files(environment.id) == {}
    await cloud.buckets.check_fits(told(FEW))


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "uploads/../../x", "uploads//x", "uploads/a\nb", "uploads/\udce9"]
)
async def test_a_path_that_no_cloud_takes_is_refused(
    cloud: Cloud, environment: EnvironmentSpec, path: str
) -> None:
    await cloud.buckets.ensure(environment)
    with pytest.raises(CloudRefused):
        await put(cloud, environment.id, {path: b"x"})
    assert await cloud.buckets.files(environment.id) == {}


async def test_files_go_with_the_bucket_and_where_there_is_none_there_are_none(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    for _ in range(2):
        with pytest.raises(CloudError):
            await cloud.buckets.files(environment.id)
        with pytest.raises(CloudError):
            await put(cloud, environment.id, {"uploads/a": b"x"})
        await cloud.buckets.ensure(environment)
        await put(cloud, environment.id, FEW)
        await cloud.buckets.settle(environment.id)
        await cloud.buckets.remove(environment.id)
    await cloud.buckets.ensure(environment)
    assert await cloud.buckets.files(environment.id) == {}


async def test_an_owners_secret_is_told_to_who_carries_it(cloud: Cloud, environment: EnvironmentSpec) -> None:
    await cloud.vault.ensure(environment)
    await cloud.vault.keep(environment.id, "KEY", 2, "zwei € and a\nline")
    await cloud.vault.keep(environment.id, "KEY", 7, "seven")
    assert await cloud.vault.value(environment.id, "KEY", 2) == "zwei € and a\nline"
    assert await cloud.vault.value(environment.id, "KEY", 7) == "seven"
    for name, version in (("KEY", 1), ("OTHER", 7)):
        with pytest.raises(CloudRefused):
            await cloud.vault.value(environment.id, name, version)
    with pytest.raises(CloudRefused):
        await cloud.vault.value("0123456789ab", "KEY", 7)


async def put(cloud: Cloud, id: str, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        await cloud.buckets.write(id, path, in_pieces(content))


async def got(cloud: Cloud, id: str, path: str) -> bytes:
    return b"".join([piece async for piece in cloud.buckets.read(id, path)])


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    """Some of them empty, and none of a size that anybody could count on."""
    yield b""
    for start in range(0, len(content), 700_001):
        yield content[start : start + 700_001]


def told(files: Mapping[str, bytes]) -> dict[str, Stored]:
    return {path: stored(content) for path, content in files.items()}
