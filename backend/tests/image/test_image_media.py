"""The image with its media in a bucket: nginx asks PHP for an upload that is not there, and PHP sends on. Part of `./aipress prove image`."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.gcpsim.media import ACCOUNT, media_bucket
from tests.image.container import Built

TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("AIPRESS_PROVE"), reason="builds a container image: ./aipress prove image"
    ),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
    ),
]


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A simulated bucket, where it answers, and its folder."""
    with media_bucket(tmp_path) as (_, endpoint, folder):
        yield endpoint, folder


def test_who_asks_for_an_upload_is_sent_on_to_the_bucket(built: Built, bucket: tuple[str, Path]) -> None:
    endpoint, folder = bucket
    told = {
        "AIPRESS_MEDIA_BUCKET": "media-w1",
        "AIPRESS_MEDIA_ACCOUNT": ACCOUNT,
        "AIPRESS_MEDIA_ENDPOINT": endpoint,
    }
    (folder / "uploads/2026").mkdir(parents=True)
    (folder / "uploads/2026/a b.txt").write_bytes(b"hello")
    with built.running(**told) as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            asked = visitor.get("/wp-content/uploads/2026/a%20b.txt?ver=1")
            assert (asked.status_code, asked.headers["cache-control"]) == (302, "public, max-age=3600")
            assert visitor.get("/wp-content/uploads/a.php").status_code == 403
            assert visitor.get("/wp-content/uploads/a//b").status_code == 404
        assert httpx.get(asked.headers["location"], trust_env=False).content == b"hello"


def test_without_a_bucket_nginx_says_what_is_not_there(built: Built) -> None:
    with built.running() as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            answer = visitor.get("/wp-content/uploads/2026/none.txt")
            assert (answer.status_code, "x-powered-by" in answer.headers, "<nginx" in answer.text) == (
                404,
                False,
                False,
            )


def test_a_bucket_needs_its_account(built: Built) -> None:
    with built.running(AIPRESS_MEDIA_BUCKET="media-w1") as container:
        assert container.end() == 78
        assert "AIPRESS_MEDIA_ACCOUNT" in container.log.read_text()
