"""A site's secrets on a whole platform: real WordPress behind the real edge has them at once, and its visitors notice nothing."""

import contextlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pymysql
import pytest

from aipress.kit.sealed import SealedStore
from tests.e2e.kills import killer
from tests.e2e.platform import Platform, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

SINGER = """<?php
/* Plugin Name: Singer */
add_action( 'init', static function (): void {
	if ( isset( $_GET['sing'] ) ) {
		usleep( random_int( 0, 50000 ) );
		exit( getenv( 'SONG' ) . '|' . ( defined( 'SONG' ) ? SONG : '' ) );
	}
} );
"""
ACTIVE = 'a:1:{i:0;s:10:"singer.php";}'


@pytest.fixture
def choir(platform: Platform) -> Iterator[Platform]:
    """A site whose plugin sings its secret."""
    platform.create("Choir")
    content = platform.data / "environments" / environment_of(platform) / "content"
    plugin = content / "plugins/singer.php"
    plugin.write_text(SINGER)
    os.chown(plugin, content.stat().st_uid, content.stat().st_gid)
    with pymysql.connect(
        unix_socket=str(platform.data / "run/mariadb.sock"), user="root", autocommit=True
    ) as server:
        table = f"w{environment_of(platform)}.wp_options"
        server.cursor().execute(
            f"UPDATE {table} SET option_value = %s WHERE option_name = 'active_plugins'",  # noqa: S608
            (ACTIVE,),
        )
    yield platform
    platform.remove("choir")


def environment_of(platform: Platform) -> str:
    with platform.operator(timeout=60) as client:
        return str(client.get("/api/tenants/choir").json()["environments"][0]["id"])


def put(platform: Platform, value: str) -> None:
    with platform.operator(timeout=60) as client:
        answer = client.put("/api/tenants/choir/secrets/SONG", json={"value": value})
        assert answer.status_code in (200, 201), answer.text


def sung(platform: Platform) -> str:
    answer = platform.visit("choir", "/?sing=1")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_every_change_is_there_at_once_and_no_visitor_is_failed(choir: Platform) -> None:
    put(choir, "song 0")
    newest, is_over = 0, threading.Event()

    def listen() -> int:
        heard = 0
        while not is_over.is_set():
            least = newest
            variable, _, constant = sung(choir).partition("|")
            assert variable == constant
            assert least <= int(variable.removeprefix("song ")) <= newest + 1
            heard += 1
        return heard

    with ThreadPoolExecutor() as pool:
        listeners = [pool.submit(listen) for _ in range(4)]
        for number in range(1, 11):
            put(choir, f"song {number}")
            newest = number
        is_over.set()
    assert sum(listener.result() for listener in listeners) > 20
    assert sung(choir) == "song 10|song 10"


def test_a_control_plane_killed_while_it_sets_one_leaves_what_its_rows_say(choir: Platform) -> None:
    put(choir, "before")
    for pause in (0.0, 0.01, 0.03, 0.06, 0.1):
        strike = threading.Timer(pause, killer(choir, "control"))
        strike.start()
        with contextlib.suppress(httpx.HTTPError, AssertionError):  # it may be killed before it answers
            put(choir, f"after {pause}")
        strike.join()
        wait_for(lambda: _is_there(choir), 60, "the control plane to be back")
        wait_for(lambda: sung(choir).split("|")[0] == _of_row(choir), 90, "the row's value to be sung")


def _is_there(platform: Platform) -> bool:
    try:
        with platform.operator(timeout=5) as client:
            return bool(client.get("/api/health/ready").status_code == 200)
    except httpx.HTTPError:
        return False


def _of_row(platform: Platform) -> str:
    """The value of the version that counts, from the vault."""
    with platform.operator(timeout=60) as client:
        version = client.get("/api/tenants/choir/secrets/SONG").json()["version"]
    store = SealedStore(platform.data / "vault", platform.data / "vault/master.key")
    return store.get(f"{environment_of(platform)}-own", f"SONG-{version}")
