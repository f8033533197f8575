"""A site's own plugins and themes in a container: brought in at the start from one archive, if it is the one its service names."""

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipress.clouds.gcp.code import name_of, pack
from tests import figures
from tests.image.container import NOBODY, Built, first_byte
from tests.image.servers import Servers

FULL = bool(os.environ.get("AIPRESS_PROVE"))
TOOLS = ("buildah", "podman", "runc", "mmdebstrap")

pytestmark = [
    pytest.mark.skipif(not FULL, reason="builds a container image: ./aipress prove image_code"),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
    ),
]
STARTS, MOST_ENTRYPOINT_MS = 15, 3000
FILES = {
    "plugins/shop/shop.php": b"<?php\n/* Plugin Name: Shop */\nadd_action( 'send_headers', fn() => header( 'X-Shop: open' ) );\n",
    "plugins/shop/assets/a b.css": b"body { color: teal }\n",
    "themes/own/style.css": b"/* Theme Name: Own */\n",
    "themes/twentytwentyfour/style.css": b"/* Theme Name: Ours */\n",
    "languages/de_DE.mo": b"\x00",
}


@pytest.fixture(scope="session")
def code(built: Built) -> tuple[Path, str]:
    """The folder that is mounted, and the archive's digest."""
    return _archived(built.home / "code", FILES)


@pytest.fixture
def own() -> Iterator[dict[Path, str]]:
    """An empty place in memory that anybody may write, and uploads of a site."""
    place = Path(tempfile.mkdtemp(prefix="aip-", dir="/dev/shm"))
    place.chmod(0o755)
    uploads = place / "uploads"
    for each in (place / "own", uploads):
        each.mkdir()
    (place / "own").chmod(0o1777)
    (uploads / "a.txt").write_text("uploaded")
    os.chown(uploads, NOBODY, NOBODY)
    os.chown(uploads / "a.txt", NOBODY, NOBODY)
    yield {place / "own": "/srv/own", uploads: "/srv/content/uploads"}
    shutil.rmtree(place)


@pytest.fixture
def active(network: Servers) -> Iterator[None]:
    """The plugin is one of those that WordPress runs."""
    told = "UPDATE wp_options SET option_value = %s WHERE option_name = 'active_plugins'"
    network.say(told, 'a:1:{i:0;s:13:"shop/shop.php";}')
    yield
    network.say(told, "a:0:{}")


@pytest.mark.usefixtures("active")
def test_a_sites_own_plugin_runs_and_its_files_are_served(
    built: Built, code: tuple[Path, str], own: dict[Path, str]
) -> None:
    folder, digest = code
    with built.running({folder: "/srv/code:ro", **own}, AIPRESS_CODE=digest) as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            home = visitor.get("/")
            assert (home.status_code, home.headers.get("x-shop")) == (200, "open")
            assert "Bakery" in home.text
            assert visitor.get("/wp-content/plugins/shop/assets/a%20b.css").text == "body { color: teal }\n"
            assert visitor.get("/wp-content/plugins/shop/shop.php").status_code == 403
            assert visitor.get("/wp-content/uploads/a.txt").text == "uploaded"
            ours = visitor.get("/wp-content/themes/twentytwentyfour/style.css")
            assert ours.text == "/* Theme Name: Ours */\n"
            assert visitor.get("/wp-content/themes/twentytwentyfive/style.css").status_code == 200
        assert container.asked("writing")["uploaded"]
        assert container.run("sh", "-c", "touch /srv/own/plugins/shop/x 2>&1 || echo closed").endswith(
            "closed\n"
        )
        assert container.run("sh", "-c", "ls -A /srv/own").split() == [
            "languages",
            "plugins",
            "themes",
            "uploads",
        ]


def test_another_archive_than_its_service_names_is_not_run(
    built: Built, code: tuple[Path, str], own: dict[Path, str]
) -> None:
    folder, digest = code
    other, forged = built.home / "forged", "0" * 64
    shutil.copytree(folder, other)
    (other / Path(name_of(digest)).name).rename(other / Path(name_of(forged)).name)
    for name, why in ((forged, "are not those"), ("f" * 64, "can't be read"), ("../../etc", "AIPRESS_CODE")):
        with built.running({other: "/srv/code:ro", **own}, AIPRESS_CODE=name) as container:
            assert container.end() == 78
            assert why in container.log.read_text()
    with built.running({folder: "/srv/code:ro"}, AIPRESS_CODE=digest) as container:
        assert container.end() == 78
        assert "place in memory" in container.log.read_text()


def test_what_it_brings_along_is_there_in_a_moment(built: Built, own: dict[Path, str]) -> None:
    """Two thousand files of 20 MB, as a shop and a page builder have: what they add to a start."""
    many = {f"plugins/shop/{n % 50}/{n}.php": _script(n) for n in range(2000)}
    folder, digest = _archived(built.home / "much", many)
    (place,) = (path for path, seen in own.items() if seen == "/srv/own")
    measured = []
    for _ in range(STARTS):
        with built.timed({folder: "/srv/code:ro", **own}, AIPRESS_CODE=digest) as container:
            measured.append(first_byte(container))
        _empty(place)
    first, entrypoint = (statistics.median(times) for times in zip(*measured, strict=True))
    figures.keep("image_code", first_byte_p50_ms=round(first), entrypoint_p50_ms=round(entrypoint))
    assert entrypoint <= MOST_ENTRYPOINT_MS


def _script(number: int) -> bytes:
    """Ten kilobytes that pack as a script does."""
    lines = [
        f"$value_{number}_{line} = {hash((number, line)) % 10**9}; // what it is for\n" for line in range(190)
    ]
    return ("<?php\n" + "".join(lines)).encode()


def _empty(place: Path) -> None:
    for path in place.iterdir():
        path.unlink() if path.is_symlink() else shutil.rmtree(path)


def _archived(place: Path, files: dict[str, bytes]) -> tuple[Path, str]:
    parts, folder = place / "parts", place / "folder"
    for each in (parts, folder):
        each.mkdir(parents=True)
    for number, path in enumerate(sorted(files)):
        (parts / str(number)).write_bytes(files[path])
    digest = pack(parts, sorted(files), place / "archive")
    (place / "archive").rename(folder / Path(name_of(digest)).name)
    place.chmod(0o755)
    return folder, digest
