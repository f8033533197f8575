"""The simulator as anyone meets it: over HTTP, with a plain client that knows nothing of it."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from gcpsim.machines import podman
from gcpsim.server import listening, new_world
from gcpsim.simulator import Simulator
from gcpsim.world import World
from tests.gcpsim import servers
from tests.gcpsim.cloud_sql import INSTANCES, POOL, mariadb
from tests.gcpsim.image import build, remove
from tests.gcpsim.running import Place


@dataclass(frozen=True)
class Google:
    """A client, and the world behind what it talks to."""

    client: httpx.Client
    world: World

    def say(self, method: str, path: str, body: object = None, **query: str) -> httpx.Response:
        """One request; the path begins with the API: `/run/v2/…`."""
        return self.client.request(method, path, json=body, params=query)

    def made(self, path: str, body: object, **query: str) -> dict[str, object]:
        """What a POST that must succeed answers."""
        answer = self.say("POST", path, body, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass(frozen=True)
class Door:
    """One server for all tests, and a client that keeps its line."""

    server: ThreadingHTTPServer
    client: httpx.Client


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    server = listening(Simulator(new_world()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}", trust_env=False) as client:
            yield Door(server, client)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def google(door: Door) -> Google:
    """A new world for each test."""
    simulator = Simulator(new_world())
    door.server.RequestHandlerClass.simulator = simulator  # type: ignore[attr-defined]
    return Google(door.client, simulator.world)


@pytest.fixture(scope="session")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An image whose server tells what it was told. Skips where no container can run."""
    if os.geteuid() != 0:
        pytest.skip("needs root: what containers write belongs to another account")
    if reason := podman.why_not():
        pytest.skip(f"podman can't run here: {reason}")
    if not shutil.which("buildah"):
        pytest.skip("there is no buildah here")
    tag = build(tmp_path_factory.mktemp("image"))
    yield tag
    remove(tag)


@pytest.fixture(scope="session")
def place(answering: str) -> Iterator[Place]:
    """A simulator whose services run, for all tests that end what they start."""
    with tempfile.TemporaryDirectory(prefix="gcpsim-") as folder, Place(Path(folder), answering) as made:
        Path(folder).chmod(0o711)
        made.open_door()
        yield made


@pytest.fixture(scope="session")
def cloud_sql() -> Iterator[servers.Google]:
    """A simulator whose Cloud SQL instances are servers, with one, for all tests that clear up after themselves, and a bucket."""
    servers.need("mariadbd", "mariadb-install-db", "mariadb-dump")
    with (
        servers.own_net() as net,
        servers.own_folder() as folder,
        servers.running(folder, net, mariadb) as made,
    ):
        assert "error" not in made.done("POST", INSTANCES, POOL)
        made.done("POST", "/storage/v1/b", {"name": "copies"}, project="p")
        yield made
