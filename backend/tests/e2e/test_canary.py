"""No secret in clear: not in a log, a process list, a step's result, or the control plane's database."""

import subprocess
from pathlib import Path

import httpx
import pytest

from aipress.kit.sealed import SealedStore
from tests.e2e.platform import Platform, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]
OWN = "sung-by-an-owner-a81f3b77"
PLACES = (
    "control",
    "logs",
    "run",
    "environments",
    "hostd",
    "edge",
    "nginx",
    "redis",
    "mariadb",
    "templates",
    "lines",
    "shipper",
)


def test_a_search_for_every_secret_finds_none(platform: Platform) -> None:
    operation = platform.create("Canary")
    assert operation["state"] == "succeeded"
    link = platform.aipress("sites", "open", "canary", "--json").stdout
    for value in ("sung-by-an-owner-5d20c1e8", OWN):
        with platform.operator(timeout=60) as client:
            answer = client.put("/api/tenants/canary/secrets/SONG", json={"value": value})
        assert answer.status_code in (200, 201)
        assert value not in answer.text
        platform.visit("canary")
    platform.aipress("chat", "list my sites")
    secrets = _every_secret(platform) | _of_people(platform)
    secrets["any token at all"] = secrets["token"].split(".")[0]
    assert [name for name, value in secrets.items() if value == OWN] == [f"{_own_scope(platform)}/SONG-2"]
    secrets |= {"before": "sung-by-an-owner-5d20c1e8"}
    secrets |= {"login link": link.split("aipress_login=")[1].split('"')[0]}
    assert len(secrets) > 10
    operator = secrets.pop("operator")
    assert _files_with(platform.data, operator) == [platform.data / "control/operator.token"]
    assert _files_with(platform.data, *secrets.values()) == []
    listed = _listed_processes()
    assert [name for name, value in (secrets | {"operator": operator}).items() if value in listed] == []
    platform.remove("canary")


def test_the_command_line_sets_lists_and_unsets_them_and_rotates_the_key_under_a_running_site(
    platform: Platform,
) -> None:
    platform.create("Songs")
    said = [platform.aipress("sites", "secrets", "songs", "set", "SONG", input=f"{OWN}\n").stdout]
    environment, named = _own_scope(platform, "songs").removesuffix("-own"), OWN[-4:]
    listed = platform.aipress("sites", "secrets", "songs", "list").stdout
    assert "SONG" in listed
    assert named in listed
    rotated = platform.aipress("vault", "rotate", "--json").stdout
    assert '"rotated": true' in rotated
    said += [listed, rotated, platform.aipress("sites", "secrets", "songs", "unset", "SONG").stdout]
    assert "SONG" not in platform.aipress("sites", "secrets", "songs", "list", "--json").stdout
    assert platform.visit("songs").status_code == 200
    assert not [text for text in said if OWN in text]
    platform.remove("songs")
    assert not (platform.data / "vault" / f"{environment}-own").exists()


def test_the_search_finds_what_is_there(platform: Platform) -> None:
    planted = "canary-that-sings-7f3a"
    leak = platform.data / "logs/planted.log"
    leak.write_text(f"oops {planted}\n")
    try:
        assert _files_with(platform.data, planted) == [leak]
    finally:
        leak.unlink()
    with subprocess.Popen(["sh", "-c", "sleep 30; true", planted]) as sleeper:
        wait_for(lambda: planted in _listed_processes(), 5, "the planted secret to be seen")
        sleeper.kill()


def _every_secret(platform: Platform) -> dict[str, str]:
    store = SealedStore(platform.data / "vault", platform.data / "vault/master.key")
    return {
        f"{scope}/{name}": value for scope in store.scopes() for name, value in store.read_all(scope).items()
    }


def _own_scope(platform: Platform, slug: str = "canary") -> str:
    with platform.operator(timeout=60) as client:
        site = client.get(f"/api/tenants/{slug}").json()
    return f"{site['environments'][0]['id']}-own"


def _of_people(platform: Platform) -> dict[str, str]:
    """What opens the platform itself: a sign-in link, the session it became, a token, and the operator's own."""
    link = platform.up().split("#token=")[1].split()[0]
    with httpx.Client(base_url=f"http://127.0.0.1:{platform.port}", timeout=30) as browser:
        ours = {"Host": f"localhost:{platform.port}", "Origin": platform.url, "Sec-Fetch-Site": "same-origin"}
        answer = browser.post("/api/auth/email-link/redeem", json={"token": link}, headers=ours)
        assert answer.status_code == 200, answer.text
        session = answer.cookies["aipress_session"]
    token = platform.aipress("token", "--email", "canary@example.com").stdout.strip()
    operator = (platform.data / "control/operator.token").read_text().strip()
    return {"sign-in link": link, "session": session, "token": token, "operator": operator}


def _listed_processes() -> str:
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue  # it ended meanwhile
    return "\n".join(found)


def _files_with(data: Path, *values: str) -> list[Path]:
    """Files outside the vault that hold any of the values in clear."""
    places = [str(data / place) for place in PLACES if (data / place).exists()]
    done = subprocess.run(
        ["grep", "-rlaF", "-f", "-", *places],
        input="\n".join(values),
        capture_output=True,
        text=True,
        check=False,
    )
    return [Path(line) for line in done.stdout.splitlines()]
