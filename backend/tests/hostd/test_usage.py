"""What an environment uses is measured, and falling asleep makes none of it unused."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from aipress.errors import CloudRefused
from aipress.hostd.cgroups import find_cgroups
from aipress.hostd.ground import Ground
from aipress.hostd.usage import disk_of
from aipress.hostd.verbs import Limits
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
        assert await cloud.run(ID, busy) == "done"
        assert (await cloud.hostd.measure(ID)).cpu_us > asleep.cpu_us


@pytest.mark.root
@needs_root
async def test_a_group_that_outlives_the_one_that_counts_hides_no_processor_time() -> None:
    """A process in its last moment may hold one group while another goes; who wakes then is counted on top of that."""
    groups = find_cgroups(f"aipress-test-{os.getpid()}")
    if groups.version != 1 or not {"cpuacct", "pids"} <= groups.places.keys():
        pytest.skip("processor time is not counted by a group of its own here")
    ground = Ground(Mock(), groups, asyncio.get_running_loop(), Mock())
    holding = subprocess.Popen(["sleep", "60"])
    try:
        ground.make_groups(ID, Limits())
        (groups.places["pids"] / ID / "cgroup.procs").write_text(str(holding.pid))
        _burn(groups.places["cpuacct"] / ID, 0.4)
        ground.remove_groups(ID)
        assert ID in ground.groups_left
        asleep = ground.usage_of(ID, set()).cpu_us
        assert asleep >= 400_000
        ground.make_groups(ID, Limits())
        assert ID not in ground.groups_left, "nobody removes the groups of who is awake"
        _burn(groups.places["cpuacct"] / ID, 0.1)
        assert ground.usage_of(ID, set()).cpu_us >= asleep + 100_000
    finally:
        holding.kill()
        holding.wait()
        await ground.see_groups_gone(ID)
        for place in groups.places.values():
            place.rmdir()


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


def _burn(group: Path, seconds: float) -> None:
    """Use this much processor time in a group."""
    joining = f"import time\nopen('{group}/cgroup.procs', 'w').write('0')\nbegun = time.process_time()\n"
    burning = f"while time.process_time() < begun + {seconds}: pass"
    subprocess.run([sys.executable, "-c", joining + burning], check=True)
