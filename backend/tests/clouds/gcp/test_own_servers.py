"""A site's database on an instance of its own with a replica, on the simulator's real servers: written here, read there, gone again."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pymysql
import pytest

from aipress.clouds.base import EnvironmentSpec, Identity
from aipress.clouds.gcp import waiting
from aipress.clouds.gcp.cloud import shelf
from aipress.clouds.gcp.placements import Where
from aipress.clouds.options import Options
from aipress.config import Settings
from gcpsim.simulator import Simulator
from tests.clouds.gcp.bases import DUMP
from tests.clouds.gcp.messages import ParsedGoogle
from tests.clouds.gcp.rig import ENVIRONMENT, ID
from tests.clouds.gcp.simulated import PLATFORM, Simulated, answering, there
from tests.fakes.placements import FakePlacements
from tests.gcpsim.cloud_sql import mariadb
from tests.gcpsim.running import eventually
from tests.gcpsim.servers import need, own_folder, own_net, running

SITE = replace(ENVIRONMENT, tier="basic", options=Options(database="own", replicas=1))


@dataclass(frozen=True)
class Standing:
    """A cloud whose own instances are servers, and where those are kept."""

    on: Simulated
    folder: Path


@pytest.fixture
async def standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Standing]:
    need("mariadbd", "mariadb-install-db", "mariadb-dump")
    monkeypatch.setattr(waiting, "LONGEST_PAUSE", 0.1)
    settings = Settings(data_dir=tmp_path)
    template = tmp_path / "templates" / f"{settings.wordpress_version}.sql"
    template.parent.mkdir()
    template.write_text(DUMP)
    with own_net() as net, own_folder() as folder, running(folder, net, mariadb) as made:
        simulator = Simulator(made.world)
        with answering(simulator) as endpoint:
            placements, google = FakePlacements(PLATFORM), ParsedGoogle(endpoint)
            cloud = shelf(settings, google, Where(PLATFORM, placements))
            yield Standing(
                Simulated(simulator, endpoint, cloud, google, placements, frozenset(there(simulator))), folder
            )
            await google.aclose()


@contextlib.contextmanager
def line(host: str, password: str) -> Iterator[pymysql.cursors.Cursor]:
    """As WordPress comes: its user, by TLS."""
    address, _, port = host.partition(":")
    way = {"check_hostname": False, "verify_mode": False}
    with (
        pymysql.connect(
            host=address,
            port=int(port),
            user=f"w{ID}",
            password=password,
            database=f"w{ID}",
            ssl=way,
            autocommit=True,
        ) as made,
        made.cursor() as sql,
    ):
        yield sql


async def hosts(standing: Standing, site: EnvironmentSpec) -> tuple[str, str]:
    """What its WordPress is told: where to write, and where to read."""
    cloud, store = standing.on.cloud, standing.on.simulator.world.store
    service = await cloud.runtime.ensure(site, await cloud.buckets.ensure(site))
    row = store.get(f"run/{service.name}")
    assert row
    told = {one["name"]: one.get("value", "") for one in row.content["template"]["containers"][0]["env"]}
    return told["DB_HOST"], told.get("DB_READ_HOST", "")


def title(host: str, password: str) -> str:
    try:
        with line(host, password) as sql:
            sql.execute("SELECT option_value FROM wp_options WHERE option_name = 'blogname'")
            return str((sql.fetchone() or ("",))[0])
    except pymysql.err.MySQLError:
        return ""


async def is_carried(standing: Standing, primary: str, password: str) -> None:
    """Its database is frozen, read whole and told by its digest like one on a shared instance."""
    databases = standing.on.cloud.databases
    digest = await databases.digest(ID)
    await databases.freeze(ID)
    with line(primary, password) as sql, pytest.raises(pymysql.err.OperationalError, match="denied"):
        sql.execute("DELETE FROM wp_users")
    assert b"wp_users" in b"".join([part async for part in databases.dump(ID)])
    await databases.thaw(ID)
    assert await databases.digest(ID) == digest


async def test_what_is_written_on_its_instance_is_read_on_the_replica_and_all_of_it_goes(
    standing: Standing,
) -> None:
    on = standing.on
    databases, vault = on.cloud.databases, on.cloud.vault
    database = await databases.ensure(SITE, await vault.ensure(SITE))
    assert await databases.ensure(SITE, await vault.ensure(SITE)) == database
    primary, replica = await hosts(standing, SITE)
    assert primary != replica
    password = await vault.reveal(ID, "DB_PASSWORD")  # type: ignore[attr-defined]
    await databases.introduce(database, Identity("Bakery", "https://b.example", "ann@example.com", "Ann"))
    assert title(primary, password) == "Bakery"
    eventually(lambda: title(replica, password) == "Bakery")
    with line(replica, password) as sql, pytest.raises(pymysql.err.OperationalError, match="read-only"):
        sql.execute("DELETE FROM wp_options")
    await is_carried(standing, primary, password)
    without = replace(SITE, options=Options(database="own"))
    await databases.ensure(without, await vault.ensure(without))
    assert await hosts(standing, without) == (primary, "")
    assert title(primary, password) == "Bakery"
    assert len(list((standing.folder / "sql").iterdir())) == 1
    for facet in (on.cloud.runtime, on.cloud.buckets, databases, vault):
        await facet.remove(ID)
    assert {key for key in on.left if "/revisions/" not in key} == set()
    assert list((standing.folder / "sql").iterdir()) == []
    assert on.placements.by_environment == {}
    journal = str([vars(entry) for entry in on.simulator.world.journal.entries])
    assert password not in journal
