"""A run of cron as hostd sees it: how it ended is told, however it did, and afterwards its PHP is not kept awake for nobody."""

import asyncio
import contextlib
import os
import signal
import time

import pytest

from aipress.errors import CloudBusy, CloudRefused
from aipress.hostd.cron import SCRIPT
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import VERSION, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

ID = environment_id(1)
REQUEST = "0123456789abcdef" * 2
HOST = "a.example.org"


def chores(cloud: SmallCloud, code: str) -> None:
    """What stands in the core in place of our script."""
    script = cloud.data / "wordpress" / VERSION / SCRIPT
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(f"<?php {code}")
    os.utime(script, (1, 1))


@pytest.mark.parametrize(
    ("code", "status"),
    [("echo 'done';", 200), ("http_response_code(423);", 423), ("http_response_code(500); exit;", 500),
     ("header('X-Status: 201'); echo str_repeat('Status: 404', 100000);", 200), ("no_such_function();", 500),
     ("http_response_code(500); register_shutdown_function(fn () => http_response_code(200));", 200)],
)  # fmt: skip
async def test_how_a_run_ended_is_told(cloud: SmallCloud, code: str, status: int) -> None:
    chores(cloud, code)
    await cloud.environment(1)
    run = await cloud.hostd.run_cron(ID, HOST, REQUEST, 20)
    assert run.status == status
    assert 0 < run.duration_ms < 20_000


async def test_php_is_told_which_site_and_which_request_it_is(cloud: SmallCloud) -> None:
    wanted = ("HTTP_HOST", "HTTP_X_REQUEST_ID", "REQUEST_URI", "SCRIPT_NAME", "HTTPS")
    names = ", ".join(f"$_SERVER['{name}'] ?? ''" for name in wanted)
    chores(cloud, f"file_put_contents('/srv/content/told', implode(' ', [{names}]));")
    await cloud.environment(1)
    assert (await cloud.hostd.run_cron(ID, HOST, REQUEST, 20)).status == 200
    told = (cloud.place(ID) / "content/told").read_text()
    assert told == f"{HOST} {REQUEST} /wp-cron.php?doing_wp_cron /wp-cron.php "


async def test_a_run_that_takes_too_long_is_let_go_of_and_keeps_no_verb_waiting(cloud: SmallCloud) -> None:
    chores(cloud, "sleep(8);")
    await cloud.environment(1)
    began = time.monotonic()
    run = asyncio.create_task(cloud.hostd.run_cron(ID, HOST, REQUEST, 2))
    await cloud.until("awake", ID)
    await cloud.hostd.publish(ID, HOST)
    await cloud.hostd.withdraw(HOST, ID)
    assert not run.done()
    assert (await run).status == 0
    assert 2 <= time.monotonic() - began < 8


async def test_a_run_whose_php_is_killed_is_told_as_broken_off(cloud: SmallCloud) -> None:
    chores(cloud, "file_put_contents('/srv/content/begun', '1'); sleep(30);")
    await cloud.environment(1)
    run = asyncio.create_task(cloud.hostd.run_cron(ID, HOST, REQUEST, 40))
    async with asyncio.timeout(20):
        while not (cloud.place(ID) / "content/begun").exists():
            await asyncio.sleep(0.02)
    for pid in (await cloud.hostd.inventory()).environments[ID].processes:
        with contextlib.suppress(ProcessLookupError):  # one may end because another did
            os.kill(pid, signal.SIGKILL)
    assert (await run).status == 0


async def test_an_environment_that_was_asleep_sleeps_again_soon(cloud: SmallCloud) -> None:
    """Here visitors keep an environment awake for a minute."""
    chores(cloud, "")
    await cloud.environment(1)
    assert (await cloud.hostd.run_cron(ID, HOST, REQUEST, 20)).status == 200
    await cloud.until("asleep", ID, seconds=20)


async def test_where_php_does_not_start_a_run_is_busy_and_where_there_is_none_refused(
    cloud: SmallCloud,
) -> None:
    await cloud.environment(1)
    (cloud.data / "vault" / ID / "DB_PASSWORD.sealed").write_bytes(b"damaged")
    with pytest.raises(CloudBusy):
        await cloud.hostd.run_cron(ID, HOST, REQUEST, 20)
    with pytest.raises(CloudRefused):
        await cloud.hostd.run_cron(environment_id(2), HOST, REQUEST, 20)
