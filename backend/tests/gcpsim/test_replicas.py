"""Replicas of Cloud SQL that really replicate: filled, followed, read, kept over a restart, promoted."""

import contextlib
from collections.abc import Iterator

import pymysql
import pytest

from tests.gcpsim.cloud_sql import INSTANCES, POOL, mariadb
from tests.gcpsim.running import eventually
from tests.gcpsim.servers import Google, need, own_folder, own_net, running

LOGGED = {
    **POOL,
    "settings": {
        **POOL["settings"],
        "backupConfiguration": {"enabled": True, "binaryLogEnabled": True},
        "ipConfiguration": {**POOL["settings"]["ipConfiguration"], "sslMode": "ENCRYPTED_ONLY"},
    },
}
REPLICA = {"name": "replica", "masterInstanceName": "pool", "settings": {"tier": "db-f1-micro"}}
WORDPRESS = ("w1", "a-password-of-w1")


@contextlib.contextmanager
def line(google: Google, instance: str, user: tuple[str, str]) -> Iterator[pymysql.cursors.Cursor]:
    address = google.read(f"{INSTANCES}/{instance}")["ipAddresses"][0]["ipAddress"]
    way = {"ssl": {"check_hostname": False, "verify_mode": False}}
    with (
        pymysql.connect(host=address, user=user[0], password=user[1], autocommit=True, **way) as made,
        made.cursor() as sql,
    ):
        yield sql


def said(
    google: Google, instance: str, sql: str, user: tuple[str, str] = WORDPRESS
) -> list[tuple[object, ...]]:
    with line(google, instance, user) as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def follows(google: Google, count: int) -> None:
    eventually(lambda: said(google, "replica", "SELECT COUNT(*) FROM w1.posts") == [(count,)])


def begin(google: Google, root: tuple[str, str]) -> None:
    """What the primary has before there is a replica."""
    for sql in (
        "CREATE DATABASE w1",
        "CREATE TABLE w1.posts (id INT PRIMARY KEY, title VARCHAR(20))",
        "INSERT INTO w1.posts VALUES (1, 'Grüße')",
    ):
        said(google, "pool", sql, root)


def takes_no_writes(google: Google, root: tuple[str, str]) -> None:
    for user in (WORDPRESS, root):
        with pytest.raises(pymysql.err.OperationalError, match="read-only"):
            said(google, "replica", "INSERT INTO w1.posts VALUES (3, 'c')", user)


def test_a_replica_follows_its_primary_over_restarts_until_it_is_promoted() -> None:
    need("mariadbd", "mariadb-install-db", "mariadb-dump")
    root = ("root", str(POOL["rootPassword"]))
    with own_net() as net, own_folder() as folder:
        with running(folder, net, mariadb) as google:
            assert "error" not in google.done("POST", INSTANCES, LOGGED)
            begin(google, root)
            assert "error" not in google.done("POST", INSTANCES, REPLICA)
            assert google.read(f"{INSTANCES}/replica")["state"] == "RUNNABLE"
            for sql in (
                f"CREATE USER w1@'%' IDENTIFIED BY '{WORDPRESS[1]}'",
                "GRANT SELECT, INSERT ON w1.* TO w1@'%'",
            ):
                said(google, "pool", sql, root)
            said(google, "pool", "INSERT INTO w1.posts VALUES (2, 'b')", root)
            eventually(lambda: _counts(google) == 2)
            assert said(google, "replica", "SELECT title FROM w1.posts WHERE id = 1") == [("Grüße",)]
            takes_no_writes(google, root)
            assert google.say("DELETE", f"{INSTANCES}/pool").status == 400
            listed = [one["name"] for one in google.read(f"{INSTANCES}/replica/users")["items"]]
            assert sorted(listed) == ["root", "w1"]
            begun = google.world.store.get("sqladmin/projects/p/instances/replica")
            assert begun
            begun.content["state"] = (
                "PENDING_CREATE"  # as if the simulator had been killed while it was filled
            )
        with running(folder, net, mariadb) as google:
            assert google.read(f"{INSTANCES}/replica")["state"] == "RUNNABLE"
            said(google, "pool", "INSERT INTO w1.posts VALUES (3, 'c')", root)
            follows(google, 3)
            google.done("POST", f"{INSTANCES}/pool/restart")
            said(google, "pool", "INSERT INTO w1.posts VALUES (4, 'd')", root)
            follows(google, 4)
            assert "error" not in google.done("POST", f"{INSTANCES}/replica/promoteReplica")
            said(google, "replica", "INSERT INTO w1.posts VALUES (5, 'e')")
            assert said(google, "pool", "SELECT COUNT(*) FROM w1.posts") == [(4,)]
            google.done("DELETE", f"{INSTANCES}/pool")
            google.done("DELETE", f"{INSTANCES}/replica")
            assert list((folder / "sql").iterdir()) == []


def _counts(google: Google) -> int:
    """How much of what was made is there; 0 as long as its user is not."""
    try:
        return int(str(said(google, "replica", "SELECT COUNT(*) FROM w1.posts")[0][0]))
    except pymysql.err.OperationalError:
        return 0
