"""Files carried from one cloud to another: all of them arrive, whoever is killed or changes something meanwhile."""

from collections.abc import AsyncIterator

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.files import Stored, stored
from aipress.errors import CloudBusy, CloudError, CloudRefused, NoRoom
from aipress.tenants.carrying_files import ROUNDS, Carried, Side, carry_all_files, carry_files, different
from tests.fakes.buckets import FakeBuckets
from tests.fakes.cloud import FakeCloud

HERE, THERE = "0123456789ab", "ba9876543210"
FEW = {"uploads/a.jpg": b"a picture, in pieces", "plugins/x/x.php": b"<?php", "uploads/empty": b""}


async def test_all_files_arrive_and_what_the_source_has_not_is_gone() -> None:
    source, target = await _sides(FEW, {"uploads/old.jpg": b"old", "uploads/a.jpg": b"another"})
    assert await carry_all_files(source, target) == Carried(3, 25, 3)
    assert _content(target) == FEW
    assert _buckets(target).settled[THERE] == await source.files()


async def test_carrying_again_carries_nothing() -> None:
    source, target = await _sides(FEW, {})
    await carry_all_files(source, target)
    _buckets(target).cloud.said.clear()
    assert await carry_all_files(source, target) == Carried(3, 25, 0)
    assert "write bucket" not in _buckets(target).cloud.said


async def test_carrying_a_site_that_goes_on_takes_nothing_away() -> None:
    source, target = await _sides(FEW, {"uploads/old.jpg": b"old"})
    assert (await carry_files(source, target)).carried == 3
    assert _content(target) == {**FEW, "uploads/old.jpg": b"old"}
    assert not _buckets(target).settled


async def test_what_broke_off_goes_on_where_it_was() -> None:
    source, target = await _sides({f"uploads/{n}": b"%d" % n for n in range(40)}, {})
    _buckets(target).cloud.broken["write bucket"] = [NoRoom("the disk is full")]
    with pytest.raises(NoRoom):
        await carry_all_files(source, target)
    _buckets(target).cloud.broken.clear()
    done = await carry_all_files(source, target)
    assert done.files == 40
    assert done.carried < 40
    assert _content(target) == _content(source)


async def test_a_file_of_a_busy_cloud_is_asked_for_again_and_the_others_go_on() -> None:
    source, target = await _sides(FEW, {})
    _buckets(target).cloud.broken["write bucket"] = [CloudBusy("in a moment")] * 3
    _buckets(source).cloud.broken["read bucket"] = [CloudBusy("in a moment")] * 2
    assert await carry_all_files(source, target) == Carried(3, 25, 3)
    assert _content(target) == FEW


async def test_what_cannot_travel_is_told_and_all_else_does() -> None:
    source, target = await _sides({**FEW, "uploads/two\nlines": b"x", "uploads/caf\udce9": b"y"}, {})
    done = await carry_all_files(source, target)
    assert _content(target) == FEW
    assert set(done.left_out) == {"uploads/two\\nlines", "uploads/caf\\ufffd"}


async def test_what_does_not_fit_is_refused_before_anything_is_moved() -> None:
    source, target = await _sides(FEW, {"uploads/old.jpg": b"old"})
    _buckets(target).most_bytes = 3
    for carry in (carry_files, carry_all_files):
        with pytest.raises(CloudRefused):
            await carry(source, target)
    assert _content(target) == {"uploads/old.jpg": b"old"}


async def test_a_file_that_goes_while_it_is_carried_is_no_failure() -> None:
    source, target = await _sides(FEW, {})
    cloud = _buckets(source)

    async def read(environment_id: str, path: str) -> AsyncIterator[bytes]:
        if path == "uploads/a.jpg":
            del cloud.contents[HERE][path]
        async for piece in FakeBuckets.read(cloud, environment_id, path):
            yield piece

    cloud.read = read  # type: ignore[method-assign]
    assert (await carry_all_files(source, target)).files == 2
    assert "uploads/a.jpg" not in _content(target)


async def test_a_file_that_is_refused_for_good_is_told() -> None:
    source, target = await _sides(FEW, {})
    _buckets(source).cloud.broken["read bucket"] = [CloudRefused("it can't be read")]
    with pytest.raises(CloudRefused, match="can't be read"):
        await carry_all_files(source, target)


async def test_a_site_that_never_stands_still_is_given_up() -> None:
    source, target = await _sides(FEW, {})
    cloud, rounds = _buckets(source), 0

    async def read(environment_id: str, path: str) -> AsyncIterator[bytes]:
        nonlocal rounds
        async for piece in FakeBuckets.read(cloud, environment_id, path):
            yield piece
        if path == "uploads/a.jpg":
            rounds += 1
            cloud.contents[HERE][path] = b"%d" % rounds

    cloud.read = read  # type: ignore[method-assign]
    with pytest.raises(CloudError, match="changing"):
        await carry_all_files(source, target)
    assert rounds == ROUNDS
    assert not _buckets(target).settled


def test_files_differ_by_size_or_md5_and_the_smallest_come_first() -> None:
    wanted = {"b": stored(b"longer"), "a": stored(b"a"), "same": stored(b"same"), "new": Stored(0, "0")}
    held = {"b": Stored(6, "0"), "a": stored(b"b"), "same": stored(b"same"), "surplus": stored(b"")}
    assert different(wanted, held) == ["new", "a", "b"]


async def _sides(here: dict[str, bytes], there: dict[str, bytes]) -> tuple[Side, Side]:
    sides = []
    for id, content in ((HERE, here), (THERE, there)):
        buckets = FakeCloud().buckets
        await buckets.ensure(EnvironmentSpec(id, 1, "ten_x", "x"))
        buckets.contents[id] = dict(content)
        sides.append(Side(buckets, id))
    return sides[0], sides[1]


def _buckets(side: Side) -> FakeBuckets:
    assert isinstance(side.buckets, FakeBuckets)
    return side.buckets


def _content(side: Side) -> dict[str, bytes]:
    return _buckets(side).contents[side.environment_id]
