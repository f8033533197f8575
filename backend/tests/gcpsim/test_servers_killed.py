"""The whole program with a database and a cache: they are killed, it is killed, started again in the same folder, told to end."""

import contextlib
import json
import os
import signal
import socket
from pathlib import Path

import httpx

from gcpsim.wire import Json
from tests.gcpsim.cloud_sql import INSTANCES, POOL
from tests.gcpsim.process import serving
from tests.gcpsim.running import eventually
from tests.gcpsim.servers import need, own_folder, own_net

CACHES = "/memorystore/v1/projects/p/locations/r/instances"


def sql(api: httpx.Client, statement: str) -> Json:
    asked = {"sqlStatement": statement, "autoIamAuthn": True}
    return api.post(f"{INSTANCES}/pool/executeSql", json=asked).raise_for_status().json()


def answers(address: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=5):
        return True
    return False


def running_in(folder: Path) -> set[int]:
    """The numbers of the programs that were started last."""
    notes = folder.glob("*/2/program.json")
    return {json.loads(note.read_text() or '{"pid": 0}')["pid"] for note in notes}


def test_servers_go_with_a_killed_simulator_and_come_back_with_the_next() -> None:
    need("mariadbd", "mariadb-install-db", "mariadb-dump", "redis-server")
    with own_net() as net, own_folder() as folder:
        places = (f"127.{net}.0.2", 3306), (f"127.{net + 1}.0.2", 6379)
        with serving(folder / "m", "--net", str(net)) as served:
            api = served.api
            api.post(INSTANCES, json=POOL).raise_for_status()
            api.post(CACHES, json={}, params={"instanceId": "c"}).raise_for_status()
            eventually(lambda: api.get(f"{INSTANCES}/pool").json()["state"] == "RUNNABLE")
            eventually(lambda: api.get(f"{CACHES}/c").json()["state"] == "ACTIVE")
            assert sql(api, "CREATE DATABASE kept")["status"] == {}
            assert all(answers(*place) for place in places)
            for kind in ("sql", "caches"):
                os.kill(
                    json.loads((folder / "m" / kind / "2" / "program.json").read_text())["pid"],
                    signal.SIGKILL,
                )
            eventually(lambda: not any(answers(*place) for place in places))
            eventually(lambda: all(answers(*place) for place in places))
            served.process.kill()
        eventually(lambda: not any(answers(*place) for place in places))
        with serving(folder / "m", "--net", str(net)) as served:
            assert all(answers(*place) for place in places)
            found = sql(served.api, "SHOW DATABASES LIKE 'kept'")["results"][0]["rows"]
            assert found == [{"values": [{"value": "kept"}]}]
            served.process.terminate()
            assert served.process.wait(60) == 0
        assert not any(answers(*place) for place in places)
