"""The Google cloud on a simulator whose Cloud SQL instance is a server: both sides as they are, with nothing but HTTP and SQL between."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aipress.clouds.base import Database, EnvironmentSpec, Identity, Secrets
from aipress.clouds.gcp import copies as under_test
from aipress.clouds.gcp import google as asking
from aipress.clouds.gcp import names
from aipress.clouds.gcp.buckets import bucket
from aipress.clouds.gcp.cloud_sql import CloudSqlDatabases
from aipress.clouds.gcp.copies import Copies
from aipress.clouds.gcp.databases import export
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.instances import SqlServers
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Platform, SharedInstance
from aipress.clouds.gcp.secrets import version
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.faults import parse_fault
from gcpsim.semantics.storage_names import object_key
from gcpsim.simulator import Simulator
from tests.clouds.gcp.bases import DUMP, NEIGHBOUR, FakeVault
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, ask, say
from tests.clouds.gcp.servers import ADMIN
from tests.clouds.gcp.simulated import PLATFORM, answering
from tests.fakes.placements import FakePlacements
from tests.gcpsim import servers
from tests.gcpsim.cloud_sql import mariadb

INSTANCES = f"/sqladmin/v1/projects/{PLACE.project}/instances"
PASSWORD = "chosen-by_terraform"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """With what Terraform made; the instance's address is left to be asked for."""
    servers.need("mariadbd", "mariadb-install-db", "mariadb-dump")
    with (
        servers.own_net() as net,
        servers.own_folder() as folder,
        servers.running(folder, net, mariadb) as google,
    ):
        settings = {
            "tier": "db-f1-micro",
            "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": PLACE.network},
        }
        told = {
            "name": "pool-1",
            "databaseVersion": "MYSQL_8_4",
            "rootPassword": PASSWORD,
            "settings": settings,
        }
        assert "error" not in google.done("POST", INSTANCES, told)
        simulator = Simulator(google.world)
        secret = f"/secretmanager/v1/projects/{PLACE.project}/secrets"
        say(simulator, "POST", secret, {"replication": {"automatic": {}}}, secretId=ADMIN)
        assert ask(simulator, version(PLACE, ADMIN, PASSWORD.encode())).status == 200
        for one in (ENVIRONMENT, NEIGHBOUR):
            assert ask(simulator, bucket(one, PLACE)).status == 200
        yield simulator


@dataclass(frozen=True)
class Real:
    databases: CloudSqlDatabases
    copies: Copies
    simulator: Simulator

    async def made(self, *environments: EnvironmentSpec) -> list[Database]:
        return [await self.databases.ensure(one, Secrets(one.id, ())) for one in environments]

    def exports(self) -> int:
        """How many exports began."""
        journal = self.simulator.world.journal
        return sum(one.status == 200 for one in journal.of("sql.instances.export"))

    def copy(self, environment_id: str, name: str) -> str:
        """What a copy says."""
        held = names.bucket_name(environment_id, PLACE.project)
        row = self.simulator.world.store.get(object_key(held, f"backups/{name}.sql.gz"))
        assert row is not None
        return gzip.decompress(self.simulator.world.files.read(row)).decode()


@pytest.fixture
async def real(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Real]:
    monkeypatch.setattr(under_test, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(asking, "DEADLINE", 0.0)
    shard = PLATFORM.shards[0].model_copy(update={"instances": (SharedInstance(name="pool-1"),)})
    platform = Platform(shards=(shard,))
    (tmp_path / "template.sql").write_text(DUMP)
    with answering(simulator) as endpoint:
        google = Google(endpoint)
        where = Where(platform, FakePlacements(platform))
        databases = CloudSqlDatabases(
            SqlServers(google, platform, "root"), where, FakeVault(), tmp_path / "template.sql"
        )
        yield Real(databases, Copies(google, where), simulator)
        for id in await databases.existing():
            await databases.remove(id)
        await google.aclose()


async def test_a_site_lives_and_goes_on_an_instance_of_the_simulators(real: Real) -> None:
    _, database = await real.made(NEIGHBOUR, ENVIRONMENT)
    await real.databases.introduce(
        database, Identity("Bakery", "https://b.example", "ann@example.com", "Ann")
    )
    assert await real.databases.existing() == {ID, NEIGHBOUR.id}
    assert (await real.databases.option("blogname", [ID])) == {ID: "Bakery"}
    shown = {one["name"] for one in say(real.simulator, "GET", f"{INSTANCES}/pool-1/databases")["items"]}
    assert f"w{ID}" in shown
    await real.databases.remove(ID)
    assert await real.databases.existing() == {NEIGHBOUR.id}


async def test_copies_are_made_one_at_a_time_and_each_holds_one_site(real: Real) -> None:
    await real.made(ENVIRONMENT, NEIGHBOUR)
    before = real.exports()
    places = await asyncio.gather(
        *(real.copies.make(one, name) for one in (ENVIRONMENT, NEIGHBOUR) for name in ("monday", "tuesday"))
    )
    assert places[0] == f"gs://{PLACE.project}-w{ID}/backups/monday.sql.gz"
    assert await real.copies.make(ENVIRONMENT, "monday") == places[0]
    assert real.exports() == before + 4
    own, other = real.copy(ID, "monday"), real.copy(NEIGHBOUR.id, "tuesday")
    assert f"w{ID}" in own
    assert NEIGHBOUR.id not in own
    assert NEIGHBOUR.id in other
    assert ID not in other


async def test_a_copy_somebody_began_is_waited_for_and_others_wait_for_their_turn(real: Real) -> None:
    await real.made(ENVIRONMENT, NEIGHBOUR)
    before = real.exports()
    await real.copies.google.ask(export(ENVIRONMENT, PLACE, "wednesday"))
    elsewhere = Copies(real.copies.google, real.copies.where)
    await asyncio.gather(
        real.copies.make(ENVIRONMENT, "wednesday"),
        elsewhere.make(NEIGHBOUR, "wednesday"),
        real.copies.make(NEIGHBOUR, "thursday"),
    )
    assert real.exports() == before + 3
    assert "CREATE TABLE" in real.copy(ID, "wednesday")


async def test_a_copy_that_fails_or_takes_too_long_or_is_of_nobody_is_said(
    real: Real, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CloudRefused, match="no database"):
        await real.copies.make(ENVIRONMENT, "friday")
    await real.made(ENVIRONMENT)
    real.simulator.world.faults.planned.append(parse_fault("operation:sql.instances.export:1"))
    with pytest.raises(CloudBusy, match="copy of"):
        await real.copies.make(ENVIRONMENT, "friday")
    monkeypatch.setattr(under_test, "LONGEST", 0.0)
    with pytest.raises(CloudBusy, match="not whole"):
        await real.copies.make(ENVIRONMENT, "friday")
