"""Where WordPress's packages are looked for: the machine's own apt sources, asked for newer suites, never weaker than they were."""

from pathlib import Path

import pytest

from aipress.clouds.local.distribution import (
    PrivateApt,
    machine_sources,
    newer_suites,
    unpack_wordpress,
    upstream,
)
from aipress.errors import CloudRefused

DEB822 = """\
# the distribution
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Trusted: yes

Types: deb
URIs: http://example.org/other
Suites: stable-of-somebody
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: http://example.org/off
Suites: bookworm
Components: main
Enabled: no
"""
ONE_LINE = """\
# deb http://example.org/commented bookworm main
deb [arch=amd64 signed-by=/k.gpg trusted=yes] http://mirror.example/debian bookworm main non-free # the mirror
deb-src http://mirror.example/debian bookworm main
"""
DEBIAN = {"ID": "debian", "VERSION_CODENAME": "bookworm"}


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    return tmp_path


def test_the_newer_format_is_read_with_its_keys(etc: Path) -> None:
    (etc / "sources.list.d/debian.sources").write_text(DEB822)
    first, second = machine_sources(etc)
    assert (first["URIs"], first["Signed-By"]) == (
        "http://mirror.example/debian",
        "/usr/share/keyrings/debian-archive-keyring.gpg",
    )
    assert "mQINBF" in second["Signed-By"]


def test_the_one_line_format_is_read_with_its_options(etc: Path) -> None:
    (etc / "sources.list").write_text(ONE_LINE)
    (source,) = machine_sources(etc)
    assert (source["URIs"], source["Suites"], source["Components"]) == (
        "http://mirror.example/debian",
        "bookworm",
        "main non-free",
    )
    assert (source["Architectures"], source["Signed-By"]) == ("amd64", "/k.gpg")


@pytest.mark.parametrize("name", ["sources.list", "sources.list.d/debian.sources"])
def test_what_would_let_an_unsigned_repository_through_is_dropped(etc: Path, name: str) -> None:
    (etc / name).write_text(ONE_LINE if name == "sources.list" else DEB822)
    assert not [field for source in machine_sources(etc) for field in source if field.lower() == "trusted"]


def test_the_same_mirrors_are_asked_for_newer_suites(etc: Path) -> None:
    (etc / "sources.list.d/debian.sources").write_text(DEB822)
    suites = newer_suites(machine_sources(etc), DEBIAN)
    assert list(suites) == ["unstable", "testing", "stable"]
    (source,) = suites["unstable"]
    assert (source["URIs"], source["Suites"], source["Components"], source["Types"]) == (
        "http://mirror.example/debian",
        "unstable",
        "main",
        "deb",
    )


def test_a_distribution_we_do_not_know_has_no_newer_suites(etc: Path) -> None:
    (etc / "sources.list").write_text(ONE_LINE)
    assert newer_suites(machine_sources(etc), {"ID": "somelinux", "VERSION_CODENAME": "bookworm"}) == {}


@pytest.mark.parametrize(
    ("version", "number"),
    [("7.1.4+dfsg1-1", "7.1.4"), ("1:7.1.4-2", "7.1.4"), ("6.8.7+dfsg1-0+deb13u1", "6.8.7"), ("7.2", "7.2")],
)
def test_the_version_of_wordpress_is_read_from_that_of_the_package(version: str, number: str) -> None:
    assert upstream(version) == number


def test_a_repository_nobody_signed_is_refused(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "Packages").write_text(
        "Package: wordpress\nVersion: 7.1.4-1\nArchitecture: all\nFilename: ./w.deb\nSize: 1\n\n"
    )
    source = {"Types": "deb", "URIs": f"file:{repository}", "Suites": "./"}
    with pytest.raises(CloudRefused, match="apt-get ended with"):
        PrivateApt("unsigned", tmp_path / "corner", (source,)).newest_wordpress()
    # The same one is taken where it is trusted on purpose, so it is the signature that was missed.
    trusted = {**source, "Trusted": "yes"}
    assert PrivateApt("trusted", tmp_path / "corner2", (trusted,)).newest_wordpress() == "7.1.4-1"


def test_without_any_source_each_answer_is_said(tmp_path: Path) -> None:
    with pytest.raises(CloudRefused, match="own suite: it has no wordpress package"):
        unpack_wordpress("7.1.4", tmp_path / "corner", lambda _: None, tmp_path)
