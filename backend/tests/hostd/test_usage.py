"""What an environment uses is measured, and falling asleep makes none of it unused."""

import os
from pathlib import Path

import pytest

from aipress.errors import CloudRefused
from aipress.hostd.usage import disk_of
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import SmallCloud, environment_id

ID = environment_id(1)
MB = 2**20


@pytest.mark.root
@needs_root
async def test_processor_time_is_counted_and_kept_while_it_sleeps(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    idle = await cloud.hostd.measure(ID)
    busy = "$end = hrtime(true) + 300000000; while (hrtime(true) < $end) { md5('x'); } echo 'done';"
    assert await cloud.run(ID, busy) == "done"
    awake = await cloud.hostd.measure(ID)
    assert awake.cpu_us > idle.cpu_us
    assert awake.memory_bytes > MB
    if "cpu" in (await cloud.hostd.status()).limited:
        await cloud.hostd.sleep(ID)
        asleep = await cloud.hostd.measure(ID)
        assert asleep.cpu_us >= awake.cpu_us
        await cloud.run(ID, busy)
        assert (await cloud.hostd.measure(ID)).cpu_us > asleep.cpu_us


@pytest.mark.root
@needs_root
async def test_what_has_no_files_is_not_measured(cloud: SmallCloud) -> None:
    with pytest.raises(CloudRefused):
        await cloud.hostd.measure(ID)


def test_disk_is_counted_once_for_each_file_and_never_behind_a_link(tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "place", tmp_path / "elsewhere"
    place.mkdir()
    elsewhere.mkdir()
    (elsewhere / "large").write_bytes(os.urandom(4 * MB))
    before = disk_of(place)
    (place / "file").write_bytes(os.urandom(MB))
    once = disk_of(place)
    assert MB <= once - before < 2 * MB
    (place / "again").hardlink_to(place / "file")
    (place / "link").symlink_to(elsewhere)
    assert disk_of(place) - once < MB
