"""What `up --gcp-sim` makes in Terraform's place is what the doctor of Google Cloud wants to find."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipress.cli.installation import CHECKOUT, Installation
from aipress.cli.machine import google as under_test
from aipress.cli.machine import simulator as beside
from aipress.cli.machine.google_order import certify, enable_apis
from aipress.cli.trouble import Trouble
from aipress.clouds.gcp import waiting
from aipress.clouds.gcp.doctor import examine
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Platform
from aipress.config import Settings
from aipress.errors import CloudBusy
from gcpsim.server import Strict, new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.messages import ParsedGoogle
from tests.clouds.gcp.rig import PLACE
from tests.clouds.gcp.simulated import answering

IMAGE = f"images/wordpress@sha256:{'0' * 64}"
HOST = "sites.example.com"


@pytest.fixture
def simulator(tmp_path: Path) -> Simulator:
    """As `up` starts it, but with nothing that really runs."""
    told = beside.command(Path("python"), tmp_path, 8080)
    raised = told[told.index("--limit") + 1].rpartition("=")
    made = Simulator(new_world())
    Strict(limits={raised[0]: int(raised[2])}).holds(made.world)
    return made


@pytest.fixture
def endpoint(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(waiting, "FIRST_PAUSE", 0.001)
    with answering(simulator) as address:
        yield address


async def stand(google: Google, place: Installation) -> Platform:
    """Everything but the bill, which is no API's to make."""
    await enable_apis(google)
    for one in (under_test._network(), under_test._subnetwork(), under_test._instance()):
        await under_test._make(google, one)
    await under_test._administrator(google, "aipress")
    cache, instance = await under_test._cache(google), await under_test._address(google)
    await under_test._front(google, under_test._place(place, IMAGE, cache, instance))
    shard = {
        "project": beside.PROJECT,
        "region": beside.REGION,
        "domain": place.settings.host,
        "image": IMAGE,
        "network": under_test.NETWORK,
        "subnetwork": under_test.SUBNETWORK,
        "addresses": ["127.0.0.1"],
        "cache": {"name": "sites", "address": cache},
        "instances": [{"name": "pool-1", "address": instance, "max_connections": under_test.CONNECTIONS}],
    }
    return Platform.model_validate({"shards": [shard]})


@pytest.mark.parametrize("host", [HOST, "localhost"])
async def test_the_doctor_has_nothing_to_complain_of_and_saying_it_twice_is_once(
    endpoint: str, tmp_path: Path, host: str
) -> None:
    settings = Settings(data_dir=tmp_path, gcp_endpoint=endpoint, cloud="gcp", host=host)
    place, google = Installation(settings, CHECKOUT, True, True), ParsedGoogle(endpoint)
    for _ in range(2):
        assert [(one.what, one.said) for one in await examine(google, await stand(google, place))] == []
    await google.aclose()


@pytest.mark.parametrize("lost", ["aclPolicy", "endpoints discoveryEndpoints"])
async def test_a_valkey_that_was_made_by_half_is_made_again(
    endpoint: str, simulator: Simulator, lost: str
) -> None:
    google = Google(endpoint)
    await enable_apis(google)
    await under_test._cache(google)
    key = f"memorystore/projects/{beside.PROJECT}/locations/{beside.REGION}/instances/sites"
    half = simulator.world.store.get(key)
    assert half is not None
    whole = half.content["aclPolicy"]
    for name in lost.split():
        half.content.pop(name, None)
    assert await under_test._cache(google)
    again = simulator.world.store.get(key)
    assert again is not None
    assert again.content["aclPolicy"] == whole
    await google.aclose()


async def test_the_certificate_becomes_active_by_its_record(endpoint: str) -> None:
    google = Google(endpoint)
    for _ in range(2):
        await certify(google, dataclasses.replace(PLACE, project=beside.PROJECT, domain=HOST))
    here = f"/v1/projects/{beside.PROJECT}/locations/global"
    made = await google.read("certificatemanager", f"{here}/certificates/sites")
    assert made["managed"]["state"] == "ACTIVE"  # type: ignore[index]
    await google.aclose()


async def test_nothing_is_made_at_a_simulator_that_is_anothers(
    simulator: Simulator, endpoint: str, tmp_path: Path
) -> None:
    """Two platforms at neighbouring ports, or any other program there."""
    ours = beside.folder(tmp_path)
    for folder, answers in (
        ("/elsewhere/gcpsim", "the simulator in /elsewhere/gcpsim"),
        ("", "something else"),
    ):
        simulator.world.folder = folder
        with pytest.raises(Trouble, match=answers):
            await under_test.check_ours(endpoint, ours)
    simulator.world.folder = str(ours)
    await under_test.check_ours(endpoint, ours)
    with pytest.raises(CloudBusy):
        await under_test.check_ours("http://127.0.0.1:1", ours)
