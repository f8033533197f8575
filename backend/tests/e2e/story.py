"""Stories played in a real browser: each a file of `frontend/e2e` that claims sentences, counts them and keeps pictures."""

import re
import shutil
import subprocess

from aipress.cli.machine.frontend import ensure_node_packages
from aipress.cli.machine.node import node_environment
from tests.e2e.platform import CHECKOUT, Platform

PATIENCE = 500  # seconds for one story


def play(platform: Platform, story: str, fewest: int, **told: str) -> str:
    """Play `frontend/e2e/<story>.mjs` as the platform's admin; what it printed. Fails unless all of at least `fewest` claims hold.

    Its pictures stay in `artifacts/<story>/`.
    """
    link = re.search(r"http://localhost:\d+/login#token=\S+", platform.up())
    assert link, "up prints no sign-in link"
    environment = node_environment(CHECKOUT)
    ensure_node_packages(CHECKOUT / "frontend", environment)
    pictures = CHECKOUT / "artifacts" / story
    shutil.rmtree(pictures, ignore_errors=True)
    place = {"AIPRESS_URL": platform.url, "AIPRESS_LINK": link[0], "ARTIFACTS": str(pictures)}
    done = subprocess.run(
        ["node", f"e2e/{story}.mjs"],
        cwd=CHECKOUT / "frontend",
        env=environment | place | told,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    print(done.stdout)  # noqa: T201
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"^(\d+) passed, 0 failed$", done.stdout, re.MULTILINE)
    assert counted, done.stdout
    assert int(counted[1]) >= fewest
    assert list(pictures.glob("*.png")), "no picture was kept"
    return done.stdout
