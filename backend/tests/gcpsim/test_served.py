"""The whole program: `serve --machines` with visitors, its end, its violent end, and its next start in the same folder."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gcpsim.machines import podman
from gcpsim.wire import Json
from tests.gcpsim.running import COMPUTE, HEALTHY, REFERENCE, SERVICES, eventually, service

BACKEND = Path(__file__).parents[2]


@dataclass
class Served:
    """A simulator as a process."""

    process: subprocess.Popen[str]
    api: httpx.Client
    visitors: str

    def done(self, answer: httpx.Response) -> Json:
        """The operation, when it is over."""
        assert answer.status_code == 200, answer.text
        name = f"/run/v2/{answer.json()['name']}"
        return eventually(lambda: told if (told := self.api.get(name).json()).get("done") else None)

    def visit(self, host: str) -> httpx.Response:
        return httpx.get(self.visitors, headers={"Host": host}, timeout=60, trust_env=False)


@contextlib.contextmanager
def serving(folder: Path, image: str, **variables: str) -> Iterator[Served]:
    command = [
        sys.executable,
        "-m",
        "gcpsim",
        "serve",
        "--port",
        "0",
        "--machines",
        folder,
        "--visitors",
        "0",
    ]
    more = ["--clock", "real", "--idle", "3600", "--image", f"{REFERENCE}={image}"]
    with subprocess.Popen(
        [*command, *more], stdout=subprocess.PIPE, text=True, cwd=BACKEND, env={**os.environ, **variables}
    ) as process:
        try:
            assert process.stdout
            said = [re.findall(r"http://\S+", process.stdout.readline())[0] for _ in range(2)]
            with httpx.Client(base_url=said[0], timeout=60, trust_env=False) as api:
                yield Served(process, api, said[1])
        finally:
            process.kill()


def open_door(api: httpx.Client) -> None:
    """Every host `<service>.example.test` leads to its service."""
    group = "projects/p/regions/europe-west1/networkEndpointGroups/g"
    mask = {
        "name": "g",
        "networkEndpointType": "SERVERLESS",
        "cloudRun": {"urlMask": "<service>.example.test"},
    }
    backend = {"name": "b", "backends": [{"group": group}]}
    edge = {"name": "edge", "defaultService": "projects/p/global/backendServices/b"}
    api.post(f"{COMPUTE}/regions/europe-west1/networkEndpointGroups", json=mask).raise_for_status()
    api.post(f"{COMPUTE}/global/backendServices", json=backend).raise_for_status()
    api.post(f"{COMPUTE}/global/urlMaps", json=edge).raise_for_status()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="gcpsim-") as place:
        yield Path(place)


def test_services_live_on_through_ends_of_the_simulator(answering: str, folder: Path) -> None:
    label = f"gcpsim.home={folder.resolve() / 'instances'}"
    with serving(folder, answering) as first:
        kept = service(scaling={"minInstanceCount": 1})
        first.done(first.api.post(SERVICES, params={"serviceId": "shop"}, json=kept))
        open_door(first.api)
        before = first.visit("shop.example.test").json()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(20)
    assert len(podman.labelled(label)) == 1
    with serving(folder, answering) as again:
        after = eventually(
            lambda: told.json() if (told := again.visit("shop.example.test")).status_code == 200 else None
        )
        assert after["variables"]["K_REVISION"] == "shop-00001-sim"
        assert after["variables"]["PORT"] != before["variables"]["PORT"]
        assert len(podman.labelled(label)) == 1
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(60) == 0
    assert podman.labelled(label) == []


def test_a_folder_is_one_simulators_at_a_time(folder: Path) -> None:
    with serving(folder, "none") as first:
        again = [sys.executable, "-m", "gcpsim", "serve", "--port", "0", "--machines", folder]
        second = subprocess.run(again, cwd=BACKEND, capture_output=True, text=True, check=False)
        assert first.api.get(SERVICES).status_code == 200
    assert second.returncode == 2
    assert f"Another simulator runs in {folder}. End it, or take another folder.\n" in second.stderr


def test_a_start_that_takes_long_keeps_nobody_waiting_and_outlives_an_end(
    answering: str, folder: Path
) -> None:
    with serving(folder, answering) as simulator:
        simulator.api.post("/storage/v1/b", params={"project": "p"}, json={"name": "p-go"}).raise_for_status()
        container = {
            "env": [{"name": "WAITS_FOR", "value": "/go/now"}],
            "volumeMounts": [{"name": "go", "mountPath": "/go"}],
        }
        slow = service(
            {**container, "startupProbe": {**HEALTHY, "failureThreshold": 60}},
            {"volumes": [{"name": "go", "gcs": {"bucket": "p-go"}}]},
        )
        begun = simulator.api.post(SERVICES, params={"serviceId": "slow"}, json=slow)
        eventually(lambda: podman.labelled(f"gcpsim.home={folder.resolve() / 'instances'}"))
        for _ in range(5):
            assert simulator.api.get(SERVICES).status_code == 200
            assert simulator.visit("nobody.example.test").status_code == 404
        assert "done" not in simulator.api.get(f"/run/v2/{begun.json()['name']}").json()
        simulator.process.send_signal(signal.SIGTERM)
        assert simulator.process.wait(60) == 0
    with serving(folder, answering) as simulator:
        assert "done" not in simulator.api.get(f"/run/v2/{begun.json()['name']}").json()
        uploaded = {"uploadType": "media", "name": "now"}
        simulator.api.post("/upload/storage/v1/b/p-go/o", params=uploaded, content=b"go").raise_for_status()
        assert "error" not in simulator.done(begun)
        simulator.process.send_signal(signal.SIGTERM)
        assert simulator.process.wait(60) == 0


def test_without_podman_a_service_says_why_it_does_not_run(folder: Path) -> None:
    with serving(folder, "none", PATH=str(folder)) as simulator:
        done = simulator.done(simulator.api.post(SERVICES, params={"serviceId": "shop"}, json=service()))
    assert "podman doesn't work on this machine" in done["error"]["message"]
