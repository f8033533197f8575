"""WordPress itself: one read-only tree per version, shared by every environment.

The tree comes from the first source that answers: an archive the operator laid into the data directory, wordpress.org, the
distribution. Whatever the source, it ends as the same tree, with our wp-config.php and mu-plugins in it.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from aipress.clouds.local.command import run
from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.local.distribution import APT_SETTINGS, unpack_wordpress
from aipress.errors import CloudBusy, CloudError, CloudRefused

SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
CERTIFICATES = "wp-includes/certificates/ca-bundle.crt"
NOT_OURS = (".htaccess", "wp-config.php", "wp-config-sample.php", "readme.html", "wp-content/plugins")
MUST_HAVE = (
    "index.php",
    "wp-load.php",
    "wp-login.php",
    "wp-admin/index.php",
    "wp-includes/version.php",
    "wp-content/themes",
)

Tell = Callable[[str], None]
Fetcher = Callable[[Path], Path]


@dataclass(frozen=True)
class Sources:
    """Where WordPress may come from, besides the data directory itself."""

    wordpress_org: str = "https://wordpress.org"
    apt_settings: Path = APT_SETTINGS


SOURCES = Sources()


def ensure_wordpress(
    data_dir: Path, version: str, tell: Tell = lambda _: None, sources: Sources = SOURCES
) -> Path:
    """The real path of this version's tree, installing it where it is missing; quick when it is there. Run it as root, or as
    the one user of everything.

    Where no source has this very version, a newer one of its series (or, last, what the machine's own suite has) stands in
    under a link: the version in use is the returned path's name. Raises CloudRefused with what each source answered.
    """
    shelf = data_dir / "wordpress"
    shelf.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not (shelf / version / "wp-load.php").exists():
        _install(shelf, version, tell, sources)
    tree = (shelf / version).resolve()
    _place_platform_files(tree)
    return tree


def _install(shelf: Path, version: str, tell: Tell, sources: Sources) -> None:
    with tempfile.TemporaryDirectory(prefix=".incoming-", dir=shelf) as corner:
        fetchers: dict[str, Fetcher] = {
            "the data directory": lambda room: from_archive(shelf / f"wordpress-{version}.tar.gz", room),
            "wordpress.org": lambda room: from_wordpress_org(version, room, sources.wordpress_org),
            "the distribution": lambda room: from_distribution(version, room, tell, sources.apt_settings),
        }
        tree = _from_the_first_that_answers(fetchers, version, Path(corner))
        _clean(tree)
        found = _version_of(tree)
        if found != version:
            tell(f"WordPress {version} is nowhere to be had; {found} stands in for it")
        if not (shelf / found).exists():
            _make_read_only(tree)
            os.sync()
            tree.chmod(0o755)
            tree.rename(shelf / found)
            (shelf / found).chmod(0o555)
    if found != version:
        _point(shelf / version, found)


def _from_the_first_that_answers(fetchers: dict[str, Fetcher], version: str, corner: Path) -> Path:
    """Each has a room of its own in `corner`, so that none finds what another left."""
    answers = []
    for name, fetch in fetchers.items():
        room = corner / name.replace(" ", "-")
        room.mkdir()
        try:
            return fetch(room)
        except CloudError as error:
            answers.append(f"{name}: {error}")
    raise CloudRefused(f"WordPress {version} could not be fetched. " + " · ".join(answers))


def from_archive(archive: Path, room: Path) -> Path:
    """The tree in an archive of wordpress.org's shape (one `wordpress/` folder)."""
    if not archive.is_file():
        raise CloudRefused(f"there is no {archive.name}")
    # GNU tar refuses names that lead out of the room; Python's own does so in newer versions only.
    run(["tar", "--extract", "--no-same-owner", f"--file={archive}", f"--directory={room}"], seconds=120)
    return room / "wordpress"


def from_wordpress_org(version: str, room: Path, origin: str) -> Path:
    """The release from wordpress.org, held to the checksum published beside it.

    Two seconds to connect: a machine without a way out should not wait for it.
    """
    archive = room / f"wordpress-{version}.tar.gz"
    address = f"{origin}/{archive.name}"
    with httpx.Client(timeout=httpx.Timeout(30, connect=2), follow_redirects=True) as web:
        expected = _get(web, f"{address}.sha1").decode(errors="replace").strip()
        body = _get(web, address)
    if hashlib.sha1(body, usedforsecurity=False).hexdigest() != expected:
        raise CloudRefused("the archive does not match its checksum; it was thrown away")
    archive.write_bytes(body)
    return from_archive(archive, room)


def from_distribution(version: str, room: Path, tell: Tell, apt_settings: Path = APT_SETTINGS) -> Path:
    """The tree of the distribution's packages, its links (into other packages) replaced by what they point at."""
    prefix = unpack_wordpress(version, room, tell, apt_settings)
    packaged, tree = prefix / "usr/share/wordpress", room / "wordpress"
    for link in (packaged / ".htaccess", packaged / CERTIFICATES):
        link.unlink(missing_ok=True)
    try:
        shutil.copytree(packaged, tree, symlinks=False)
    except shutil.Error as error:
        missing = ", ".join(sorted(Path(name).name for name, *_ in error.args[0])[:5])
        raise CloudRefused(f"the packages leave links that lead nowhere: {missing}") from error
    (tree / CERTIFICATES).symlink_to(SYSTEM_CERTIFICATES)
    return tree


def _get(web: httpx.Client, address: str) -> bytes:
    try:
        answer = web.get(address)
        answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise CloudRefused(f"{address} answered {error.response.status_code}") from error
    except httpx.HTTPError as error:
        raise CloudBusy(f"no answer from {address} ({type(error).__name__})") from error
    return answer.content


def _clean(tree: Path) -> None:
    """Leave nothing of the source's own configuration, and prove that it is WordPress."""
    if missing := [name for name in MUST_HAVE if not (tree / name).exists()]:
        raise CloudRefused(f"what was fetched is not WordPress: it lacks {', '.join(missing)}")
    for name in NOT_OURS:
        path = tree / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _version_of(tree: Path) -> str:
    found = re.search(r"\$wp_version = '([0-9.]+)'", (tree / "wp-includes/version.php").read_text())
    if found is None:
        raise CloudRefused("what was fetched does not say which WordPress it is")
    return found[1]


def _make_read_only(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o444)
        Path(folder).chmod(0o555)


def _point(link: Path, target: str) -> None:
    fresh = link.with_name(f".{link.name}.fresh")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.rename(link)


def _place_platform_files(tree: Path) -> None:
    """Our wp-config.php and mu-plugins, renewed where this release of AIPress has other ones."""
    ours = {Path("wp-config.php"): PLATFORM_FILES / "config/wp-config.php"}
    mu_plugins = PLATFORM_FILES / "mu-plugins"
    ours |= {
        Path("wp-content/mu-plugins") / path.relative_to(mu_plugins): path
        for path in mu_plugins.rglob("*.php")
    }
    for name, source in ours.items():
        _place(tree / name, source.read_bytes(), tree)
    kept = {tree / name for name in ours}
    for stale in set((tree / "wp-content/mu-plugins").rglob("*.php")) - kept:
        with _writable(stale.parent):
            stale.unlink()


def _place(path: Path, content: bytes, tree: Path) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    for folder in reversed([p for p in path.parents if p.is_relative_to(tree) and not p.exists()]):
        with _writable(folder.parent):
            folder.mkdir(mode=0o555)
    with _writable(path.parent):
        fresh = path.with_name(f".{path.name}.fresh")
        fresh.unlink(missing_ok=True)
        fresh.write_bytes(content)
        fresh.chmod(0o444)
        fresh.rename(path)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    folder.chmod(0o755)
    try:
        yield
    finally:
        folder.chmod(0o555)
