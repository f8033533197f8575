"""Users, databases and statements of Cloud SQL with a real server behind it, and what must not be reached."""

from dataclasses import replace

import pymysql
import pytest

from aipress.clouds.gcp import databases
from gcpsim.machines.mariadb.flags import mapped
from tests.clouds.gcp.rig import ENVIRONMENT
from tests.gcpsim.cloud_sql import INSTANCES, line, root, rows, run
from tests.gcpsim.servers import Google

PASSWORD = "a-password_of-ours"


def test_databases_and_users_made_by_either_way_are_the_same(cloud_sql: Google) -> None:
    told = {"name": "shop", "charset": "utf8mb4", "collation": "utf8mb4_0900_ai_ci"}
    cloud_sql.done("POST", f"{INSTANCES}/pool/databases", told)
    assert rows(run(cloud_sql, "SHOW DATABASES LIKE 'shop'")) == [["shop"]]
    run(cloud_sql, "CREATE DATABASE beside; CREATE USER walker IDENTIFIED BY 'w'")
    shown = cloud_sql.read(f"{INSTANCES}/pool/databases")["items"]
    names = {one["name"]: one["collation"] for one in shown if "collation" in one}
    assert names["shop"] == "utf8mb4_0900_ai_ci"
    assert names["beside"].startswith("utf8mb4")
    assert cloud_sql.say("POST", f"{INSTANCES}/pool/databases", {"name": "beside"}).status == 409
    users = {one["name"] for one in cloud_sql.read(f"{INSTANCES}/pool/users")["items"]}
    assert users == {"root", "walker"}
    path = f"{INSTANCES}/pool/databases/beside"
    cloud_sql.done("PATCH", path, {"charset": "latin1", "collation": "latin1_swedish_ci"})
    schemata = (
        "SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'beside'"
    )
    assert rows(run(cloud_sql, schemata)) == [["latin1"]]
    cloud_sql.done("POST", f"{INSTANCES}/pool/users", {"name": "near", "host": "localhost", "password": "n"})
    assert cloud_sql.read(f"{INSTANCES}/pool/users/near", host="localhost")["host"] == "localhost"
    cloud_sql.done("DELETE", f"{INSTANCES}/pool/users", name="near", host="localhost")
    cloud_sql.done("DELETE", f"{INSTANCES}/pool/users", name="walker", host="%")
    run(cloud_sql, "DROP DATABASE beside")
    cloud_sql.done("DELETE", f"{INSTANCES}/pool/databases/shop")
    left = {one["name"] for one in cloud_sql.read(f"{INSTANCES}/pool/databases")["items"]}
    assert left == {"information_schema", "mysql", "performance_schema", "sys"}
    assert rows(run(cloud_sql, "SELECT User FROM mysql.user WHERE User = 'walker'")) == []


def test_pitfall_02_a_user_of_the_api_reads_every_tenants_database_and_one_made_by_sql_its_own(
    cloud_sql: Google,
) -> None:
    neighbour = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other")
    for environment in (ENVIRONMENT, neighbour):
        with line(cloud_sql, "root", root(cloud_sql)) as sql:
            for statement in databases.made(environment, PASSWORD):
                sql.execute(statement.sql, statement.values)
            sql.execute(f"CREATE TABLE {databases.database_of(environment).name}.wp_options (a INT)")
    theirs = databases.database_of(neighbour).name
    cloud_sql.done("POST", f"{INSTANCES}/pool/users", {"name": "careless", "password": "c"})
    with line(cloud_sql, "careless", "c") as sql:
        assert sql.execute(f"SHOW COLUMNS FROM {theirs}.wp_options") == 1
        sql.execute(f"DROP TABLE {theirs}.wp_options")
    own = databases.database_of(ENVIRONMENT).user
    with line(cloud_sql, own, PASSWORD) as sql:
        assert sql.execute(f"SHOW COLUMNS FROM {own}.wp_options") == 1
        with pytest.raises(pymysql.err.OperationalError, match="denied"):
            sql.execute(f"SHOW TABLES FROM {theirs}")
    with (
        pytest.raises(pymysql.err.OperationalError, match="Access denied"),
        line(cloud_sql, own, PASSWORD, tls=False),
    ):
        pass
    cloud_sql.done("DELETE", f"{INSTANCES}/pool/users", name="careless")
    for environment in (ENVIRONMENT, neighbour):
        for statement in databases.removed(environment.id):
            assert run(cloud_sql, statement.sql.replace("%%", "%"))["status"] == {}


def test_a_user_with_roles_has_no_other_rights(cloud_sql: Google) -> None:
    run(
        cloud_sql,
        "CREATE DATABASE one; CREATE TABLE one.a (i INT); CREATE ROLE reader; GRANT SELECT ON one.* TO reader",
    )
    told = {"name": "guest", "password": "g", "databaseRoles": ["reader"]}
    cloud_sql.done("POST", f"{INSTANCES}/pool/users", told)
    with line(cloud_sql, "guest", "g") as sql:
        assert sql.execute("SELECT * FROM one.a") == 0
        with pytest.raises(pymysql.err.OperationalError, match="denied"):
            sql.execute("CREATE TABLE one.b (i INT)")
    refused = cloud_sql.say(
        "POST", f"{INSTANCES}/pool/users", {**told, "name": "x", "databaseRoles": ["nobody"]}
    )
    assert refused.status == 400
    run(cloud_sql, "DROP USER guest; DROP ROLE reader; DROP DATABASE one")


def test_statements_say_what_they_find_and_what_was_wrong(cloud_sql: Google) -> None:
    told = run(
        cloud_sql,
        "CREATE DATABASE t; CREATE TABLE t.a (i INT, b BLOB); INSERT INTO t.a VALUES (1, NULL), (2, 'x'); SELECT * FROM t.a",
    )
    assert told["results"][2] == {"message": "Query OK, 2 rows affected"}
    assert told["results"][3]["columns"] == [{"name": "i", "type": "INT"}, {"name": "b", "type": "BLOB"}]
    assert told["results"][3]["rows"][0] == {"values": [{"value": "1"}, {"nullValue": True}]}
    assert rows(run(cloud_sql, "SELECT i FROM a ORDER BY i", database="t", rowLimit="1")) == [["1"]]
    wrong = run(cloud_sql, "SELECT 1; SELECT * FROM t.none")
    assert wrong["results"] == []
    assert "1146" in wrong["status"]["message"]
    part = run(cloud_sql, "SELECT 1; SELECT * FROM t.none", partialResultMode="ALLOW_PARTIAL_RESULT")
    assert len(part["results"]) == 1
    assert part["status"]["code"] == 3
    assert run(cloud_sql, "SELECT LOAD_FILE('/etc/hostname') INTO OUTFILE '/tmp/a'")["status"] != {}
    run(cloud_sql, "DROP DATABASE t")


def test_statements_run_as_the_user_whose_password_is_in_a_secret(cloud_sql: Google) -> None:
    secrets = "/secretmanager/v1/projects/p/secrets"
    cloud_sql.say("POST", secrets, {"replication": {"automatic": {}}}, secretId="db")
    cloud_sql.say("POST", f"{secrets}/db:addVersion", {"payload": {"data": "aHVudGVyMg=="}})
    run(cloud_sql, "CREATE USER secretive IDENTIFIED BY 'hunter2' REQUIRE SSL")
    asked = {
        "autoIamAuthn": False,
        "user": "secretive",
        "passwordSecretVersion": "projects/p/secrets/db/versions/1",
    }
    assert rows(run(cloud_sql, "SELECT CURRENT_USER()", **asked)) == [["secretive@%"]]
    run(cloud_sql, "ALTER USER secretive IDENTIFIED BY 'another'")
    assert "Access denied" in run(cloud_sql, "SELECT 1", **asked)["status"]["message"]
    asked["passwordSecretVersion"] = "projects/p/secrets/db/versions/2"
    refused = cloud_sql.say("POST", f"{INSTANCES}/pool/executeSql", {"sqlStatement": "SELECT 1", **asked})
    assert refused.status == 400
    nobody = cloud_sql.say("POST", f"{INSTANCES}/pool/executeSql", {"sqlStatement": "SELECT 1"})
    assert nobody.status == 400
    run(cloud_sql, "DROP USER secretive")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("utf8mb4_0900_ai_ci", "utf8mb4_unicode_520_ci"),
        ("utf8mb4_de_pb_0900_as_cs", "utf8mb4_bin"),
        ("CREATE TABLE a (b TEXT COLLATE utf8mb4_0900_bin)", "CREATE TABLE a (b TEXT COLLATE utf8mb4_bin)"),
        ("utf8mb4_unicode_ci", "utf8mb4_unicode_ci"),
    ],
)
def test_mysqls_own_collations_are_said_as_ones_that_both_have(said: str, meant: str) -> None:
    assert mapped(said) == meant
