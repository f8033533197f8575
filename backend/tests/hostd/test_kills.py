"""hostd is killed at any moment: what runs goes on, and its successor finds everything again."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from aipress.hostd.client import Limits
from aipress.hostd.daemon import SWEEP_AFTER_SECONDS
from aipress.hostd.reports import Holdings
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

T = TypeVar("T")
ID, OTHER = environment_id(1), environment_id(2)


async def test_an_awake_environment_goes_on_without_hostd_and_is_adopted_with_its_socket(
    cloud: SmallCloud,
) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    before = await cloud.status(ID)
    socket_before = (cloud.place(ID) / "run/real.sock").stat().st_ino
    cloud.kill()
    assert (await cloud.visit(ID)).body.startswith("hello")
    await cloud.start()
    after = await cloud.status(ID)
    assert (after.state, after.pid) == ("awake", before.pid)
    assert (cloud.place(ID) / "run/real.sock").stat().st_ino == socket_before
    assert (await cloud.visit(ID)).body.startswith("hello")
    await cloud.hostd.sleep(ID)
    assert (await cloud.visit(ID)).body.startswith("hello")
    assert (await cloud.status(ID)).starts == 1


async def test_a_sleeping_environment_gets_a_fresh_socket_and_wakes(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    cloud.kill()
    with pytest.raises(ConnectionRefusedError):
        await cloud.visit(ID)
    await cloud.start()
    assert (await cloud.visit(ID)).body.startswith("hello")


async def test_an_adopted_environment_falls_asleep_when_nobody_comes(drowsy: SmallCloud) -> None:
    await drowsy.environment(1)
    await drowsy.hostd.warm(ID)
    drowsy.kill()
    await drowsy.start()
    await drowsy.until("asleep", ID)
    assert (await drowsy.hostd.inventory()).environments[ID].processes == ()


async def test_an_adopted_environment_that_ends_is_noticed(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    cloud.kill()
    await cloud.start()
    pid = (await cloud.status(ID)).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await cloud.until("asleep", ID)
    assert (await cloud.visit(ID)).body.startswith("hello")


async def test_killed_at_many_moments_nothing_is_lost_doubled_or_refused(
    cloud: SmallCloud, figure: Callable[[str], None]
) -> None:
    """One environment is awake and visited throughout; the other is put to sleep and woken all the time."""
    await cloud.environment(1, Limits(min_instances=1))
    await cloud.environment(2)
    await cloud.hostd.warm(ID)
    answered, unanswered, is_over = 0, [], False

    async def visitor() -> None:
        nonlocal answered
        while not is_over:
            try:
                assert (await cloud.visit(ID)).body.startswith("hello")
                answered += 1
            except Exception as error:  # noqa: BLE001 - every failure counts
                unanswered.append(repr(error))
            await asyncio.sleep(0.005)

    visits = [asyncio.create_task(visitor()) for _ in range(2)]
    chance, recoveries = random.Random(7), []  # noqa: S311 - moments that can be had again
    for moment in range(16):
        restless = asyncio.create_task(_wake_and_sleep(cloud))
        await asyncio.sleep(chance.uniform(0.0, 0.25))
        cloud.kill()
        restless.cancel()
        began = time.monotonic()
        await cloud.start()
        recoveries.append(time.monotonic() - began)
        assert (await cloud.visit(OTHER)).body.startswith("hello"), f"kill {moment}"
    is_over = True
    await asyncio.gather(*visits)
    masters = await _in_the_end(cloud, _masters_of, {ID: 1, OTHER: 1})
    slowest = max(recoveries)
    figure(
        f"16 kills of hostd: {answered} visits answered, {len(unanswered)} not; slowest restart {slowest:.2f} s"
    )
    assert unanswered == []
    assert masters == {ID: 1, OTHER: 1}


async def test_verbs_cut_short_by_a_kill_are_finished_when_said_again(cloud: SmallCloud) -> None:
    chance = random.Random(11)  # noqa: S311 - moments that can be had again
    for number in range(1, 9):
        id, uid = environment_id(number), FIRST_UID + number
        whole = asyncio.create_task(_make_and_remove(cloud, id, uid))
        await asyncio.sleep(chance.uniform(0.0, 0.12))
        cloud.kill()
        await asyncio.gather(whole, return_exceptions=True)
        await cloud.start()
        await _make_and_remove(cloud, id, uid)
    left = await cloud.hostd.inventory()
    assert (left.environments, left.stray_processes, left.stray_links, left.trash) == ({}, (), (), 0)
    assert sorted(path.name for path in (cloud.data / "environments").iterdir()) == []


async def test_what_a_killed_hostd_half_started_is_ended_or_adopted(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    for wait in (0.0, 0.001, 0.002, 0.004, 0.008, 0.016, 0.03):
        waking = asyncio.create_task(cloud.hostd.warm(ID))
        await asyncio.sleep(0.003 + wait)
        cloud.kill()
        await asyncio.gather(waking, return_exceptions=True)
        await cloud.start()
        assert (await cloud.visit(ID)).body.startswith("hello")
        await cloud.hostd.sleep(ID)
    assert await _in_the_end(cloud, lambda found: found.environments[ID].processes, ()) == ()


async def test_told_to_end_it_puts_everything_to_sleep(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    pid = (await cloud.status(ID)).pid
    await cloud.stop()
    assert cloud.daemon is not None
    assert cloud.daemon.returncode == 0
    assert not Path(f"/proc/{pid}").exists()
    await cloud.start()
    assert (await cloud.visit(ID)).body.startswith("hello")


async def test_told_to_hand_over_it_leaves_everything_awake(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    pid = (await cloud.status(ID)).pid
    assert cloud.daemon is not None
    cloud.daemon.send_signal(signal.SIGHUP)
    await asyncio.to_thread(cloud.daemon.wait, 10)
    assert (await cloud.visit(ID)).body.startswith("hello")
    await cloud.start()
    assert (await cloud.status(ID)).pid == pid


async def test_a_damaged_record_costs_one_environment_not_all(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.environment(2)
    cloud.kill()
    (cloud.place(ID) / "runtime.json").write_text('{"id": ')
    await cloud.start()
    assert (await cloud.visit(OTHER)).body.startswith("hello")
    assert "runtime.json can't be read" in cloud.log()
    await cloud.environment(1)
    assert (await cloud.visit(ID)).body.startswith("hello")


async def _wake_and_sleep(cloud: SmallCloud) -> None:
    while True:
        await cloud.hostd.warm(OTHER)
        await cloud.hostd.sleep(OTHER)


async def _make_and_remove(cloud: SmallCloud, id: str, uid: int) -> None:
    await cloud.hostd.make_files(id, uid)
    await cloud.hostd.ensure_runtime(id, uid, Limits())
    await cloud.hostd.publish(id, f"{id}.localhost")
    await cloud.hostd.warm(id)
    await cloud.hostd.withdraw(f"{id}.localhost")
    await cloud.hostd.remove_runtime(id)
    await cloud.hostd.remove_files(id)


async def _in_the_end(cloud: SmallCloud, seen: Callable[[Holdings], T], wanted: T) -> T:
    """What is seen once hostd has swept after its start; what has begun to end by then may take a while."""
    await asyncio.sleep(SWEEP_AFTER_SECONDS)
    for _ in range(100):
        if (now := seen(await cloud.hostd.inventory())) == wanted:
            break
        await asyncio.sleep(0.1)
    return now


def _masters_of(found: Holdings) -> dict[str, int]:
    return {id: len(_masters(holding.processes)) for id, holding in found.environments.items()}


def _masters(pids: tuple[int, ...]) -> list[int]:
    titles = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in pids if Path(f"/proc/{pid}").exists()}
    return [pid for pid, title in titles.items() if title.startswith("php-fpm: master")]
