"""The first page in a real browser: sign in, one sentence, a site, a post, a picture, a plan, and out again.

The story itself is `frontend/e2e/first-page.mjs`; its pictures stay in `artifacts/first-page/`.
"""

import re
import shutil
import subprocess

import pytest

from aipress.cli.machine.frontend import ensure_node_packages
from aipress.cli.machine.node import node_environment
from tests.e2e.platform import CHECKOUT, Platform

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]
PICTURES = CHECKOUT / "artifacts/first-page"
FEWEST_CLAIMS = 30


def test_a_person_signs_in_says_one_sentence_and_has_a_site(platform: Platform) -> None:
    platform.clear()
    link = re.search(r"http://localhost:\d+/login#token=\S+", platform.up())
    assert link, "up prints no sign-in link"
    environment = node_environment(CHECKOUT)
    ensure_node_packages(CHECKOUT / "frontend", environment)
    shutil.rmtree(PICTURES, ignore_errors=True)
    done = subprocess.run(
        ["node", "e2e/first-page.mjs"],
        cwd=CHECKOUT / "frontend",
        env=environment | {"AIPRESS_URL": platform.url, "AIPRESS_LINK": link[0], "ARTIFACTS": str(PICTURES)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    platform.remove("sunrise-bakery")
    print(done.stdout)  # noqa: T201
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"^(\d+) passed, 0 failed$", done.stdout, re.MULTILINE)
    assert counted, done.stdout
    assert int(counted[1]) >= FEWEST_CLAIMS
    assert len(list(PICTURES.glob("*.png"))) >= FEWEST_CLAIMS // 2
