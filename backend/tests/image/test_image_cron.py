"""The container image asked as the Google cloud's cron asks it; part of `./aipress prove image`."""

import os
import shutil
from typing import Any

import pytest

from aipress.clouds.gcp.cron import CloudRunCron
from aipress.clouds.gcp.visitors import Door
from tests.image.container import KEY, SITE, Container

TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("AIPRESS_PROVE"), reason="builds a container image: ./aipress prove image"
    ),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
    ),
]


async def test_google_clouds_cron_lets_it_do_what_is_due(running: Container) -> None:
    class Vault:
        async def reveal(self, scope: str, name: str) -> str:
            return KEY

    assert running.asked("plan") == {"planned": True}
    nobody: Any = None  # what is due is asked elsewhere
    cron = CloudRunCron(nobody, Vault(), Door(f"http://127.0.0.1:{running.port}"))
    run = await cron.run(12 * "0", SITE, 32 * "b")
    assert (run.outcome, run.why) == ("done", "")
    assert running.asked("planned") == {"done": 32 * "b"}
