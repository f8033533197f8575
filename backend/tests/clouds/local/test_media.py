"""Media in a bucket: what is uploaded is there and no longer here, whoever asks is sent on, and without a bucket nothing is different."""

import http.client
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from google.cloud.storage import _signing
from google.oauth2 import service_account

from aipress.clouds.local import php
from gcpsim.world import World
from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.gcpsim.media import ACCOUNT, media_bucket

pytestmark = rig.needs_root
UPLOAD = """
require_once ABSPATH . 'wp-admin/includes/image.php';
require_once ABSPATH . 'wp-admin/includes/file.php';
require_once ABSPATH . 'wp-admin/includes/media.php';
function upload( $name ) {
	$picture = imagecreatetruecolor( 900, 600 );
	imagepng( $picture, '/tmp/made.png' );
	return media_handle_sideload( array( 'name' => $name, 'tmp_name' => '/tmp/made.png' ), 0 );
}
"""


@dataclass(frozen=True)
class Bucket:
    """A simulated bucket beside a site."""

    world: World
    endpoint: str
    folder: Path

    @property
    def names(self) -> list[str]:
        found = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(found)

    def environment(self) -> dict[str, str]:
        return {
            "AIPRESS_MEDIA_BUCKET": "media-w1",
            "AIPRESS_MEDIA_ACCOUNT": ACCOUNT,
            "AIPRESS_MEDIA_ENDPOINT": self.endpoint,
        }


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Bucket]:
    with media_bucket(tmp_path) as (world, endpoint, folder):
        yield Bucket(world, endpoint, folder)


def connected(site: Site) -> list[str]:
    """The site's sandbox with the machine's network: the simulator answers there."""
    return [part for part in site.sandbox() if part != "--unshare-net"]


def run(site: Site, code: str, told: dict[str, str]) -> str:
    program = [f"/usr/bin/php{site.parts.php}", "--php-ini", f"{php.SETTINGS}/php.ini", "-r"]
    command = [*connected(site), *program, f"require '{php.CORE}/wp-load.php'; {code}"]
    environment = {**site.environment(), **told}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def local(site: Site) -> list[str]:
    return sorted(path.name for path in (site.content / "uploads").rglob("*") if path.is_file())


def test_without_a_bucket_files_are_on_the_disk(site: Site) -> None:
    before = local(site)
    told = json.loads(
        run(site, UPLOAD + "echo json_encode( get_attached_file( upload( 'loaf.png' ) ) );", {})
    )
    assert Path(told).name == "loaf.png"
    assert "loaf.png" in set(local(site)) - set(before)


@pytest.mark.parametrize("name", ["2026/11/cat.jpg", "2026/a b+ü&~'(1)!*.jpg"])
def test_an_address_is_the_one_googles_library_makes(site: Site, bucket: Bucket, name: str) -> None:
    code = f"echo AIPress\\signed_media_url( 'PUT', {json.dumps(name, ensure_ascii=False)}, array( 'content-type' => 'image/jpeg' ) );"
    ours = run(site, code, bucket.environment())
    (key,) = bucket.world.store.under(f"iam/projects/p-1/serviceAccounts/{ACCOUNT}/keys")
    told = {"client_email": ACCOUNT, "private_key": key.hidden["private"], "token_uri": "https://example.com"}
    theirs = _signing.generate_signed_url_v4(
        service_account.Credentials.from_service_account_info(told),
        resource=f"/media-w1/{quote(name, safe=b'/~')}",
        expiration=timedelta(seconds=900),
        api_access_endpoint=f"{bucket.endpoint}/storage-xml",
        method="PUT",
        headers={"content-type": "image/jpeg"},
        _request_timestamp=parse_qs(urlsplit(ours).query)["X-Goog-Date"][0],
    )
    assert ours == theirs


def test_a_picture_and_its_sizes_go_to_the_bucket_and_go_with_it(site: Site, bucket: Bucket) -> None:
    before = local(site)
    code = (
        UPLOAD
        + """
    $id = upload( 'cat.png' );
    upload( 'cat.png' );
    echo json_encode( array( $id, wp_get_attachment_url( $id ), array_column( wp_get_attachment_metadata( $id )['sizes'], 'file' ) ) );"""
    )
    id, address, sizes = json.loads(run(site, code, bucket.environment()))
    month = "/".join(address.split("/")[-3:-1])
    assert address == f"{site.url}/wp-content/uploads/{month}/cat.png"
    expected = {f"uploads/{month}/{name}" for name in ("cat.png", *sizes)}
    assert len(sizes) >= 2
    again = {name.replace("/cat", "/cat-1") for name in expected}
    assert set(bucket.names) == expected | again
    assert local(site) == before
    shown = bucket.world.store.get(
        f"storage/b/media-w1/o/{f'uploads/{month}/cat.png'.replace('/', chr(0x2215))}"
    )
    assert shown is not None
    assert (shown.content["contentType"], shown.content["cacheControl"]) == (
        "image/png",
        "public, max-age=604800",
    )
    edited = run(
        site,
        f"require_once ABSPATH . 'wp-admin/includes/image.php'; echo is_file( _load_image_to_edit_path( {id} ) );",
        bucket.environment(),
    )
    assert (edited, local(site)) == ("1", before)
    run(site, f"wp_delete_attachment( {id}, true );", bucket.environment())
    assert set(bucket.names) == again


def test_an_upload_the_bucket_does_not_take_is_none(site: Site, bucket: Bucket) -> None:
    before = local(site)
    nowhere = bucket.environment() | {"AIPRESS_MEDIA_ENDPOINT": "http://127.0.0.1:9"}
    told = run(site, UPLOAD + "echo upload( 'lost.png' )->get_error_message();", nowhere)
    assert told == "The file could not be kept. Try again in a minute."
    assert local(site) == before


ROUTER = """<?php
require '{core}/wp-load.php';
http_response_code( 404 );
echo 'nothing here';
"""


@pytest.fixture
def visited(site: Site, bucket: Bucket) -> Iterator[httpx.Client]:
    """The site's PHP behind a small web server, as it is asked for what nginx has not found."""
    (site.place / "tmp/router.php").write_text(ROUTER.format(core=php.CORE))
    (site.place / "tmp/router.php").chmod(0o644)
    port = rig.free_port()
    program = [
        f"/usr/bin/php{site.parts.php}",
        "--php-ini",
        f"{php.SETTINGS}/php.ini",
        "-S",
        f"127.0.0.1:{port}",
        "/tmp/router.php",
    ]
    environment = {**site.environment(), **bucket.environment()}
    with subprocess.Popen(
        [*connected(site), *program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        rig.wait_for(lambda: rig.answers(port), 30)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
            yield client
        process.kill()


def test_who_asks_for_a_file_is_sent_on_to_the_bucket(visited: httpx.Client, bucket: Bucket) -> None:
    (bucket.folder / "uploads/2026").mkdir(parents=True)
    (bucket.folder / "uploads/2026/a b.txt").write_bytes(b"hello")
    first = visited.get("/wp-content/uploads/2026/a%20b.txt?ver=1")
    assert (first.status_code, first.headers["cache-control"]) == (302, "public, max-age=3600")
    read = httpx.get(first.headers["location"], trust_env=False)
    assert (read.status_code, read.content) == (200, b"hello")
    assert visited.get("/wp-content/uploads/2026/a%20b.txt").headers["location"] == first.headers["location"]
    head = visited.head("/wp-content/uploads/2026/a%20b.txt").headers["location"]
    assert httpx.head(head, trust_env=False).status_code == 200
    assert httpx.put(first.headers["location"], content=b"mine", trust_env=False).status_code == 403


NAMELESS = [
    "../wp-config.php",
    "a/%2e%2e/b",
    "a%5Cb",
    "a%00b",
    "a//b",
    "",
    "2026/",
    "%2e%2e%2fx",
    "a/.",
    "%ff",
]


def test_a_name_that_is_none_is_sent_nowhere(visited: httpx.Client) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", visited.base_url.port or 0)
    for path in NAMELESS:
        asked.request("GET", f"/wp-content/uploads/{path}")
        answer = asked.getresponse()
        answer.read()
        assert (path, answer.status, answer.getheader("location")) == (path, 404, None)
    asked.close()
