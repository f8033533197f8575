"""No secret in clear: not in a log, a process list, a step's result, or the control plane's database."""

import subprocess
from pathlib import Path

import pytest

from aipress.kit.sealed import SealedStore
from tests.e2e.platform import Platform

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]
PLACES = ("control", "logs", "run", "environments", "hostd", "edge", "nginx", "redis", "mariadb", "templates")


def test_a_search_for_every_secret_finds_none(platform: Platform) -> None:
    operation = platform.create("Canary")
    assert operation["state"] == "succeeded"
    link = platform.aipress("sites", "open", "canary", "--json").stdout
    platform.visit("canary")
    secrets = _every_secret(platform) | {"login link": link.split("aipress_login=")[1].split('"')[0]}
    assert len(secrets) > 10
    cmdlines = _process_list()
    for name, value in secrets.items():
        assert value not in cmdlines, f"{name} is in the process list"
        assert _files_with(platform.data, value) == [], f"{name} is on disk in clear"
    platform.remove("canary")


def test_the_search_finds_what_is_there(platform: Platform) -> None:
    planted = "canary-that-sings-7f3a"
    leak = platform.data / "logs/planted.log"
    leak.write_text(f"oops {planted}\n")
    try:
        assert _files_with(platform.data, planted) == [leak]
    finally:
        leak.unlink()
    with subprocess.Popen(["sh", "-c", "sleep 30; true", planted]) as sleeper:
        shown = _process_list()
        sleeper.kill()
    assert planted in shown


def _every_secret(platform: Platform) -> dict[str, str]:
    store = SealedStore(platform.data / "vault", platform.data / "vault/master.key")
    return {
        f"{scope}/{name}": value for scope in store.scopes() for name, value in store.read_all(scope).items()
    }


def _process_list() -> str:
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue  # it ended meanwhile
    return "\n".join(found)


def _files_with(data: Path, value: str) -> list[Path]:
    """Files outside the vault and the servers' own stores that hold the value."""
    places = [str(data / place) for place in PLACES if (data / place).exists()]
    done = subprocess.run(
        ["grep", "-rlaF", "-e", value, *places], capture_output=True, text=True, check=False
    )
    return [Path(line) for line in done.stdout.splitlines()]
