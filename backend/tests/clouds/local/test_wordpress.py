"""WordPress's tree comes from the first source that answers, appears whole or not at all, and is the same whatever the source."""

import hashlib
import os
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aipress.clouds.local.content import ensure_content, shipped_themes
from aipress.clouds.local.wordpress import (
    CERTIFICATES,
    Sources,
    ensure_wordpress,
    from_distribution,
    from_wordpress_org,
)
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudRefused

PINNED = Settings().wordpress_version
SMALLEST = (
    "index.php",
    "wp-load.php",
    "wp-login.php",
    "wp-admin/index.php",
    "wp-content/themes/bread/style.css",
    "readme.html",
)


def pack(place: Path, version: str, *, leave_out: str = "") -> Path:
    """An archive of wordpress.org's shape with the least that counts as WordPress."""
    tree = place / "made/wordpress"
    for name in {*SMALLEST} - {leave_out}:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(f"<?php // {name}")
    (tree / "wp-includes").mkdir(exist_ok=True)
    (tree / "wp-includes/version.php").write_text(f"<?php\n$wp_version = '{version}';\n")
    archive = place / "packed.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(tree, "wordpress")
    return archive


def lay_in(data: Path, archive: Path, version: str = PINNED) -> None:
    (data / "wordpress").mkdir(parents=True, exist_ok=True)
    (data / f"wordpress/wordpress-{version}.tar.gz").write_bytes(archive.read_bytes())


def install(data: Path, tell: Callable[[str], None] = lambda _: None) -> Path:
    """With nothing to be had from outside this machine."""
    nowhere = Sources(wordpress_org="http://127.0.0.1:9", apt_settings=data / "no-apt")
    return ensure_wordpress(data, PINNED, tell, nowhere)


def seen(tree: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_ino) for path in tree.rglob("*")}


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server with the files of one directory."""
    place = tmp_path / "mirror"
    place.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(place))) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", place
        server.shutdown()


class TestDistribution:
    @pytest.mark.slow
    def test_its_packages_give_a_whole_wordpress(self, tmp_path: Path) -> None:
        try:
            tree = from_distribution(PINNED, tmp_path, lambda _: None)
        except (CloudBusy, CloudRefused) as error:
            pytest.skip(f"no mirror of the distribution can be reached: {error}")
        assert (tree / "wp-includes/PHPMailer/PHPMailer.php").is_file()
        assert (tree / "wp-includes/js/underscore.min.js").is_file()
        assert [path for path in tree.rglob("*") if path.is_symlink()] == [tree / CERTIFICATES]
        assert [path for path in tree.rglob("*") if not path.exists()] == []

    def test_what_is_kept_is_read_only_and_clean(self, core: Path) -> None:
        assert not [
            name
            for name in (".htaccess", "readme.html", "wp-config-sample.php", "wp-content/plugins")
            if (core / name).exists()
        ]
        writable = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
        assert [
            path
            for path in (core, *core.rglob("*"))
            if not path.is_symlink() and path.stat().st_mode & writable
        ] == []
        assert {path.lstat().st_uid for path in core.rglob("*")} == {os.geteuid()}
        assert "DB_PASSWORD" in (core / "wp-config.php").read_text()
        assert shipped_themes(core) == ("twentytwentyfive",)


class TestWordpressOrg:
    def test_a_release_that_matches_its_checksum_is_taken(
        self, mirror: tuple[str, Path], tmp_path: Path
    ) -> None:
        address, place = mirror
        archive = pack(tmp_path, PINNED).rename(place / f"wordpress-{PINNED}.tar.gz")
        (place / f"{archive.name}.sha1").write_text(hashlib.sha1(archive.read_bytes()).hexdigest())  # noqa: S324
        assert (from_wordpress_org(PINNED, tmp_path, address) / "wp-load.php").is_file()

    def test_one_that_does_not_is_thrown_away(self, mirror: tuple[str, Path], tmp_path: Path) -> None:
        address, place = mirror
        archive = pack(tmp_path, PINNED).rename(place / f"wordpress-{PINNED}.tar.gz")
        (place / f"{archive.name}.sha1").write_text("0" * 40)
        with pytest.raises(CloudRefused, match="checksum"):
            from_wordpress_org(PINNED, tmp_path / "mirror", address)

    def test_a_version_it_does_not_have_is_said(self, mirror: tuple[str, Path], tmp_path: Path) -> None:
        with pytest.raises(CloudRefused, match="answered 404"):
            from_wordpress_org("0.0.1", tmp_path, mirror[0])

    def test_no_answer_means_ask_again_later(self, tmp_path: Path) -> None:
        with pytest.raises(CloudBusy, match="no answer"):
            from_wordpress_org(PINNED, tmp_path, "http://127.0.0.1:9")


class TestTree:
    def test_an_archive_in_the_data_directory_is_enough(self, tmp_path: Path) -> None:
        lay_in(tmp_path / "data", pack(tmp_path, PINNED))
        tree = install(tmp_path / "data")
        assert tree == tmp_path / "data/wordpress" / PINNED
        assert (tree / "wp-content/mu-plugins/aipress/login-link.php").is_file()
        assert not (tree / "readme.html").exists()

    def test_the_second_time_nothing_is_touched(self, tmp_path: Path) -> None:
        lay_in(tmp_path / "data", pack(tmp_path, PINNED))
        tree = install(tmp_path / "data")
        before = seen(tree)
        assert install(tmp_path / "data") == tree
        assert seen(tree) == before

    def test_our_own_files_are_renewed_and_old_ones_go(self, tmp_path: Path) -> None:
        lay_in(tmp_path / "data", pack(tmp_path, PINNED))
        tree = install(tmp_path / "data")
        (tree / "wp-config.php").chmod(0o644)
        (tree / "wp-config.php").write_text("<?php // of an older release")
        (tree / "wp-content/mu-plugins").chmod(0o755)
        (tree / "wp-content/mu-plugins/gone.php").write_text("<?php // of an older release")
        install(tmp_path / "data")
        assert "AIPRESS_ENVIRONMENT" in (tree / "wp-config.php").read_text()
        assert not (tree / "wp-content/mu-plugins/gone.php").exists()
        assert stat.S_IMODE((tree / "wp-content/mu-plugins").stat().st_mode) == 0o555

    def test_a_newer_one_of_the_series_stands_in_and_that_is_said(self, tmp_path: Path) -> None:
        lay_in(tmp_path / "data", pack(tmp_path, "7.1.9"))
        said: list[str] = []
        tree = install(tmp_path / "data", said.append)
        assert tree.name == "7.1.9"
        assert (tmp_path / "data/wordpress" / PINNED).resolve() == tree
        assert "stands in" in said[0]
        assert install(tmp_path / "data") == tree

    def test_what_is_not_wordpress_is_refused_and_leaves_nothing(self, tmp_path: Path) -> None:
        lay_in(tmp_path / "data", pack(tmp_path, PINNED, leave_out="wp-load.php"))
        with pytest.raises(CloudRefused, match="lacks wp-load.php"):
            install(tmp_path / "data")
        assert [path.name for path in (tmp_path / "data/wordpress").iterdir()] == [
            f"wordpress-{PINNED}.tar.gz"
        ]

    def test_an_archive_that_writes_elsewhere_is_refused(self, tmp_path: Path) -> None:
        archive = tmp_path / "evil.tar.gz"
        with tarfile.open(archive, "w:gz") as packed:
            packed.addfile(tarfile.TarInfo("../outside.php"))
        lay_in(tmp_path / "data", archive)
        with pytest.raises(CloudRefused, match=r"contains '\.\.'"):
            install(tmp_path / "data")
        assert not list(tmp_path.rglob("outside.php"))

    def test_when_no_source_answers_each_one_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CloudRefused) as refused:
            install(tmp_path / "data")
        for source in ("the data directory", "wordpress.org", "the distribution"):
            assert source in str(refused.value)


class TestContent:
    def test_it_belongs_to_the_tenant_with_its_links_into_the_core(self, core: Path, tmp_path: Path) -> None:
        owner = (650_199, 650_199) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        content = tmp_path / "content"
        ensure_content(content, core, Path("/srv/wordpress"), owner)
        assert {(path.lstat().st_uid, path.lstat().st_gid) for path in (content, *content.rglob("*"))} == {
            owner
        }
        theme = content / "themes/twentytwentyfive"
        assert os.readlink(theme) == "/srv/wordpress/wp-content/themes/twentytwentyfive"

    def test_once_it_is_there_nothing_is_made_in_it_any_more(self, core: Path, tmp_path: Path) -> None:
        owner = (os.geteuid(), os.getegid())
        ensure_content(tmp_path / "content", core, Path("/srv/wordpress"), owner)
        (tmp_path / "content/themes/twentytwentyfive").unlink()
        before = seen(tmp_path)
        ensure_content(tmp_path / "content", core, Path("/srv/wordpress"), owner)
        assert seen(tmp_path) == before

    def test_what_an_interrupted_one_left_is_no_obstacle(self, core: Path, tmp_path: Path) -> None:
        (tmp_path / ".content.fresh/themes").mkdir(parents=True)
        ensure_content(tmp_path / "content", core, Path("/srv/wordpress"), (os.geteuid(), os.getegid()))
        assert [path.name for path in tmp_path.iterdir()] == ["content"]
