"""An environment's life as its visitors see it: it wakes, sleeps and wakes again, and nobody is refused."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aipress.errors import CloudBusy
from aipress.hostd import proc
from aipress.hostd.client import Limits
from aipress.hostd.environment import FIRST_DELAY_SECONDS
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

ID = environment_id(1)
CANARY = "canary-5e1f-correct-horse"


async def test_the_first_visitor_wakes_it_and_the_next_is_answered_by_the_same_php(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    assert (await cloud.status(ID)).state == "asleep"
    assert (await cloud.visit(ID)).body == f"hello from {ID}"
    first = await cloud.until("awake", ID)
    assert (await cloud.visit(ID)).body == f"hello from {ID}"
    assert (await cloud.status(ID)).pid == first.pid
    assert first.starts == 1
    assert first.last_start_ms is not None


async def test_a_worker_answers_one_visitor_after_another(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    workers = {await cloud.run(ID, "echo getmypid();") for _ in range(12)}
    assert len(workers) <= Limits().children


async def test_an_awake_environment_that_nobody_visits_does_nothing(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    awake = Path(f"/proc/{(await cloud.status(ID)).pid}/stat")
    before = awake.read_text().rpartition(")")[2].split()
    await asyncio.sleep(2)
    after = awake.read_text().rpartition(")")[2].split()
    spent = sum(int(now) - int(then) for now, then in zip(after[11:15], before[11:15], strict=True))
    assert spent <= 2, "clock ticks of processor time, its children's included"


async def test_it_falls_asleep_when_nobody_comes_and_wakes_again(drowsy: SmallCloud) -> None:
    await drowsy.environment(1)
    for rounds in (1, 2):
        await drowsy.visit(ID)
        asleep = await drowsy.until("asleep", ID)
        assert (asleep.starts, asleep.stops, asleep.pid) == (rounds, rounds, None)
    assert (await drowsy.hostd.inventory()).environments[ID].processes == ()


async def test_a_long_request_keeps_it_awake_and_is_answered_to_its_end(drowsy: SmallCloud) -> None:
    await drowsy.environment(1)
    slow = drowsy.write(ID, "slow.php", "<?php sleep(4); echo 'done';")
    answer = await drowsy.visit(ID, slow)
    assert answer.body == "done"
    assert (await drowsy.status(ID)).stops == 0


async def test_going_to_sleep_lets_a_running_request_end(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    slow = cloud.write(ID, "slow.php", "<?php usleep(1500000); echo 'done';")
    visit = asyncio.create_task(cloud.visit(ID, slow))
    await asyncio.sleep(0.3)
    await cloud.hostd.sleep(ID)
    assert (await visit).body == "done"
    assert (await cloud.status(ID)).state == "asleep"


async def test_a_request_that_never_ends_does_not_keep_it_from_sleeping(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    endless = cloud.write(ID, "endless.php", "<?php ignore_user_abort(true); while (true) { sleep(1); }")
    visit = asyncio.create_task(cloud.visit(ID, endless))
    await cloud.until("awake", ID)
    began = time.monotonic()
    await cloud.hostd.sleep(ID)
    assert time.monotonic() - began < 10
    assert (await cloud.hostd.inventory()).environments[ID].processes == ()
    visit.cancel()


async def test_thousands_of_visitors_over_many_stops_are_all_answered(
    cloud: SmallCloud, figure: Callable[[str], None]
) -> None:
    await cloud.environment(1, Limits(children=4))
    answered, unanswered, ends_at = 0, [], time.monotonic() + 12

    async def visitor() -> None:
        nonlocal answered
        while time.monotonic() < ends_at:
            try:
                assert (await cloud.visit(ID)).body.startswith("hello")
                answered += 1
            except Exception as error:  # noqa: BLE001 - every failure counts
                unanswered.append(repr(error))

    async def stopper() -> None:
        while time.monotonic() < ends_at:
            await asyncio.sleep(0.25)
            await cloud.hostd.sleep(ID)

    await asyncio.gather(*(visitor() for _ in range(6)), stopper())
    stops = (await cloud.status(ID)).stops
    figure(f"{answered} visitors answered, {len(unanswered)} not, over {stops} stops")
    assert unanswered == []
    assert answered > 1000
    assert stops > 10


async def test_visitors_who_come_just_as_it_falls_asleep_are_answered(drowsy: SmallCloud) -> None:
    await drowsy.environment(1)
    for pause in (1.8, 2.2, 2.4, 2.6, 3.0, 5.0):
        await asyncio.gather(*(drowsy.visit(ID) for _ in range(4)))
        await asyncio.sleep(pause)
    assert (await drowsy.until("asleep", ID)).stops >= 1


async def test_a_visitor_who_comes_just_as_the_only_worker_ends_is_answered(cloud: SmallCloud) -> None:
    """FPM makes no worker while it believes in an idle one, and is not told again of a visitor nobody took."""
    await cloud.environment(1, Limits(children=1, idle_seconds=20))
    await cloud.visit(ID)
    master = (await cloud.until("awake", ID)).pid
    assert master is not None
    (worker,) = proc.children(master)
    os.kill(worker, signal.SIGSTOP)
    await _until(lambda: _is_asked_to_end(worker))
    os.kill(master, signal.SIGSTOP)
    os.kill(worker, signal.SIGCONT)
    await _until(lambda: _facts_of(worker)["State"].startswith("Z"))
    visit = asyncio.create_task(cloud.visit(ID, seconds=60))
    await asyncio.sleep(0.2)
    os.kill(master, signal.SIGCONT)
    assert (await visit).body == f"hello from {ID}"
    assert (await cloud.status(ID)).stops == 0


async def _until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not look():
            await asyncio.sleep(0.05)


def _is_asked_to_end(pid: int) -> bool:
    """Whether SIGQUIT waits for it."""
    facts = _facts_of(pid)
    return any(int(facts[mask], 16) & 1 << (signal.SIGQUIT - 1) for mask in ("SigPnd", "ShdPnd"))


def _facts_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


async def test_warm_means_that_php_takes_requests(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    warm = await cloud.status(ID)
    assert warm.state == "awake"
    await cloud.hostd.warm(ID)
    assert (await cloud.status(ID)).pid == warm.pid
    assert (await cloud.visit(ID)).first_byte_ms < 100


async def test_every_verb_may_be_said_twice(cloud: SmallCloud) -> None:
    hostd, uid = cloud.hostd, FIRST_UID + 1
    for _ in range(2):
        await hostd.make_files(ID, uid)
        await hostd.ensure_runtime(ID, uid, Limits())
        await hostd.publish(ID, "sunrise.localhost")
        await hostd.warm(ID)
        await hostd.warm(ID)
        await hostd.sleep(ID)
        await hostd.sleep(ID)
    held = (await hostd.inventory()).environments[ID]
    assert (held.files, held.socket, held.runtime, held.hosts) == (True, True, True, ("sunrise.localhost",))
    for _ in range(2):
        await hostd.withdraw("sunrise.localhost")
        await hostd.remove_runtime(ID)
        await hostd.remove_files(ID)
    left = await hostd.inventory()
    assert (left.environments, left.stray_processes, left.stray_links, left.trash) == ({}, (), (), 0)


async def test_removing_the_files_of_an_awake_environment_stops_it_first(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    pid = (await cloud.status(ID)).pid
    await cloud.hostd.remove_files(ID)
    assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()
    assert (await cloud.hostd.inventory()).environments == {}


async def test_a_hundred_verbs_at_once_end_in_order(cloud: SmallCloud) -> None:
    ids = [(environment_id(number), FIRST_UID + number) for number in range(1, 6)]

    async def whole_life(id: str, uid: int) -> None:
        await cloud.hostd.make_files(id, uid)
        await cloud.hostd.ensure_runtime(id, uid, Limits())

    await asyncio.gather(*(whole_life(id, uid) for id, uid in ids for _ in range(5)))
    await asyncio.gather(*(cloud.hostd.warm(id) for id, _ in ids for _ in range(5)))
    await asyncio.gather(*(cloud.hostd.remove_files(id) for id, _ in ids for _ in range(5)))
    assert (await cloud.hostd.inventory()).environments == {}


async def test_changed_limits_reach_a_running_php_without_refusing_anyone(cloud: SmallCloud) -> None:
    await cloud.environment(1, Limits(memory_mb=128))
    say = "echo ini_get('memory_limit'), ' ', file_get_contents(getenv('AIPRESS_TENANT_FILE'));"
    assert await cloud.run(ID, say) == "64M "
    visits = [asyncio.create_task(cloud.visit(ID)) for _ in range(10)]
    await cloud.hostd.ensure_runtime(ID, FIRST_UID + 1, Limits(memory_mb=256), "ten_01abc")
    assert all([(await visit).body.startswith("hello") for visit in visits])
    assert await cloud.run(ID, say) == "128M ten_01abc"
    same = await cloud.status(ID)
    await cloud.hostd.ensure_runtime(ID, FIRST_UID + 1, Limits(memory_mb=256), "ten_01abc")
    assert (await cloud.status(ID)).pid == same.pid


async def test_a_claimed_environment_knows_at_once_whose_it_is_and_its_php_goes_on(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.hostd.warm(ID)
    say = "echo '<', file_get_contents(getenv('AIPRESS_TENANT_FILE')), '>';"
    before = await cloud.status(ID)
    assert await cloud.run(ID, say) == "<>"
    await cloud.hostd.ensure_runtime(ID, FIRST_UID + 1, Limits(), "ten_01abc")
    assert await cloud.run(ID, say) == "<ten_01abc>"
    assert (await cloud.status(ID)).pid == before.pid


async def test_an_environment_with_a_minimum_never_sleeps_and_comes_back_when_killed(
    drowsy: SmallCloud,
) -> None:
    await drowsy.environment(1, Limits(min_instances=1))
    first = await drowsy.until("awake", ID)
    await asyncio.sleep(3)
    assert (await drowsy.status(ID)).pid == first.pid
    assert first.pid is not None
    os.kill(first.pid, 9)
    await drowsy.visit(ID)
    assert (await drowsy.until("awake", ID)).pid != first.pid


async def test_php_that_does_not_start_is_tried_less_and_less_often_and_recovers(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    conf = cloud.place(ID) / "fpm.conf"
    good = conf.read_text()
    conf.write_text("this is no configuration\n")
    patient = asyncio.create_task(cloud.visit(ID, seconds=30))
    began, failing = time.monotonic(), await cloud.status(ID)
    async with asyncio.timeout(30):
        while failing.failures < 3:
            await asyncio.sleep(0.05)
            failing = await cloud.status(ID)
    assert time.monotonic() - began >= FIRST_DELAY_SECONDS * (1 + 2)
    assert failing.starts == failing.failures
    with pytest.raises(CloudBusy):
        await cloud.hostd.warm(ID)
    assert "this is no configuration" in cloud.log_of(ID) or "fpm.conf" in cloud.log_of(ID)
    conf.write_text(good)
    await cloud.hostd.warm(ID)
    assert (await cloud.status(ID)).failures == 0
    assert (await cloud.visit(ID)).body.startswith("hello")
    patient.cancel()


async def test_a_master_that_is_killed_takes_its_workers_along_and_the_next_visitor_is_answered(
    cloud: SmallCloud,
) -> None:
    await cloud.environment(1)
    await cloud.visit(ID)
    awake = await cloud.until("awake", ID)
    processes = (await cloud.hostd.inventory()).environments[ID].processes
    assert awake.pid in processes
    assert len(processes) >= 3
    assert awake.pid is not None
    os.kill(awake.pid, 9)
    await cloud.until("asleep", ID)
    assert (await cloud.visit(ID)).body.startswith("hello")
    assert not set(processes) & set((await cloud.hostd.inventory()).environments[ID].processes)


async def test_nothing_that_ended_stays_as_a_zombie(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    for _ in range(3):
        await cloud.hostd.warm(ID)
        await cloud.hostd.sleep(ID)
    assert cloud.daemon is not None
    children = Path(f"/proc/{cloud.daemon.pid}/task/{cloud.daemon.pid}/children")
    await _until(lambda: children.read_text().split() == [])
