"""The image, built once for this run, and a site in a database beside it."""

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.wordpress import introducing
from tests.clouds.local.environment import SALTS
from tests.clouds.local.rig import short_home
from tests.image.container import KEY, NOBODY, RUN, SITE, Built, Container
from tests.image.servers import Servers, servers

CHECKOUT = PLATFORM_FILES.parent
TAG = "localhost/aipress-wordpress:tested"


@pytest.fixture(scope="session")
def image() -> str:
    """Its name."""
    subprocess.run([CHECKOUT / "bin/image", "--tag", TAG], check=True)
    return TAG


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A folder with a short path, which anybody may enter."""
    with short_home() as place:
        yield place


@pytest.fixture(scope="session")
def network(home: Path) -> Iterator[Servers]:
    with servers(home) as made:
        yield made


@pytest.fixture(scope="session")
def built(image: str, home: Path, network: Servers) -> Built:
    """With a site that the image's own PHP installed and that is introduced as SITE."""
    variables = {
        **network.variables(),
        **{name: secrets.token_hex(24) for name in SALTS},
        "AIPRESS_ENVIRONMENT": "env-1",
        "AIPRESS_TENANT": "tenant-1",
        "GOOGLE_CLOUD_PROJECT": "some-project",
    }
    told = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
    command = ["podman", "run", "--rm", *RUN, *told, "--env", "WP_CONTENT_DIR=/srv/content"]
    placed = [
        "--volume",
        f"{PLATFORM_FILES / 'template'}:/template:ro",
        "--entrypoint",
        "/usr/bin/php",
        image,
    ]
    install = ["/template/install.php", "/srv/wordpress", introducing.PLACEHOLDER]
    done = subprocess.run([*command, *placed, *install], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("twentytwenty"), done.stdout + done.stderr
    site = introducing.Identity(f"https://{SITE}", "Bakery", "owner@example.test", "owner", "Owner")
    for statement in introducing.personalise(site):
        network.say(statement.sql, *statement.values)
    return Built(image, home, variables, PLATFORM_FILES / "tests/probing-plugin.php")


@pytest.fixture(scope="session")
def megabytes(image: str) -> float:
    """How large the image is, unpacked."""
    said = subprocess.run(["podman", "image", "inspect", image], check=True, capture_output=True, text=True)
    return json.loads(said.stdout)[0]["Size"] / 1e6


@pytest.fixture(scope="session")
def running(built: Built) -> Iterator[Container]:
    """A container that answers, for all who change nothing about it."""
    uploads = built.home / "uploads"
    uploads.mkdir()
    os.chown(uploads, NOBODY, NOBODY)
    secret = {"AIPRESS_SECRET_STRIPE_KEY": "s'k\n$x", "AIPRESS_KEY": KEY}
    with built.running({uploads: "/srv/content/uploads"}, **secret) as container:
        container.wait_until_it_answers()
        yield container
