"""Objects as files: what a container writes into a mounted bucket is an object, and an object is a file, whole or not at all."""

import base64
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gcpsim.machines.buckets import Buckets
from tests.gcpsim.conftest import Google

BUCKETS = "/storage/storage/v1/b"
UPLOAD = "/storage/upload/storage/v1/b/media-1/o"
FLAT = {"name": "media-1"}
FOLDERS = {
    "name": "media-1",
    "hierarchicalNamespace": {"enabled": True},
    "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}},
}
ODD = ["../out", "/etc/out", "a//b", "a/./b", "a/../../out", ".", "..", "x" * 300, "\u2215", "a/\n"]


@pytest.fixture
def place(google: Google, tmp_path: Path) -> Path:
    google.world.files = Buckets(tmp_path)
    return tmp_path / "buckets" / "media-1"


def put(google: Google, name: str, content: bytes) -> dict[str, str]:
    made = google.client.post(UPLOAD, content=content, params={"uploadType": "media", "name": name})
    assert made.status_code == 200, made.text
    return dict(made.json())


def names(google: Google, **query: str) -> list[str]:
    listed = google.say("GET", f"{BUCKETS}/media-1/o", **query).json()
    return [one["name"] for one in listed.get("items", [])]


def read(google: Google, name: str) -> bytes:
    path = f"{BUCKETS}/media-1/o/{name.replace('/', '%2F')}"
    answer = google.client.get(path, params={"alt": "media"})
    assert answer.status_code == 200, answer.text
    return answer.content


def test_an_upload_is_a_file_and_a_file_is_an_object(google: Google, place: Path) -> None:
    google.made(BUCKETS, FLAT, project="p")
    put(google, "2026/11/cat.jpg", b"cat")
    assert (place / "2026/11/cat.jpg").read_bytes() == b"cat"
    (place / "2026/11/dog.jpg").write_bytes(b"a dog")
    assert names(google) == ["2026/11/cat.jpg", "2026/11/dog.jpg"]
    dog = google.say("GET", f"{BUCKETS}/media-1/o/2026%2F11%2Fdog.jpg").json()
    assert (dog["size"], dog["md5Hash"], dog["contentType"]) == (
        "5",
        base64.b64encode(hashlib.md5(b"a dog", usedforsecurity=False).digest()).decode(),
        "image/jpeg",
    )
    assert read(google, "2026/11/dog.jpg") == b"a dog"
    assert google.client.delete(f"{BUCKETS}/media-1/o/2026%2F11%2Fdog.jpg").status_code == 204
    assert not (place / "2026/11/dog.jpg").exists()


def test_a_file_that_changes_is_a_new_generation_and_one_that_goes_is_gone(
    google: Google, place: Path
) -> None:
    google.made(BUCKETS, FLAT, project="p")
    first = put(google, "a.txt", b"one")["generation"]
    assert google.say("GET", f"{BUCKETS}/media-1/o/a.txt").json()["generation"] == first
    (place / "a.txt").write_bytes(b"another")
    again = google.say("GET", f"{BUCKETS}/media-1/o/a.txt").json()
    assert (again["size"], again["generation"] > first) == ("7", True)
    late = google.client.post(
        UPLOAD, content=b"x", params={"uploadType": "media", "name": "a.txt", "ifGenerationMatch": first}
    )
    assert late.status_code == 412
    (place / "a.txt").unlink()
    assert google.say("GET", f"{BUCKETS}/media-1/o/a.txt").status_code == 404


@pytest.mark.parametrize("name", ODD)
def test_no_name_leads_out_of_its_bucket(google: Google, place: Path, name: str) -> None:
    google.made(BUCKETS, FLAT, project="p")
    before = {path for path in place.parents[1].rglob("*") if "apart" not in path.parts and path.is_file()}
    assert put(google, name, b"odd")["name"] == name
    assert names(google) == [name]
    found = google.world.store.under("storage/b/media-1/o")
    assert [google.world.files.read(one) for one in found] == [b"odd"]
    after = {path for path in place.parents[1].rglob("*") if "apart" not in path.parts and path.is_file()}
    inside = {path for path in after - before if path.is_relative_to(place)}
    assert after - before == inside
    assert not (place.parents[2] / "out").exists()


def test_a_link_leads_nowhere(google: Google, place: Path, tmp_path: Path) -> None:
    google.made(BUCKETS, FLAT, project="p")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (place / "link").symlink_to(outside / "secret")
    (place / "down").symlink_to(outside)
    os.mkfifo(place / "pipe")
    assert names(google) == []
    put(google, "down/a.txt", b"mine")
    put(google, "link", b"mine")
    assert sorted(path.name for path in outside.iterdir()) == ["secret"]
    assert (outside / "secret").read_text() == "secret"
    assert (read(google, "down/a.txt"), read(google, "link")) == (b"mine", b"mine")


def test_a_name_and_a_name_below_it_are_both_kept(google: Google, place: Path) -> None:
    google.made(BUCKETS, FLAT, project="p")
    put(google, "a", b"file")
    put(google, "a/b", b"below")
    put(google, "c/d", b"below")
    put(google, "c", b"file")
    assert (names(google), place.joinpath("a").is_file()) == (["a", "a/b", "c", "c/d"], True)
    assert [read(google, name) for name in ("a", "a/b", "c", "c/d")] == [b"file", b"below", b"file", b"below"]


def test_what_was_deleted_comes_back_with_its_bytes(google: Google, place: Path) -> None:
    google.made(BUCKETS, FLAT, project="p")
    first = put(google, "x/a", b"one")["generation"]
    second = put(google, "x/a", b"two")["generation"]
    google.client.delete(f"{BUCKETS}/media-1/o/x%2Fa")
    assert list(place.iterdir()) == []
    for generation, content in ((first, b"one"), (second, b"two")):
        google.say(
            "POST", f"{BUCKETS}/media-1/o/x%2Fa/restore", None, generation=generation
        ).raise_for_status()
        assert (place / "x/a").read_bytes() == content
    google.client.delete(f"{BUCKETS}/media-1/o/x%2Fa")
    google.world.clock.pass_time(8 * 24 * 3600)
    put(google, "b", b"three")
    assert list((place.parents[1] / "aside" / "media-1").iterdir()) == []


def test_a_bucket_goes_only_when_its_folder_is_empty(google: Google, place: Path) -> None:
    google.made(BUCKETS, FLAT, project="p")
    (place / "new").write_bytes(b"")
    assert google.say("DELETE", f"{BUCKETS}/media-1").status_code == 409
    (place / "new").unlink()
    assert google.say("DELETE", f"{BUCKETS}/media-1").status_code == 204
    assert not place.exists()


def test_a_folder_is_renamed_at_once_where_the_bucket_has_folders(google: Google, place: Path) -> None:
    google.made(BUCKETS, FOLDERS, project="p")
    assert google.say("POST", f"{BUCKETS}/media-1/folders", {"name": "a/b/"}).status_code == 404
    google.made(f"{BUCKETS}/media-1/folders", {"name": "a/b/"}, recursive="true")
    generation = put(google, "a/b/cat", b"cat")["generation"]
    put(google, "c/dog", b"dog")
    path = f"{BUCKETS}/media-1/folders/a%2F/renameTo/folders"
    assert google.say("POST", f"{path}/c%2F").status_code == 409
    done = google.say("POST", f"{path}/z%2F").json()
    assert (done["done"], done["response"]["name"]) == (True, "z/")
    assert (place / "z/b/cat").read_bytes() == b"cat"
    assert names(google) == ["c/dog", "z/b/cat"]
    moved = google.say("GET", f"{BUCKETS}/media-1/o/z%2Fb%2Fcat").json()
    assert moved["generation"] == generation
    listed = google.say("GET", f"{BUCKETS}/media-1/folders").json()["items"]
    assert [one["name"] for one in listed] == ["c/", "z/", "z/b/"]
    assert google.say("DELETE", f"{BUCKETS}/media-1/folders/z%2F").status_code == 409


def test_a_rename_in_the_mount_keeps_the_objects_where_the_bucket_has_folders(
    google: Google, place: Path
) -> None:
    google.made(BUCKETS, FOLDERS, project="p")
    generation = put(google, "plugin/a.php", b"<?php")["generation"]
    (place / "plugin").rename(place / "plugin-old")
    (place / "empty").mkdir()
    moved = google.say("GET", f"{BUCKETS}/media-1/o/plugin-old%2Fa.php").json()
    assert moved["generation"] == generation
    listed = google.say("GET", f"{BUCKETS}/media-1/folders").json()["items"]
    assert [one["name"] for one in listed] == ["empty/", "plugin-old/"]
    prefixes = google.say("GET", f"{BUCKETS}/media-1/o", delimiter="/", includeFoldersAsPrefixes="true")
    assert prefixes.json()["prefixes"] == ["empty/", "plugin-old/"]


def test_pitfall_05_a_folder_renamed_in_the_mount_of_a_flat_bucket_is_renamed_back(
    google: Google, place: Path
) -> None:
    google.made(BUCKETS, FLAT, project="p")
    assert google.say("POST", f"{BUCKETS}/media-1/folders", {"name": "a/"}).status_code == 409
    generation = put(google, "plugin/inc/a.php", b"<?php")["generation"]
    (place / "plugin").rename(place / "plugin-old")
    assert names(google) == ["plugin/inc/a.php"]
    assert google.say("GET", f"{BUCKETS}/media-1/o/plugin%2Finc%2Fa.php").json()["generation"] == generation
    assert not (place / "plugin-old").exists()
    (place / "plugin/inc/a.php").rename(place / "a.php")
    assert names(google) == ["a.php", "plugin/inc/"]


def test_a_folder_of_the_mount_is_a_placeholder_in_a_flat_bucket(google: Google, place: Path) -> None:
    google.made(BUCKETS, FLAT, project="p")
    (place / "2026").mkdir()
    assert names(google) == ["2026/"]
    put(google, "2027/", b"")
    assert (place / "2027").is_dir()
    put(google, "2027/a/b", b"x")
    google.client.delete(f"{BUCKETS}/media-1/o/2027%2Fa%2Fb")
    assert sorted(path.name for path in place.iterdir()) == ["2026", "2027"]
    (place / "2026").rmdir()
    assert names(google) == ["2027/"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_mount_belongs_to_whom_it_is_for(google: Google, place: Path) -> None:
    google.made(BUCKETS, FOLDERS, project="p")
    put(google, "uploads/a", b"one")
    files = google.world.files
    assert isinstance(files, Buckets)
    assert files.mounted("media-1", "uploads", uid=33, gid=33) == place / "uploads"
    put(google, "uploads/2026/b", b"two")
    owners = {str(path.relative_to(place)): path.stat().st_uid for path in place.rglob("*")}
    assert owners == dict.fromkeys(["uploads", "uploads/a", "uploads/2026", "uploads/2026/b"], 33)
    with pytest.raises(ValueError, match="no folder"):
        files.mounted("media-1", "../other")


WRITER = """
import sys
from pathlib import Path
from gcpsim.machines.buckets import Buckets
from gcpsim.store import Resource
files = Buckets(Path(sys.argv[1]))
files.make_bucket("media-1")
print("ready", flush=True)
for number in range(1_000_000):
    one = Resource("", {"bucket": "media-1", "name": f"d/{number % 5}"})
    files.keep(one, bytes([number % 251]) * 300_000)
"""


def test_a_kill_leaves_whole_files(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        folder = tmp_path / "buckets/media-1/d"
        while len(list(folder.glob("*")) if folder.exists() else []) < 5:
            assert writer.poll() is None
        writer.send_signal(signal.SIGKILL)
    contents = [path.read_bytes() for path in folder.iterdir()]
    assert [len(content) for content in contents] == [300_000] * 5
    assert all(len(set(content)) == 1 for content in contents)
    Buckets(tmp_path)
    assert list((tmp_path / "coming").iterdir()) == []
