"""hostd's socket: who is let in, and what it does with nonsense."""

import asyncio
import json
import os
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from aipress.errors import CloudBusy, CloudRefused
from aipress.hostd.client import Hostd, Limits
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

ID = environment_id(1)
# With the system's Python: an ordinary user may not be able to read ours.
ASK = """
import socket, sys
door = socket.socket(socket.AF_UNIX); door.connect(sys.argv[1])
door.sendall(b'{"verb": "status"}\\n'); print(door.makefile().readline())
"""


async def talk(cloud: SmallCloud, *lines: bytes) -> list[dict[str, object]]:
    """Say these lines on one connection; what was answered to each."""
    reader, writer = await asyncio.open_unix_connection(cloud.hostd.socket_path)
    try:
        answers = []
        for line in lines:
            writer.write(line)
            answers.append(json.loads(await asyncio.wait_for(reader.readline(), 10)))
        return answers
    finally:
        writer.close()


def ask_as(uid: int, gid: int, path: Path) -> subprocess.CompletedProcess[str]:
    command = ["/usr/bin/python3", "-c", ASK, str(path)]
    return subprocess.run(
        command, user=uid, group=gid, extra_groups=[], capture_output=True, text=True, timeout=10, check=False
    )


async def test_the_socket_is_for_root_and_the_control_planes_group(cloud: SmallCloud) -> None:
    found = (cloud.data / "run/hostd.sock").stat()
    assert stat.S_IMODE(found.st_mode) == 0o660
    assert found.st_uid == 0


async def test_only_root_and_the_control_plane_are_answered_whatever_the_file_mode(cloud: SmallCloud) -> None:
    door = cloud.data / "run/hostd.sock"
    stranger = await asyncio.to_thread(ask_as, 64_999, 64_999, door)
    assert "Permission denied" in stranger.stderr
    door.chmod(0o666)
    stranger = await asyncio.to_thread(ask_as, 64_999, 64_999, door)
    assert stranger.stderr == ""
    assert json.loads(stranger.stdout)["error"]["code"] == "forbidden"
    control_plane = await asyncio.to_thread(ask_as, 65_534, 65_534, door)
    assert json.loads(control_plane.stdout)["ok"] is True


async def test_nonsense_is_refused_and_the_conversation_goes_on(cloud: SmallCloud) -> None:
    answers = await talk(
        cloud, b"nonsense\n", b"{}\n", b'{"verb":"status"}\n', b"\x00\xff\n", b'{"verb":"inventory"}\n'
    )
    assert [answer["ok"] for answer in answers] == [False, False, True, False, True]


async def test_a_request_without_end_is_cut_off(cloud: SmallCloud) -> None:
    answer = (await talk(cloud, b"x" * 70_000 + b"\n"))[0]
    assert answer["ok"] is False
    assert (await cloud.hostd.status()).isolated


async def test_callers_who_leave_early_or_say_nothing_disturb_nobody(cloud: SmallCloud) -> None:
    silent = [await asyncio.open_unix_connection(cloud.hostd.socket_path) for _ in range(20)]
    for _ in range(20):
        leaving = socket.socket(socket.AF_UNIX)
        leaving.connect(cloud.hostd.socket_path)
        leaving.send(b'{"verb":"inventory"}\n{"verb":')
        leaving.close()
    assert (await cloud.hostd.status()).environments == {}
    for _, writer in silent:
        writer.close()


async def test_hostile_requests_leave_nothing_behind(cloud: SmallCloud) -> None:
    before = sorted(cloud.data.rglob("*"))
    for words in (
        {"verb": "make_files", "id": "../../../tmp/x", "uid": FIRST_UID},
        {"verb": "make_files", "id": ID, "uid": 0},
        {"verb": "make_files", "id": ID, "uid": FIRST_UID, "version": "../../etc"},
        {"verb": "make_files", "id": ID, "uid": FIRST_UID, "version": "9.9"},
        {"verb": "publish", "id": ID, "host": "../evil"},
        {"verb": "publish", "id": ID, "host": "no-files.example"},
        {"verb": "ensure_runtime", "id": ID, "uid": FIRST_UID},
        {"verb": "warm", "id": ID},
        {"verb": "sleep", "id": ID},
    ):
        assert (await talk(cloud, json.dumps(words).encode() + b"\n"))[0]["ok"] is False
    assert sorted(cloud.data.rglob("*")) == before


async def test_a_second_hostd_for_the_same_data_does_not_start(cloud: SmallCloud) -> None:
    assert await asyncio.to_thread(cloud.spawn().wait, 10) == 78
    assert "another hostd" in cloud.log()
    assert (await cloud.hostd.status()).isolated


async def test_the_client_says_busy_when_hostd_is_away_or_dies_and_refused_when_it_says_no(
    cloud: SmallCloud,
) -> None:
    with pytest.raises(CloudRefused, match="no runtime"):
        await cloud.hostd.warm(ID)
    with pytest.raises(CloudBusy):
        await Hostd(cloud.hostd.socket_path, seconds=0.0001).inventory()
    cloud.kill()
    with pytest.raises(CloudBusy):
        await cloud.hostd.status()


async def test_a_runtime_without_limits_gets_ordinary_ones(cloud: SmallCloud) -> None:
    await cloud.hostd.make_files(ID, FIRST_UID + 1)
    line = json.dumps({"verb": "ensure_runtime", "id": ID, "uid": FIRST_UID + 1}).encode() + b"\n"
    assert (await talk(cloud, line))[0]["ok"] is True
    written = json.loads((cloud.place(ID) / "runtime.json").read_text())
    assert Limits(**written["limits"]) == Limits()
    assert stat.S_IMODE(os.stat(cloud.place(ID) / "runtime.json").st_mode) == 0o600
