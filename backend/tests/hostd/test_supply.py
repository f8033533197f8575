"""The secrets an environment's owner gave it: they reach its PHP in the version that counts, at once, and fail no request."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import pytest

from aipress.clouds.base import Supply
from aipress.clouds.local import own_secrets
from aipress.clouds.local.vault import SealedVault
from aipress.errors import CloudBusy, CloudError
from aipress.hostd.client import Limits
from aipress.hostd.leaving import MOST
from tests.hostd.conftest import needs_root
from tests.hostd.fastcgi import Answer
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

ID, OTHER = environment_id(1), environment_id(2)
CANARY = "canary-9d2c-own-secret"
VARIABLE = "AIPRESS_SECRET_COLOUR"
ASK = f"echo getenv('{VARIABLE}');"


async def give(cloud: SmallCloud, version: int, value: str, id: str = ID, name: str = "COLOUR") -> None:
    """Keep it in the vault, and say that this version counts."""
    await SealedVault(cloud.vault).keep(id, name, version, value)
    assert await cloud.hostd.supply_runtime(id, version, {name: version}) == version


def sealed(cloud: SmallCloud, name: str, version: int, id: str = ID) -> Path:
    return (
        cloud.data / "vault" / own_secrets.scope_of(id) / f"{own_secrets.sealed_name(name, version)}.sealed"
    )


async def test_a_new_value_is_there_for_the_next_request_awake_or_asleep(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await give(cloud, 1, "red")
    assert (await cloud.status(ID)).state == "asleep"
    assert await cloud.run(ID, ASK) == "red"
    await give(cloud, 2, "späcial \U0001f512\n'lines' \"and\" $signs")
    assert await cloud.run(ID, ASK) == "späcial \U0001f512\n'lines' \"and\" $signs"
    assert await cloud.hostd.supply_runtime(ID, 3, {}) == 3
    assert await cloud.run(ID, f"var_dump(getenv('{VARIABLE}'));") == "bool(false)\n"


async def test_saying_it_twice_or_late_changes_nothing(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    await give(cloud, 1, "red")
    await give(cloud, 2, "blue")
    before = await cloud.status(ID)
    assert await cloud.hostd.supply_runtime(ID, 2, {"COLOUR": 2}) == 2
    assert await cloud.hostd.supply_runtime(ID, 1, {"COLOUR": 1}) == 2
    assert await cloud.run(ID, ASK) == "blue"
    assert (await cloud.status(ID)).pid == before.pid
    assert (await cloud.hostd.inventory()).environments[ID].supply == 2


async def test_a_neighbour_has_none_of_it(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.environment(2)
    await give(cloud, 1, CANARY)
    assert await cloud.run(ID, ASK) == CANARY
    assert CANARY not in await cloud.run(OTHER, "phpinfo();")
    assert CANARY in await cloud.run(ID, "phpinfo();")
    everything = "foreach (glob('/proc/[0-9]*/environ') as $f) { echo @file_get_contents($f); }"
    assert CANARY not in await cloud.run(OTHER, everything)


async def test_no_list_of_processes_log_or_file_holds_a_value(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await give(cloud, 1, CANARY)
    await cloud.run(ID, "error_log('a line'); trigger_error('another');")
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert any(b"bwrap" in line and ID.encode() in line for line in lines)
    assert not any(CANARY.encode() in line for line in lines)
    written = [path for path in cloud.data.rglob("*") if path.is_file() and not path.is_symlink()]
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]


async def test_names_that_root_or_the_loader_would_obey_never_become_variables_as_they_are(
    cloud: SmallCloud,
) -> None:
    await cloud.environment(1)
    (cloud.data / "evil.so").write_text("not a library")
    await give(cloud, 1, str(cloud.data / "evil.so"), name="LD_PRELOAD")
    assert await cloud.run(ID, "var_dump(getenv('LD_PRELOAD'));") == "bool(false)\n"
    assert "evil.so" not in cloud.log_of(ID)


async def test_swapped_renamed_or_older_values_are_refused_and_nothing_starts(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.environment(2)
    await give(cloud, 1, "old")
    await give(cloud, 1, "of another", id=OTHER)
    old, foreign = sealed(cloud, "COLOUR", 1).read_bytes(), sealed(cloud, "COLOUR", 1, OTHER).read_bytes()
    await give(cloud, 2, "new")
    await SealedVault(cloud.vault).keep(ID, "SHAPE", 2, "round")
    other_name = sealed(cloud, "SHAPE", 2).read_bytes()
    whole = sealed(cloud, "COLOUR", 2).read_bytes()
    for forged in (old, foreign, other_name):
        sealed(cloud, "COLOUR", 2).write_bytes(forged)
        await cloud.hostd.sleep(ID)
        with pytest.raises(CloudBusy, match="COLOUR-2 does not open"):
            await cloud.hostd.warm(ID)
    sealed(cloud, "COLOUR", 2).write_bytes(whole)
    assert await cloud.run(ID, ASK) == "new"


async def test_many_changes_under_load_fail_no_request_and_are_seen_in_order(cloud: SmallCloud) -> None:
    await cloud.environment(1, Limits(children=4))
    await give(cloud, 1, "1")
    script = cloud.write(ID, "busy.php", f"<?php usleep(random_int(0, 30000)); echo getenv('{VARIABLE}');")
    counted, newest, is_over = 0, 1, False

    async def visitor() -> None:
        nonlocal counted
        while not is_over:
            least = newest
            seen = int((await cloud.visit(ID, script)).body)
            assert least <= seen <= newest + 1
            counted += 1

    visitors = [asyncio.create_task(visitor()) for _ in range(6)]
    for version in range(2, 14):
        await give(cloud, version, str(version))
        newest = version
        await asyncio.sleep(0.15)
    is_over = True
    await asyncio.gather(*visitors)
    assert counted > 100
    assert (await cloud.status(ID)).failures == 0
    assert int(await cloud.run(ID, ASK)) == newest


async def test_a_long_request_finishes_with_the_old_value_while_new_ones_have_the_new(
    cloud: SmallCloud,
) -> None:
    await cloud.environment(1)
    await give(cloud, 1, "old")
    slow = cloud.write(ID, "slow.php", f"<?php for ($i = 0; $i < 90; $i++) {{ usleep(100000); }} {ASK}")
    waiting = asyncio.create_task(cloud.visit(ID, slow))
    await asyncio.sleep(0.5)
    await give(cloud, 2, "new")
    assert await cloud.run(ID, ASK) == "new"
    assert not waiting.done()
    assert (await waiting).body == "old"
    async with asyncio.timeout(20):
        while len(await leaders(cloud)) != 1:
            await asyncio.sleep(0.05)


async def test_those_that_leave_do_not_pile_up(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    slow = cloud.write(ID, "slow.php", f"<?php for ($i = 0; $i < 60; $i++) {{ usleep(100000); }} {ASK}")
    waiting = []
    for version in range(1, 9):
        await give(cloud, version, str(version))
        waiting.append(asyncio.create_task(cloud.visit(ID, slow)))
        await asyncio.sleep(0.2)
    assert len(await leaders(cloud)) <= MOST + 1
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [one.body for one in answers[-MOST:] if isinstance(one, Answer)] == ["5", "6", "7", "8"]
    assert await cloud.run(ID, ASK) == "8"


async def leaders(cloud: SmallCloud) -> list[int]:
    return [pid for pid in (await cloud.hostd.inventory()).environments[ID].processes if is_bwrap(pid)]


def is_bwrap(pid: int) -> bool:
    """Whoever has ended is none."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "bwrap" in os.readlink(f"/proc/{pid}/exe")
    return False


async def test_hostd_killed_after_it_noted_them_replaces_what_still_runs_with_old_ones(
    cloud: SmallCloud,
) -> None:
    await cloud.environment(1)
    await give(cloud, 1, "old")
    await cloud.hostd.warm(ID)
    before = await cloud.status(ID)
    cloud.kill()
    await SealedVault(cloud.vault).keep(ID, "COLOUR", 2, "new")
    noted = cloud.place(ID) / "runtime.json"
    noted.write_text(
        noted.read_text().replace('"revision": 1', '"revision": 2').replace('"COLOUR": 1', '"COLOUR": 2')
    )
    await cloud.start()
    async with asyncio.timeout(10):
        while (await cloud.status(ID)).pid in (before.pid, None):
            await asyncio.sleep(0.05)
    assert await cloud.run(ID, ASK) == "new"


async def test_they_outlive_hostd_sleep_and_a_change_of_owner_and_size(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await give(cloud, 1, "red")
    await cloud.hostd.ensure_runtime(ID, FIRST_UID + 1, Limits(children=2), "ten_01abc")
    assert await cloud.run(ID, ASK) == "red"
    cloud.kill()
    await cloud.start()
    assert await cloud.run(ID, ASK) == "red"
    assert (await cloud.hostd.inventory()).environments[ID].supply == 1


async def test_the_largest_set_there_may_be_reaches_php(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    vault, versions = SealedVault(cloud.vault), {f"BIG_{number}": 1 for number in range(100)}
    for name in versions:
        await vault.keep(ID, name, 1, "x" * 8192)
    await cloud.hostd.supply_runtime(ID, 100, versions)
    assert await cloud.run(ID, "echo strlen(getenv('AIPRESS_SECRET_BIG_99'));") == "8192"
    assert (await cloud.status(ID)).failures == 0


async def test_an_environment_without_runtime_is_told_nothing(cloud: SmallCloud) -> None:
    with pytest.raises(CloudError):
        await cloud.hostd.supply_runtime(OTHER, 1, {})
    assert Supply().items == set()
