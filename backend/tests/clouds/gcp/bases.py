"""Databases on a Cloud SQL instance that is a real server with TLS, and the simulator that knows where it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pymysql

from aipress.clouds.base import EnvironmentSpec, Secrets
from aipress.clouds.gcp.cloud_sql import CloudSqlDatabases
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.instances import SqlServers
from aipress.clouds.gcp.placements import Where
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import ENVIRONMENT, ID
from tests.clouds.gcp.servers import Instance, stands
from tests.clouds.gcp.simulated import answering, on_instance
from tests.fakes.placements import FakePlacements

NEIGHBOUR = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other", slug="other")
DUMP = """
CREATE TABLE IF NOT EXISTS wp_options (option_id BIGINT AUTO_INCREMENT PRIMARY KEY, option_name VARCHAR(191) UNIQUE,
 option_value LONGTEXT, autoload VARCHAR(20) DEFAULT 'on');
CREATE TABLE IF NOT EXISTS wp_posts (ID BIGINT PRIMARY KEY, guid VARCHAR(255), post_content LONGTEXT, post_date DATETIME,
 post_date_gmt DATETIME, post_modified DATETIME, post_modified_gmt DATETIME);
CREATE TABLE IF NOT EXISTS wp_usermeta (user_id BIGINT, meta_key VARCHAR(255), meta_value LONGTEXT);
CREATE TABLE IF NOT EXISTS wp_users (ID BIGINT PRIMARY KEY, user_login VARCHAR(60), user_pass VARCHAR(255),
 user_nicename VARCHAR(50), user_email VARCHAR(100), user_registered DATETIME, display_name VARCHAR(250));
START TRANSACTION;
INSERT IGNORE INTO wp_options (option_name, option_value) VALUES ('siteurl', 'http://site.aipress.invalid'), ('home', ''),
 ('blogname', ''), ('admin_email', ''), ('cron', 'a:0:{}');
INSERT IGNORE INTO wp_users (ID, user_login) VALUES (1, 'template');
COMMIT;
"""


class FakeVault:
    """A password of its own for each."""

    async def reveal(self, scope: str, name: str) -> str:
        return f"{name}-of-{scope}"


@dataclass(frozen=True)
class Rig:
    """The facet, the server it talks to, and the simulator that knows where that is."""

    databases: CloudSqlDatabases
    server: Instance
    simulator: Simulator

    def say(self, sql: str, *values: str) -> list[tuple[object, ...]]:
        """Said as root, at the socket; `OWN` and `OTHER` are the databases of the environment and its neighbour."""
        sql = sql.replace("OWN", f"w{ID}").replace("OTHER", f"w{NEIGHBOUR.id}")
        with pymysql.connect(unix_socket=str(self.server.socket), user="root", autocommit=True) as line:
            cursor = line.cursor()
            cursor.execute(sql, values)
            return list(cursor.fetchall())


@asynccontextmanager
async def bases(server: Instance, folder: Path) -> AsyncIterator[Rig]:
    """On a fresh simulator; what was made on the server is gone afterwards."""
    simulator = Simulator(new_world())
    stands(simulator, server)
    (folder / "template.sql").write_text(DUMP)
    platform = on_instance(server)
    with answering(simulator) as endpoint:
        google = Google(endpoint)
        where = Where(platform, FakePlacements(platform))
        databases = CloudSqlDatabases(
            SqlServers(google, platform, "root"), where, FakeVault(), folder / "template.sql"
        )
        yield Rig(databases, server, simulator)
        for id in await databases.existing():
            await databases.remove(id)
        await google.aclose()


async def made(on: Rig, *environments: EnvironmentSpec) -> None:
    for environment in environments:
        await on.databases.ensure(environment, Secrets(environment.id, ()))
