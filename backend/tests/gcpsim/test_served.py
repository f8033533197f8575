"""The whole program: `serve --machines` with visitors, its end, its violent end, and its next start in the same folder."""

import contextlib
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gcpsim.machines import podman
from gcpsim.wire import Json
from tests.gcpsim.process import BACKEND, Served, serving
from tests.gcpsim.running import COMPUTE, HEALTHY, REFERENCE, SERVICES, eventually, service


def running(folder: Path, image: str, **variables: str) -> contextlib.AbstractContextManager[Served]:
    image_option = ("--image", f"{REFERENCE}={image}")
    return serving(folder, "--visitors", "0", "--clock", "real", "--idle", "3600", *image_option, **variables)


def done(served: Served, answer: httpx.Response) -> Json:
    """The operation, when it is over."""
    assert answer.status_code == 200, answer.text
    name = f"/run/v2/{answer.json()['name']}"
    return eventually(lambda: told if (told := served.api.get(name).json()).get("done") else None)


def visit(served: Served, host: str) -> httpx.Response:
    return httpx.get(served.visitors, headers={"Host": host}, timeout=60, trust_env=False)


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
    with running(folder, answering) as first:
        kept = service(scaling={"minInstanceCount": 1})
        done(first, first.api.post(SERVICES, params={"serviceId": "shop"}, json=kept))
        open_door(first.api)
        before = visit(first, "shop.example.test").json()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(20)
    assert len(podman.labelled(label)) == 1
    with running(folder, answering) as again:
        after = eventually(
            lambda: told.json() if (told := visit(again, "shop.example.test")).status_code == 200 else None
        )
        assert after["variables"]["K_REVISION"] == "shop-00001-sim"
        assert after["variables"]["PORT"] != before["variables"]["PORT"]
        assert len(podman.labelled(label)) == 1
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(60) == 0
    assert podman.labelled(label) == []


def test_a_folder_is_one_simulators_at_a_time(folder: Path) -> None:
    with running(folder, "none") as first:
        again = [sys.executable, "-m", "gcpsim", "serve", "--port", "0", "--machines", folder]
        second = subprocess.run(again, cwd=BACKEND, capture_output=True, text=True, check=False)
        assert first.api.get(SERVICES).status_code == 200
    assert second.returncode == 2
    assert f"Another simulator runs in {folder}. End it, or take another folder.\n" in second.stderr


def test_a_start_that_takes_long_keeps_nobody_waiting_and_outlives_an_end(
    answering: str, folder: Path
) -> None:
    with running(folder, answering) as simulator:
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
            assert visit(simulator, "nobody.example.test").status_code == 404
        assert "done" not in simulator.api.get(f"/run/v2/{begun.json()['name']}").json()
        simulator.process.send_signal(signal.SIGTERM)
        assert simulator.process.wait(60) == 0
    with running(folder, answering) as simulator:
        assert "done" not in simulator.api.get(f"/run/v2/{begun.json()['name']}").json()
        uploaded = {"uploadType": "media", "name": "now"}
        simulator.api.post("/upload/storage/v1/b/p-go/o", params=uploaded, content=b"go").raise_for_status()
        assert "error" not in done(simulator, begun)
        simulator.process.send_signal(signal.SIGTERM)
        assert simulator.process.wait(60) == 0


def test_without_podman_a_service_says_why_it_does_not_run(folder: Path) -> None:
    with running(folder, "none", PATH=str(folder)) as simulator:
        ended = done(simulator, simulator.api.post(SERVICES, params={"serviceId": "shop"}, json=service()))
    assert "podman doesn't work on this machine" in ended["error"]["message"]
