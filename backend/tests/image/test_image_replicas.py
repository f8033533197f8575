"""A container that is told of replicas has WordPress read from them, wherever its files are."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.container import NOBODY, Built
from tests.image.servers import HOST, Servers

TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("AIPRESS_PROVE"), reason="builds a container image: ./aipress prove image_replicas"
    ),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
    ),
]


@pytest.fixture
def empty(tmp_path: Path, built: Built) -> Iterator[Path]:
    """A folder for all of a site's files."""
    place = built.home / f"all-{tmp_path.name}"
    place.mkdir()
    os.chown(place, NOBODY, NOBODY)
    yield place
    shutil.rmtree(place)


@pytest.mark.parametrize("files", ["of the image", "mounted"])
def test_the_first_visitor_has_the_primary_marked(
    built: Built, network: Servers, empty: Path, files: str
) -> None:
    mounts = {empty: "/srv/content"} if files == "mounted" else {}
    network.say("DELETE FROM wp_options WHERE option_name = 'aipress_wrote'")
    with built.running(mounts, DB_READ_HOST=f"{HOST}:{network.mariadb_port}") as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            assert visitor.get("/").status_code == 200
            assert network.say("SELECT COUNT(*) FROM wp_options WHERE option_name = 'aipress_wrote'") == "1"
            assert "Bakery" in visitor.get("/").text
        said = [str(line.get("message")) for line in container.lines()]
        assert not [line for line in said if "replica" in line], said


def test_without_replicas_nothing_is_marked(built: Built, network: Servers) -> None:
    network.say("DELETE FROM wp_options WHERE option_name = 'aipress_wrote'")
    with built.running({}) as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            assert visitor.get("/").status_code == 200
    assert network.say("SELECT COUNT(*) FROM wp_options WHERE option_name = 'aipress_wrote'") == "0"
