"""What tests say to a Cloud SQL instance that is a real server."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pymysql

from gcpsim.machines.mariadb import MariaDb
from gcpsim.machines.programs import Programs
from gcpsim.wire import Json
from tests.gcpsim.servers import Google

INSTANCES = "/sqladmin/v1/projects/p/instances"
POOL = {
    "name": "pool",
    "databaseVersion": "MYSQL_8_4",
    "rootPassword": "first-root-password",
    "settings": {
        "tier": "db-f1-micro",
        "dataApiAccess": "ALLOW_DATA_API",
        "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": "projects/p/global/networks/n"},
        "databaseFlags": [{"name": "max_connections", "value": "77"}, {"name": "unheard_of", "value": "1"}],
    },
}


def mariadb(folder: Path, net: int, programs: Programs) -> MariaDb:
    return MariaDb(folder / "sql", net, programs)


def run(google: Google, sql: str, **more: object) -> Json:
    """What `executeSql` answers."""
    answer = google.say(
        "POST", f"{INSTANCES}/pool/executeSql", {"sqlStatement": sql, "autoIamAuthn": True, **more}
    )
    assert answer.status == 200, answer.body
    return answer.body or {}


def rows(answer: Json) -> list[list[str | None]]:
    """The values of the last statement's rows."""
    assert answer["status"] == {}, answer
    return [[one.get("value") for one in row["values"]] for row in answer["results"][-1]["rows"]]


@contextlib.contextmanager
def line(google: Google, user: str, password: str, *, tls: bool = True) -> Iterator[pymysql.cursors.Cursor]:
    """Connected as anyone is, over the network."""
    address = google.read(f"{INSTANCES}/pool")["ipAddresses"][0]["ipAddress"]
    way = {"ssl": {"check_hostname": False, "verify_mode": False}} if tls else {"ssl_disabled": True}
    with (
        pymysql.connect(host=address, user=user, password=password, autocommit=True, **way) as made,
        made.cursor() as sql,
    ):
        yield sql


def root(google: Google) -> str:
    """A password of root's that is right now."""
    google.done("PUT", f"{INSTANCES}/pool/users", {"password": "now"}, name="root", host="%")
    return "now"
