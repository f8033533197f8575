"""Wishes nobody should grant, many at once, and a disk that is full: a clear problem each time, and nothing left."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.e2e.platform import Platform

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]

NAMES = [
    "x" * 300,
    "🎂",
    "🎂 Bakery",
    "Robert'); DROP TABLE tenants;--",
    "1' OR '1'='1",
    "../../../etc/passwd",
    "..",
    "admin",
    "www",
    "<script>alert(1)</script>",
    "",
    "\x00",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_cannot_be_is_a_clear_problem(platform: Platform, name: str) -> None:
    with platform.operator(timeout=30) as client:
        answer = client.post("/api/tenants", json={"name": name})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert problem["detail"]
    assert problem["errors"]


def test_fifty_wishes_with_one_key_make_one_site_and_twenty_with_their_own_make_twenty(
    platform: Platform,
) -> None:
    def wish(key: str, name: str) -> httpx.Response:
        with platform.operator(timeout=120) as client:
            return client.post("/api/tenants", json={"name": name}, headers={"Idempotency-Key": key})

    with ThreadPoolExecutor(50) as crowd:
        same = list(crowd.map(lambda _: wish("fifty-at-once", "One Of Fifty"), range(50)))
        assert {answer.status_code for answer in same} == {202}, [answer.text for answer in same][:3]
        assert len({answer.json()["id"] for answer in same}) == 1
        different = list(crowd.map(lambda number: wish(f"own-{number}", f"Twenty {number}"), range(20)))
    assert {answer.status_code for answer in different} == {202}
    operations = [same[0].json()["id"], *(answer.json()["id"] for answer in different)]
    assert [platform.ended(one, seconds=120)["state"] for one in operations] == ["succeeded"] * 21
    refused = wish("fifty-at-once", "Another Body")
    assert refused.status_code == 409
    slugs = ["one-of-fifty", *(f"twenty-{number}" for number in range(20))]
    assert {platform.visit(slug).status_code for slug in slugs} == {200}
    with ThreadPoolExecutor(4) as crowd:
        assert {done["state"] for done in crowd.map(platform.remove, slugs)} == {"succeeded"}
    assert platform.leaks() == []


def test_removing_twice_and_creating_while_removing_are_clear_problems(platform: Platform) -> None:
    platform.create("Twice")
    with platform.operator(timeout=60) as client:
        first = client.request("DELETE", "/api/tenants/twice", json={"typed_name": "twice"})
        second = client.request("DELETE", "/api/tenants/twice", json={"typed_name": "twice"})
        again = client.post("/api/tenants", json={"name": "Twice"})
        assert first.status_code == 202
        assert second.status_code in (404, 409)
        assert again.status_code in (202, 409)
        platform.ended(first.json()["id"])
        if again.status_code == 202:
            platform.ended(again.json()["id"])
            platform.remove("twice")
        assert client.request("DELETE", "/api/tenants/twice", json={"typed_name": "twice"}).status_code == 404
    assert platform.leaks() == []


@pytest.fixture
def full_disk() -> Iterator[Path]:
    """A small file system of its own, for a platform's data."""
    if os.geteuid() != 0:
        pytest.skip("needs root: own accounts, sandboxes and a loop file")
    room = Path(tempfile.mkdtemp(prefix="aipress-disk-", dir="/var/tmp"))
    image, place = room / "disk.img", room / "disk"
    room.chmod(0o755)
    place.mkdir()
    subprocess.run(["truncate", "-s", "1500M", str(image)], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(place)], check=False).returncode != 0:
        shutil.rmtree(room)
        pytest.skip("this machine can't mount a loop file")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    shutil.rmtree(room, ignore_errors=True)


def test_a_full_disk_is_a_clear_problem_and_leaves_nothing(full_disk: Path) -> None:
    small = Platform(full_disk / "data", 18081, {"AIPRESS_POOL_SIZE": "0"})
    small.up()
    try:
        assert small.create("Before")["state"] == "succeeded"
        ballast = full_disk / "ballast"
        subprocess.run(["dd", "if=/dev/zero", f"of={ballast}", "bs=1M"], check=False, capture_output=True)
        with small.operator(timeout=60) as client:
            answer = client.post("/api/tenants", json={"name": "Too Late"})
        assert answer.status_code in (503, 507), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert small.visit("before").status_code == 200
        ballast.unlink()
        assert small.create("After")["state"] == "succeeded"
        assert small.leaks() == []
    finally:
        small.aipress("down", check=False)
