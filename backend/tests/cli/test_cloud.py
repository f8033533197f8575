"""Which cloud an installation's sites are on, and what hinders it, in words."""

import asyncio
from pathlib import Path

import pytest

from aipress.cli import apart
from aipress.cli.installation import CHECKOUT, Installation, find
from aipress.cli.machine import cloud, simulator
from aipress.cli.machine.programs import forwarded
from aipress.cli.trouble import Trouble
from aipress.clouds.gcp.resources import Unbuildable
from aipress.config import Settings
from aipress.kit.db import Database, Row
from aipress.tenants.models import Tenant
from tests.api.test_choosing import PLATFORM


def installed(tmp_path: Path, **said: object) -> Installation:
    return Installation(Settings.model_validate({"data_dir": tmp_path, **said}), CHECKOUT, is_root=True)


def test_it_is_said_in_words_and_a_simulator_is_called_one(tmp_path: Path) -> None:
    assert cloud.in_words(installed(tmp_path)) == "this machine"
    simulated = find(tmp_path, gcp_sim=True)
    assert "SIMULATED on this machine" in cloud.in_words(simulated)
    real = installed(tmp_path, cloud="gcp", gcp_platform=tmp_path / "platform.toml")
    assert "SIMULATED" not in cloud.in_words(real)
    assert cloud.in_words(simulated).startswith("this machine; and beside new sites: Google Cloud")
    assert cloud.isolation_in_words(simulated).startswith("NOT ISOLATED")
    assert "NOT" not in cloud.isolation_in_words(real)


def test_google_cloud_without_its_platforms_file_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Unbuildable, match="can't be read"):
        cloud.check(installed(tmp_path, cloud="gcp", gcp_platform=tmp_path / "platform.toml"))


def test_the_simulator_needs_root(tmp_path: Path) -> None:
    place = find(tmp_path, gcp_sim=True)
    with pytest.raises(Trouble, match="needs root"):
        cloud.check(Installation(place.settings, CHECKOUT, is_root=False, simulates=True))


async def _with_a_site(place: Installation, on: str) -> None:
    place.settings.control_dir.mkdir()
    rows = Database(place.settings.rows_url)
    async with rows.engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    async with rows.transaction() as session:
        for state in ("live", "removed"):
            session.add(
                Tenant(
                    id=state, name="B", slug=state, owner_id="u", owner_email="u@example.com", cloud=on, state=state
                )
            )  # fmt: skip
    await rows.close()


@pytest.mark.parametrize(
    ("has", "chosen", "way_out"),
    [
        ("local", {"cloud": "gcp"}, "AIPRESS_OTHER_CLOUDS=local ./aipress up"),
        ("gcp", {"cloud": "local"}, "AIPRESS_OTHER_CLOUDS=gcp ./aipress up"),
    ],
)
def test_a_platform_is_not_started_without_a_cloud_that_has_sites_of_it(
    tmp_path: Path, has: str, chosen: dict[str, str], way_out: str
) -> None:
    (tmp_path / "platform.toml").write_text(PLATFORM)
    place = installed(tmp_path, gcp_platform=tmp_path / "platform.toml", **chosen)
    cloud.check(place)
    asyncio.run(_with_a_site(place, has))
    with pytest.raises(Trouble, match="1 of this platform's sites are on") as trouble:
        cloud.check(place)
    assert way_out in trouble.value.remedy
    cloud.check(installed(tmp_path, gcp_platform=tmp_path / "platform.toml", **chosen, other_clouds=has))


@pytest.mark.parametrize("new_on", ["local", "gcp"])
def test_with_the_simulator_sites_of_both_clouds_are_found_wherever_new_ones_are(
    tmp_path: Path, new_on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIPRESS_CLOUD", new_on)
    place = find(tmp_path, gcp_sim=True)
    assert place.settings.cloud == new_on
    assert set(place.settings.clouds) == {"local", "gcp"}
    for has in ("local", "gcp"):
        there = tmp_path / has
        there.mkdir()
        settings = place.settings.model_copy(update={"data_dir": there})
        both = Installation(settings, CHECKOUT, is_root=True, simulates=True)
        asyncio.run(_with_a_site(both, has))
        cloud.check(both)


def test_who_had_a_simulator_is_told_to_start_it_again(tmp_path: Path) -> None:
    place = find(tmp_path, gcp_sim=False)
    simulator.folder(tmp_path).mkdir()
    asyncio.run(_with_a_site(place, "gcp"))
    with pytest.raises(Trouble) as trouble:
        cloud.check(place)
    assert "./aipress up --gcp-sim" in trouble.value.remedy


def test_how_far_sites_are_apart_is_said_of_each_cloud(tmp_path: Path) -> None:
    here, there = apart.everywhere(find(tmp_path, gcp_sim=True))
    assert (here.cloud, here.isolated) == ("local", None), "hostd does not answer"
    assert (there.cloud, there.isolated) == ("gcp", False)
    assert [line.partition(":")[0] for line in apart.told([here, there])] == [
        "on this machine",
        "on Google Cloud",
    ]
    assert apart.told([there]) == [there.in_words]
    assert apart.are_apart([here, there]) is False, "walls on one cloud are none on another"
    walls = apart.Apart("local", True, "bubblewrap")
    assert (apart.are_apart([walls]), apart.are_apart([walls, here])) == (True, None)


def test_the_simulators_images_are_told_by_reference_and_none_is_forgotten(tmp_path: Path) -> None:
    simulator.folder(tmp_path).mkdir()
    simulator.know_image(tmp_path, "sites/wordpress@sha256:1", "a")
    simulator.know_image(tmp_path, "sites/wordpress@sha256:2", "b")
    said = simulator.command(Path("python"), tmp_path, 8080)
    assert [said[at + 1] for at, word in enumerate(said) if word == "--image"] == [
        "sites/wordpress@sha256:1=a",
        "sites/wordpress@sha256:2=b",
    ]
    assert said[5:9] == ("--port", "8099", "--visitors", "8100")


def test_services_are_told_of_the_simulator(tmp_path: Path) -> None:
    told = forwarded(find(tmp_path, port=9000, gcp_sim=True).settings, "control")
    assert "AIPRESS_CLOUD" not in told, "new sites are where they are by default"
    assert told["AIPRESS_OTHER_CLOUDS"] == "gcp"
    assert told["AIPRESS_GCP_VISITORS"] == "http://127.0.0.1:9020"
    assert told["AIPRESS_GCP_ENDPOINT"] == "http://127.0.0.1:9019"
    assert told["AIPRESS_GCP_PLATFORM"] == str(tmp_path / "gcp-platform.toml")
