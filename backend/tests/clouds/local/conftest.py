"""One WordPress, one MariaDB and one edge for all tests of this room. WordPress is fetched once and kept between runs."""

import fcntl
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from aipress.clouds.local import php, template
from aipress.clouds.local.edge_config import Edge
from aipress.clouds.local.wordpress import ensure_wordpress
from aipress.config import Settings
from tests.clouds.local import rig
from tests.clouds.local.carried import Server, two_sites
from tests.clouds.local.environment import Parts, Site
from tests.clouds.local.keeping import Kept, prepare
from tests.clouds.local.tickets import follow, leave_ticket


@pytest.fixture(scope="session")
def store() -> Path:
    """A data directory with WordPress, kept between runs and shared by them: AIPRESS_TEST_STORE, or one beside other temporary files."""
    place = Path(os.environ.get("AIPRESS_TEST_STORE") or Path(tempfile.gettempdir(), "aipress-test-store"))
    place.mkdir(mode=0o755, exist_ok=True, parents=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_wordpress(place, Settings().wordpress_version)
    return place


@pytest.fixture(scope="session")
def data(store: Path) -> Iterator[Path]:
    """A data directory of this run, with the shared WordPress in it. Its path is short: sockets lie in it."""
    with rig.short_home() as place:
        (place / "wordpress").symlink_to(store / "wordpress")
        yield place


@pytest.fixture(scope="session")
def core(data: Path) -> Path:
    return (data / "wordpress" / Settings().wordpress_version).resolve()


@pytest.fixture(scope="session")
def version(data: Path) -> str:
    """The PHP to test with, its settings written."""
    found = php.php_version()
    php.write_php_settings(data, found)
    return found


@pytest.fixture(scope="session")
def mariadb(data: Path) -> Iterator[Path]:
    with rig.mariadb(data / "m") as socket:
        yield socket


@pytest.fixture(scope="session")
def dump(data: Path, core: Path, version: str, mariadb: Path) -> Path:
    return template.ensure_template(data, core, version, (mariadb, "root"))


@pytest.fixture(scope="session")
def edge(data: Path) -> Iterator[Edge]:
    """A running nginx."""
    frontend = data / "frontend"
    (frontend / "assets").mkdir(parents=True)
    (frontend / "index.html").write_text("<title>the app</title>")
    (frontend / "login.html").write_text("<title>sign in</title>")
    (frontend / "shared.html").write_text("<title>shared</title>")
    (frontend / "apidocs.html").write_text("<title>API</title>")
    (frontend / "assets/app-1a2b.js").write_text("run()")
    made = Edge(data, rig.free_port(), frontend, addresses=("127.0.0.1",))
    with rig.nginx(made):
        yield made


@pytest.fixture(scope="session")
def opcache(data: Path, core: Path, version: str) -> Path:
    return php.ensure_opcache(data, core, version)


@pytest.fixture(scope="session")
def parts(opcache: Path, version: str, mariadb: Path, dump: Path, edge: Edge) -> Parts:
    core = (edge.data_dir / "wordpress" / opcache.name).resolve()
    return Parts(edge.data_dir, core, version, mariadb, dump, edge)


@pytest.fixture
def asleep(parts: Parts) -> Iterator[Site]:
    """A site whose PHP is not running."""
    site = Site(parts)
    site.make()
    yield site
    site.remove()


@pytest.fixture(scope="module")
def site(parts: Parts) -> Iterator[Site]:
    """A site that answers, shared by a module."""
    made = Site(parts)
    made.make()
    with made.php():
        yield made
    made.remove()


@pytest.fixture
def guest(edge: Edge, site: Site) -> Iterator[httpx.Client]:
    """A visitor of the shared site."""
    with rig.visitor(edge, site.host) as client:
        yield client


@pytest.fixture(scope="module")
def kept(site: Site) -> Kept:
    """The shared site behind the page cache."""
    return prepare(site)


@pytest.fixture(scope="module")
def editor(kept: Kept) -> Iterator[httpx.Client]:
    """Its owner, signed in, with what REST asks for."""
    with rig.visitor(kept.edge, kept.site.host) as client:
        follow(client, leave_ticket(kept.site))
        client.headers["X-WP-Nonce"] = client.get("/wp-admin/admin-ajax.php?action=rest-nonce").text
        yield client


@pytest.fixture
async def server(mariadb: Path, dump: Path, tmp_path: Path) -> AsyncIterator[Server]:
    """With two sites, to carry one's database to the other."""
    async with two_sites(mariadb, dump, tmp_path) as made:
        yield made
