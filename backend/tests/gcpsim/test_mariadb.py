"""Cloud SQL with a real server behind it: where it answers, copies of databases, flags, standing still, coming back."""

import gzip

import pymysql
import pytest

from tests.gcpsim.cloud_sql import INSTANCES, POOL, line, mariadb, root, rows, run
from tests.gcpsim.running import eventually
from tests.gcpsim.servers import Google, need, own_folder, own_net, running


def test_an_instance_answers_at_the_address_its_resource_tells(cloud_sql: Google) -> None:
    shown = cloud_sql.read(f"{INSTANCES}/pool")
    assert shown["state"] == "RUNNABLE"
    assert [one["type"] for one in shown["ipAddresses"]] == ["PRIVATE"]
    assert shown["serverCaCert"]["cert"].startswith("-----BEGIN CERTIFICATE-----")
    assert "first-root-password" not in str(shown)
    with line(cloud_sql, "root", "first-root-password") as sql:
        sql.execute("SELECT @@max_connections, @@have_ssl")
        assert sql.fetchall() == ((77, "YES"),)


def test_roots_password_is_changed_by_the_api(cloud_sql: Google) -> None:
    users = f"{INSTANCES}/pool/users"
    cloud_sql.done("PUT", users, {"password": "another"}, name="root", host="%")
    with (
        pytest.raises(pymysql.err.OperationalError, match="Access denied"),
        line(cloud_sql, "root", "first-root-password"),
    ):
        pass
    with line(cloud_sql, "root", "another") as sql:
        sql.execute("SELECT 1")


def test_a_database_goes_to_a_bucket_and_comes_back(cloud_sql: Google) -> None:
    run(
        cloud_sql,
        "CREATE DATABASE w1; CREATE TABLE w1.a (b BLOB, c VARCHAR(9)); INSERT INTO w1.a VALUES (0x00ff27, 'Grüße')",
    )
    before = rows(run(cloud_sql, "SELECT HEX(b), c FROM w1.a"))
    export = {
        "exportContext": {"fileType": "SQL", "uri": "gs://copies/backups/a.sql.gz", "databases": ["w1"]}
    }
    assert "error" not in cloud_sql.done("POST", f"{INSTANCES}/pool/export", export)
    copy = cloud_sql.say("GET", "/storage/v1/b/copies/o/backups%2Fa.sql.gz", alt="media")
    assert b"CREATE DATABASE" in gzip.decompress(copy.media or b"")
    run(cloud_sql, "DROP DATABASE w1")
    back = {"importContext": {"fileType": "SQL", "uri": "gs://copies/backups/a.sql.gz"}}
    assert "error" not in cloud_sql.done("POST", f"{INSTANCES}/pool/import", back)
    assert rows(run(cloud_sql, "SELECT HEX(b), c FROM w1.a")) == before == [["00FF27", "Grüße"]]
    run(cloud_sql, "DROP DATABASE w1")


def test_a_copy_that_fails_says_so_in_its_operation(cloud_sql: Google) -> None:
    export = {"exportContext": {"fileType": "SQL", "uri": "gs://copies/no.sql", "databases": ["not_there"]}}
    assert "not_there" in str(cloud_sql.done("POST", f"{INSTANCES}/pool/export", export)["error"])
    assert cloud_sql.say("GET", "/storage/v1/b/copies/o/no.sql").status == 404
    cloud_sql.say("POST", "/upload/storage/v1/b/copies/o", name="bad.sql", uploadType="media")
    for context in ({"uri": "gs://copies/none.sql"}, {"uri": "gs://nobodys/a.sql"}):
        assert cloud_sql.say("POST", f"{INSTANCES}/pool/import", {"importContext": context}).status == 404
    assert (
        cloud_sql.say("POST", f"{INSTANCES}/pool/export", {"exportContext": {"uri": "here.sql"}}).status
        == 400
    )


def test_an_instance_copies_one_database_at_a_time(cloud_sql: Google) -> None:
    export = {"exportContext": {"fileType": "SQL", "uri": "gs://copies/b.sql", "databases": ["mysql"]}}
    with cloud_sql.world.turn:  # what ends an operation waits for the turn
        assert cloud_sql.say("POST", f"{INSTANCES}/pool/export", export).status == 200
        second = cloud_sql.say("POST", f"{INSTANCES}/pool/export", export)
    assert second.status == 409
    assert (second.body or {})["error"]["errors"][0]["reason"] == "operationInProgress"
    begun = cloud_sql.read("/sqladmin/v1/projects/p/operations")["items"][-1]
    path = f"/sqladmin/v1/projects/p/operations/{begun['name']}"
    eventually(lambda: cloud_sql.read(path)["status"] == "DONE")
    assert "error" not in cloud_sql.done("POST", f"{INSTANCES}/pool/export", export)


def test_flags_take_effect_and_lines_without_tls_are_refused_when_asked_to(cloud_sql: Google) -> None:
    settings = {
        "databaseFlags": [{"name": "max_connections", "value": "55"}],
        "ipConfiguration": {"sslMode": "ENCRYPTED_ONLY"},
    }
    cloud_sql.done("PATCH", f"{INSTANCES}/pool", {"settings": settings})
    assert rows(run(cloud_sql, "SELECT @@max_connections")) == [["55"]]
    password = root(cloud_sql)
    with pytest.raises(pymysql.err.OperationalError), line(cloud_sql, "root", password, tls=False):
        pass
    with line(cloud_sql, "root", password) as sql:
        sql.execute("SELECT 1")
    cloud_sql.done("PATCH", f"{INSTANCES}/pool", {"settings": {"ipConfiguration": {"sslMode": None}}})


def test_an_instance_stands_still_and_goes_on(cloud_sql: Google) -> None:
    cloud_sql.done("PATCH", f"{INSTANCES}/pool", {"settings": {"activationPolicy": "NEVER"}})
    asked = cloud_sql.say(
        "POST", f"{INSTANCES}/pool/executeSql", {"sqlStatement": "SELECT 1", "autoIamAuthn": True}
    )
    assert asked.status == 400
    cloud_sql.done("PATCH", f"{INSTANCES}/pool", {"settings": {"activationPolicy": "ALWAYS"}})
    assert rows(run(cloud_sql, "SELECT 1")) == [["1"]]
    cloud_sql.done("POST", f"{INSTANCES}/pool/restart")
    assert rows(run(cloud_sql, "SELECT 1")) == [["1"]]


def test_instances_come_back_with_their_data_and_go_with_all_of_it() -> None:
    need("mariadbd", "mariadb-install-db")
    with own_net() as other, own_folder() as folder:
        with running(folder, other, mariadb) as google:
            begun = google.say("POST", INSTANCES, POOL)
            assert (begun.body or {})["status"] == "RUNNING"
            assert google.say("GET", f"{INSTANCES}/pool/users").status == 409
            assert google.say("DELETE", f"{INSTANCES}/pool").status == 409
            google.done("POST", INSTANCES, {"name": "other", "databaseVersion": "POSTGRES_16"})
            eventually(lambda: google.read(f"{INSTANCES}/pool")["state"] == "RUNNABLE")
            run(google, "CREATE DATABASE kept")
        with running(folder, other, mariadb) as google:
            assert rows(run(google, "SHOW DATABASES LIKE 'kept'")) == [["kept"]]
            assert google.read(f"{INSTANCES}/pool")["ipAddresses"][0]["ipAddress"] == f"127.{other}.0.2"
            assert google.read(f"{INSTANCES}/other")["ipAddresses"] == [
                {"type": "PRIMARY", "ipAddress": "10.0.0.3"}
            ]
            google.done("DELETE", f"{INSTANCES}/pool")
            assert google.say("POST", INSTANCES, POOL).status == 409
            assert list((folder / "sql").iterdir()) == []
