"""A site's database carried from MariaDB to MySQL and back. The distribution these tests run on has no MySQL: `AIPRESS_TEST_MYSQL` names

a `mysqld` of 8.4 or later (or a script that starts one), and without it they are skipped.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pymysql
import pytest

from aipress.clouds.base import Address
from tests.clouds.gcp.bases import Rig, bases, made
from tests.clouds.gcp.rig import ENVIRONMENT, ID
from tests.clouds.gcp.servers import PASSWORD, Instance, own_address, write_certificates
from tests.clouds.local import rig
from tests.clouds.local.carried import EVERYTHING, HERE, THERE, Server, two_sites
from tests.clouds.local.test_carrying import ADDRESSED

MYSQL = os.environ.get("AIPRESS_TEST_MYSQL", "")
pytestmark = pytest.mark.skipif(not MYSQL, reason="AIPRESS_TEST_MYSQL names no mysqld")
OLD, NEW = Address("here.test", "http://here.test"), Address("new.test", "https://new.example.org")


@pytest.fixture(scope="module")
def mysql() -> Iterator[Instance]:
    """As Google makes it: root from anywhere, with a password, by TLS."""
    with rig.short_home() as home:
        authority, address, sock = write_certificates(home), own_address(9), home / "m.sock"
        data = [MYSQL, "--no-defaults", "--user=root", f"--datadir={home}/d", "--secure-file-priv=NULL"]
        subprocess.run([*data, "--initialize-insecure"], check=True, capture_output=True)
        answers = [f"--socket={sock}", f"--bind-address={address}", "--port=3306", "--mysqlx=OFF"]
        tls = [f"--ssl-cert={home}/server.pem", f"--ssl-key={home}/server.key"]
        flags = ["--skip-name-resolve", "--log-bin-trust-function-creators=1", f"--pid-file={home}/pid"]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen([*data, *answers, *tls, *flags], stdout=log, stderr=log)
        with rig.running(process):
            rig.wait_for(sock.exists, 60)
            with pymysql.connect(unix_socket=str(sock), user="root", autocommit=True) as line:
                sql = line.cursor()
                sql.execute("CREATE USER root@'%%' IDENTIFIED BY %s REQUIRE SSL", (PASSWORD,))
                sql.execute("GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION")
            yield Instance(address, authority, sock)


@pytest.fixture
async def there(mysql: Instance, tmp_path: Path) -> AsyncIterator[Rig]:
    async with bases(mysql, tmp_path) as on:
        await made(on, ENVIRONMENT)
        yield on


@pytest.fixture
async def here(tmp_path_factory: pytest.TempPathFactory, there: Rig) -> AsyncIterator[Server]:
    """Two sites on a MariaDB, begun with the same template."""
    with rig.short_home() as home, rig.mariadb(home / "m") as sock:
        async with two_sites(sock, there.databases.template, tmp_path_factory.mktemp("vault")) as sites:
            yield sites


async def test_everything_goes_to_mysql_and_back(here: Server, there: Rig) -> None:
    here.say(HERE.id, "SET sql_mode = ''", "CREATE TABLE wp_terms (name text)", *EVERYTHING)
    before = await here.databases.digest(HERE.id)
    await there.databases.load(ID, here.databases.dump(HERE.id))
    assert await there.databases.digest(ID) == before
    await there.databases.freeze(ID)
    await here.databases.load(THERE.id, there.databases.dump(ID))
    assert await here.databases.digest(THERE.id) == before
    await there.databases.thaw(ID)


async def test_mysql_and_mariadb_readdress_alike(here: Server, there: Rig) -> None:
    was, now = f"{OLD.url}/a", f"{NEW.url}/a"
    for one in ADDRESSED:
        if "wp_posts" not in one:
            here.say(HERE.id, one.replace("OLD", was).replace("NEW", now))
    await there.databases.load(ID, here.databases.dump(HERE.id))
    before = await there.databases.digest(ID)
    await there.databases.readdress(ID, OLD, NEW)
    await here.databases.readdress(HERE.id, OLD, NEW)
    assert await there.databases.digest(ID) == await here.databases.digest(HERE.id) != before


async def test_a_frozen_user_of_mysql_writes_nothing(there: Rig) -> None:
    granted = there.say("SHOW GRANTS FOR OWN@'%%'")
    there.databases.patience = 0.5
    door = await there.databases.door(ID)
    with pymysql.connect(
        host=door.options["host"],
        user=door.options["user"],
        password=door.options["password"],
        database=door.database,
        ssl={"check_hostname": False},
    ) as page:
        page.begin()
        page.cursor().execute("UPDATE wp_options SET option_value = '' WHERE option_name = 'siteurl'")
        await there.databases.freeze(ID)
        with pytest.raises(pymysql.err.OperationalError, match="gone away|Lost connection"):
            page.cursor().execute("DELETE FROM wp_users")
    kept = there.say("SELECT option_value FROM OWN.wp_options WHERE option_name = 'siteurl'")
    assert kept == [("http://site.aipress.invalid",)]
    await there.databases.thaw(ID)
    assert there.say("SHOW GRANTS FOR OWN@'%%'") == granted
