"""Cloud Storage: buckets of the whole world, objects under conditions."""

import httpx
import pytest

from tests.gcpsim.conftest import Google

BUCKETS = "/storage/storage/v1/b"
UPLOAD = "/storage/upload/storage/v1/b/media-1/o"


@pytest.fixture
def media(google: Google) -> Google:
    google.made(BUCKETS, {"name": "media-1", "location": "eu"}, project="p")
    return google


@pytest.mark.parametrize("name", ["ab", "Media", "goog-media", "my-google", "1.2.3.4", "-media", "m" * 64])
def test_a_bucket_has_a_name_of_the_world(google: Google, name: str) -> None:
    if name == "my-google":
        google.made(BUCKETS, {"name": name}, project="p")
    else:
        assert google.say("POST", BUCKETS, {"name": name}, project="p").status_code == 400


def test_a_bucket_is_one_in_all_projects(media: Google) -> None:
    assert media.say("POST", BUCKETS, {"name": "media-1"}, project="another").status_code == 409
    for project, names in (("p", ["media-1"]), ("another", [])):
        listed = media.say("GET", BUCKETS, project=project).json().get("items", [])
        assert [one["name"] for one in listed] == names
    shown = media.say("GET", f"{BUCKETS}/media-1").json()
    assert (shown["location"], shown["locationType"], shown["storageClass"]) == (
        "EU",
        "multi-region",
        "STANDARD",
    )


def test_folders_that_move_want_uniform_access(google: Google) -> None:
    body = {"name": "media-2", "hierarchicalNamespace": {"enabled": True}}
    assert google.say("POST", BUCKETS, body, project="p").status_code == 400
    google.made(
        BUCKETS, {**body, "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}}, project="p"
    )


def test_a_bucket_changes_only_as_it_was_seen(media: Google) -> None:
    late = media.say("PATCH", f"{BUCKETS}/media-1", {"labels": {"a": "b"}}, ifMetagenerationMatch="7")
    assert late.status_code == 412
    changed = media.say(
        "PATCH", f"{BUCKETS}/media-1", {"labels": {"a": "b", "c": "d"}}, ifMetagenerationMatch="1"
    ).json()
    assert (changed["labels"], changed["metageneration"]) == ({"a": "b", "c": "d"}, "2")
    assert media.say("PATCH", f"{BUCKETS}/media-1", {"labels": {"a": None}}).json()["labels"] == {"c": "d"}


def test_an_object_is_uploaded_read_listed_and_overwritten_under_conditions(media: Google) -> None:
    put = media.client.post(
        UPLOAD,
        content=b"cat",
        params={"uploadType": "media", "name": "2026/11/cat.jpg"},
        headers={"Content-Type": "image/jpeg"},
    )
    assert (put.status_code, put.json()["size"], put.json()["contentType"]) == (200, "3", "image/jpeg")
    read = media.client.get(f"{BUCKETS}/media-1/o/2026%2F11%2Fcat.jpg", params={"alt": "media"})
    assert (read.content, read.headers["content-type"]) == (b"cat", "image/jpeg")
    twice = media.client.post(
        UPLOAD,
        content=b"dog",
        params={"uploadType": "media", "name": "2026/11/cat.jpg", "ifGenerationMatch": "0"},
    )
    assert twice.status_code == 412
    assert media.say("GET", f"{BUCKETS}/media-1/o", prefix="2026/", delimiter="/").json()["prefixes"] == [
        "2026/11/"
    ]
    assert [one["name"] for one in media.say("GET", f"{BUCKETS}/media-1/o").json()["items"]] == [
        "2026/11/cat.jpg"
    ]
    assert media.say("GET", f"{BUCKETS}/none/o").status_code == 404


def test_metadata_and_content_come_in_two_parts(media: Google) -> None:
    parts = b'--x\r\nContent-Type: application/json\r\n\r\n{"name": "a.txt", "metadata": {"k": "v"}}\r\n--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n\r\n--x--'
    put = media.client.post(
        UPLOAD,
        content=parts,
        params={"uploadType": "multipart"},
        headers={"Content-Type": 'multipart/related; boundary="x"'},
    )
    assert (put.json()["metadata"], put.json()["contentType"]) == ({"k": "v"}, "text/plain")
    assert media.client.get(f"{BUCKETS}/media-1/o/a.txt", params={"alt": "media"}).text == "hello\r\n"
    broken = media.client.post(
        UPLOAD,
        content=b"--x",
        params={"uploadType": "multipart"},
        headers={"Content-Type": "multipart/related; boundary=x"},
    )
    assert broken.status_code == 400


def test_an_object_is_copied_and_deleted_and_only_an_empty_bucket_goes(media: Google) -> None:
    media.client.post(UPLOAD, content=b"cat", params={"uploadType": "media", "name": "a/cat"})
    copied = media.client.post(f"{BUCKETS}/media-1/o/a%2Fcat/rewriteTo/b/media-1/o/b%2Fcat", json={})
    assert copied.json()["resource"]["name"] == "b/cat"
    assert media.say("DELETE", f"{BUCKETS}/media-1").status_code == 409
    for name in ("a%2Fcat", "b%2Fcat"):
        assert media.client.delete(f"{BUCKETS}/media-1/o/{name}").status_code == 204
    assert media.say("DELETE", f"{BUCKETS}/media-1").status_code == 204
    assert media.say("GET", f"{BUCKETS}/media-1").status_code == 404


def test_an_upload_comes_in_pieces_and_goes_on_where_it_was(media: Google) -> None:
    begun = media.client.post(
        UPLOAD, json={"name": "film", "contentType": "video/mp4"}, params={"uploadType": "resumable"}
    )
    here = begun.headers["location"]

    def piece(content: bytes, span: str) -> httpx.Response:
        return media.client.put(here, content=content, headers={"Content-Range": f"bytes {span}"})

    first = piece(b"abcd", "0-3/*")
    assert (first.status_code, first.headers["range"]) == (308, "bytes=0-3")
    assert piece(b"zz", "9-10/11").status_code == 400
    assert piece(b"", "*/6").headers["range"] == "bytes=0-3"
    assert media.client.get(f"{BUCKETS}/media-1/o/film").status_code == 404
    assert piece(b"ef", "4-5/6").json()["contentType"] == "video/mp4"
    assert piece(b"ef", "4-5/6").status_code == 404
    read = media.client.get(
        f"{BUCKETS}/media-1/o/film", params={"alt": "media"}, headers={"Range": "bytes=2-3"}
    )
    assert (read.status_code, read.content, read.headers["content-range"]) == (206, b"cd", "bytes 2-3/6")
    beyond = media.client.get(
        f"{BUCKETS}/media-1/o/film", params={"alt": "media"}, headers={"Range": "bytes=6-"}
    )
    assert beyond.status_code == 416


def put(media: Google, content: bytes) -> str:
    made = media.client.post(UPLOAD, content=content, params={"uploadType": "media", "name": "cat"})
    return str(made.json()["generation"])


def test_what_is_deleted_or_written_over_is_kept_for_a_week(media: Google) -> None:
    first, second = put(media, b"one"), put(media, b"two")
    cat = f"{BUCKETS}/media-1/o/cat"
    assert media.client.delete(cat).status_code == 204
    assert media.say("GET", cat).status_code == 404
    kept = media.say("GET", f"{BUCKETS}/media-1/o", softDeleted="true").json()["items"]
    assert sorted(one["generation"] for one in kept) == [first, second]
    media.say("POST", f"{cat}/restore", None, generation=first).raise_for_status()
    assert media.client.get(cat, params={"alt": "media"}).content == b"one"
    media.world.clock.pass_time(8 * 24 * 3600)
    assert media.say("POST", f"{cat}/restore", None, generation=second).status_code == 404
    assert "items" not in media.say("GET", f"{BUCKETS}/media-1/o", softDeleted="true").json()


def test_nothing_is_kept_where_the_bucket_says_so(media: Google) -> None:
    media.say(
        "PATCH", f"{BUCKETS}/media-1", {"softDeletePolicy": {"retentionDurationSeconds": "0"}}
    ).raise_for_status()
    put(media, b"one")
    media.client.delete(f"{BUCKETS}/media-1/o/cat")
    assert "items" not in media.say("GET", f"{BUCKETS}/media-1/o", softDeleted="true").json()


def test_a_bucket_comes_back_unless_its_name_is_taken(media: Google) -> None:
    generation = media.say("GET", f"{BUCKETS}/media-1").json()["generation"]
    media.client.delete(f"{BUCKETS}/media-1")
    listed = media.say("GET", BUCKETS, project="p", softDeleted="true").json()["items"]
    assert [one["name"] for one in listed] == ["media-1"]
    media.made(BUCKETS, {"name": "media-1"}, project="p")
    again = f"{BUCKETS}/media-1/restore"
    assert media.say("POST", again, None, generation=generation).status_code == 409
    media.client.delete(f"{BUCKETS}/media-1")
    media.say("POST", again, None, generation=generation).raise_for_status()
    assert media.say("GET", f"{BUCKETS}/media-1").json()["generation"] == generation
