"""Which cloud an installation's sites are on, and what hinders it, in words."""

from pathlib import Path

import pytest

from aipress.cli.installation import CHECKOUT, Installation, find
from aipress.cli.machine import cloud, simulator
from aipress.cli.machine.programs import forwarded
from aipress.cli.trouble import Trouble
from aipress.clouds.gcp.resources import Unbuildable
from aipress.config import Settings
from aipress.kit.db import Database, Row
from aipress.tenants.models import Tenant


def installed(tmp_path: Path, **said: object) -> Installation:
    return Installation(Settings.model_validate({"data_dir": tmp_path, **said}), CHECKOUT, is_root=True)


def test_it_is_said_in_words_and_a_simulator_is_called_one(tmp_path: Path) -> None:
    assert cloud.in_words(installed(tmp_path)) == "this machine"
    simulated = find(tmp_path, gcp_sim=True)
    assert "SIMULATED on this machine" in cloud.in_words(simulated)
    real = installed(tmp_path, cloud="gcp", gcp_platform=tmp_path / "platform.toml")
    assert "SIMULATED" not in cloud.in_words(real)
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


@pytest.mark.parametrize(("has", "wants"), [("local", "gcp"), ("gcp", "local")])
def test_a_platform_with_sites_on_one_cloud_is_not_started_on_another(
    tmp_path: Path, has: str, wants: str
) -> None:
    import asyncio

    place = find(tmp_path, gcp_sim=wants == "gcp")
    cloud.check(Installation(place.settings, CHECKOUT, is_root=True, simulates=place.simulates))
    asyncio.run(_with_a_site(place, has))
    with pytest.raises(Trouble, match="1 of this platform's sites") as trouble:
        cloud.check(Installation(place.settings, CHECKOUT, is_root=True, simulates=place.simulates))
    assert f"AIPRESS_CLOUD={has}" in trouble.value.remedy


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
    assert told["AIPRESS_CLOUD"] == "gcp"
    assert told["AIPRESS_GCP_ENDPOINT"] == "http://127.0.0.1:9019"
    assert told["AIPRESS_GCP_PLATFORM"] == str(tmp_path / "gcp-platform.toml")
