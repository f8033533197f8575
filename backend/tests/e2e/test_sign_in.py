"""A whole platform whose Firebase is the emulator: four ways in with a browser, tokens at both services, claims in step.

The browser's story is `frontend/e2e/sign-in.mjs`; its pictures stay in `artifacts/sign-in/`.
"""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aipress.cli.machine.frontend import ensure_node_packages
from aipress.cli.machine.node import node_environment
from tests.e2e.platform import CHECKOUT, Platform, wait_for
from tests.emulator import KEY, PROJECT, Emulator, SignedInThere

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]
PORT = 18190
PICTURES = CHECKOUT / "artifacts/sign-in"
FEWEST_CLAIMS = 20


@pytest.fixture(scope="module")
def firebased(running_emulator: Emulator) -> Iterator[Platform]:
    """A running platform that signs people in with the emulator."""
    data = Path(tempfile.mkdtemp(prefix="aipress-fb-", dir="/var/tmp"))
    settings = {
        "AIPRESS_FIREBASE_PROJECT": PROJECT,
        "AIPRESS_FIREBASE_API_KEY": KEY,
        "AIPRESS_FIREBASE_EMULATOR": running_emulator.address,
        "AIPRESS_TESTING": "true",
        "AIPRESS_POOL_SIZE": "0",
    }
    platform = Platform(data, PORT, settings)
    try:
        platform.up()
        yield platform
    finally:
        platform.aipress("down", check=False)
        shutil.rmtree(data, ignore_errors=True)


def test_four_ways_end_signed_in_on_the_first_page(firebased: Platform, emulator: Emulator) -> None:
    environment = node_environment(CHECKOUT)
    ensure_node_packages(CHECKOUT / "frontend", environment)
    shutil.rmtree(PICTURES, ignore_errors=True)
    own = {"AIPRESS_URL": firebased.url, "EMULATOR": emulator.address, "ARTIFACTS": str(PICTURES)}
    done = subprocess.run(
        ["node", "e2e/sign-in.mjs"],
        cwd=CHECKOUT / "frontend",
        env=environment | own,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    print(done.stdout)  # noqa: T201
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"^(\d+) passed, 0 failed$", done.stdout, re.MULTILINE)
    assert counted, done.stdout
    assert int(counted[1]) >= FEWEST_CLAIMS


def test_an_id_token_is_good_at_both_services_once_its_person_has_come_in(
    firebased: Platform, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    with bearing(firebased, there.id_token) as client:
        assert [client.get(path).status_code for path in ("/api/me", "/chat")] == [401, 401]
        enter(firebased, there)
        assert client.get("/api/me").json()["principal"]["email"] == "ada@example.com"
        assert client.get("/chat").json()["items"] == []


def test_a_new_role_reaches_the_next_token_and_a_suspended_person_is_shut_out_there_too(
    firebased: Platform, emulator: Emulator
) -> None:
    enter(firebased, emulator.by("google.com", "admin@localhost"))  # so that Grace is not the last admin
    there = emulator.by("google.com", "grace@example.com")
    person = enter(firebased, there)
    with firebased.operator() as operator:
        operator.patch(f"/api/users/{person['id']}", json={"role": "admin"}).raise_for_status()
        wait_for(lambda: emulator.account(there.uid)["claims"] == {"role": "admin"}, 20, "the claim")
        with bearing(firebased, there.id_token) as client:
            assert client.get("/api/users").status_code == 200
        operator.patch(f"/api/users/{person['id']}", json={"state": "suspended"}).raise_for_status()
        wait_for(lambda: emulator.account(there.uid)["disabled"], 20, "the account to be disabled")
        with bearing(firebased, there.id_token) as client:
            assert client.get("/api/me").status_code == 401


def test_an_admin_whose_account_is_disabled_at_firebase_is_out_within_seconds(
    firebased: Platform, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "admin@localhost")
    assert enter(firebased, there)["role"] == "admin"
    with bearing(firebased, there.id_token) as client:
        assert client.get("/api/users").status_code == 200
        began = time.monotonic()
        emulator.change(there.uid, disableUser=True)
        wait_for(lambda: client.get("/api/users").status_code == 401, 20, "the admin to be out", pause=0.5)
        assert time.monotonic() - began < 15
        assert client.get("/api/me").status_code == 200


def test_neither_an_emulator_without_the_flag_nor_the_flag_in_production_starts(
    firebased: Platform, emulator: Emulator
) -> None:
    own = firebased.settings
    without = Platform(firebased.data, PORT, {**own, "AIPRESS_TESTING": "false"})
    public = Platform(firebased.data, PORT, {**own, "AIPRESS_HOST": "aipress.example"})
    for platform, why in ((without, "anybody could sign in as anybody"), (public, "this is production")):
        refused = platform.aipress("up", "--detach", "--yes", check=False)
        assert refused.returncode != 0
        assert why in refused.stdout + refused.stderr
    firebased.ready()


def enter(platform: Platform, there: SignedInThere) -> dict[str, str]:
    """Sign a browser in with it: the person."""
    answer = httpx.post(
        f"{platform.url}/api/auth/firebase",
        json={"id_token": there.id_token},
        headers={"Origin": platform.url},
    )
    assert answer.status_code == 200, answer.text
    user: dict[str, str] = answer.json()["user"]
    return user


def bearing(platform: Platform, token: str) -> httpx.Client:
    """A program that shows this token."""
    return httpx.Client(base_url=platform.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
