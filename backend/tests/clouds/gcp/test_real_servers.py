"""The SQL and the cache rule on real servers: what a tenant's user may not reach there, it does not reach.

MariaDB and Redis stand in for MySQL and Valkey, whose grants and rules are the same in this.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymysql
import pytest
import redis

from aipress.clouds.gcp import caches, databases
from tests.clouds.gcp.rig import ENVIRONMENT, ID
from tests.clouds.local import rig

NEIGHBOUR = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other")
PASSWORD = "a-password_of-ours"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Short, since sockets lie in it, and open to any user."""
    with rig.short_home() as place:
        yield place


@pytest.fixture(scope="module")
def mariadb(home: Path) -> Iterator[Path]:
    """With the databases of two tenants, each statement said twice, as a step may."""
    with rig.mariadb(home / "m") as socket:
        for environment in (ENVIRONMENT, NEIGHBOUR):
            say(socket, "root", *databases.made(environment, PASSWORD) * 2)
            name = databases.database_of(environment).name
            say(socket, "root", databases.Statement(f"CREATE TABLE {name}.wp_options (a INT)"))
        yield socket


def say(socket: Path, user: str, *statements: databases.Statement) -> list[tuple[object, ...]]:
    """What the last one finds."""
    password = "" if user == "root" else PASSWORD
    with (
        pymysql.connect(unix_socket=str(socket), user=user, password=password, autocommit=True) as line,
        line.cursor() as sql,
    ):
        for statement in statements:
            sql.execute(statement.sql, statement.values)
        return list(sql.fetchall())


@pytest.fixture(scope="module")
def without_tls(mariadb: Path) -> Path:
    """The same users let in at the socket, which knows no TLS."""
    for environment in (ENVIRONMENT, NEIGHBOUR):
        user = databases.database_of(environment).user
        say(mariadb, "root", databases.Statement(f"ALTER USER '{user}'@'%%' REQUIRE NONE"))
    return mariadb


def test_nobody_comes_in_without_tls(mariadb: Path) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="Access denied"):
        say(mariadb, f"w{ID}", databases.Statement("SELECT 1"))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM wba9876543210.wp_options",
        "DROP DATABASE wba9876543210",
        "CREATE TABLE wba9876543210.a (a INT)",
        "SELECT user FROM mysql.user",
        "CREATE USER b",
        "CREATE DATABASE b",
        "GRANT SELECT ON w0123456789ab.* TO 'wba9876543210'@'%%'",
        "SELECT LOAD_FILE('/etc/passwd') FROM w0123456789ab.wp_options INTO OUTFILE '/tmp/a'",
    ],
)
def test_pitfall_02_a_tenants_user_reaches_its_own_database_alone(without_tls: Path, sql: str) -> None:
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        say(without_tls, f"w{ID}", databases.Statement(sql))


def test_it_does_what_wordpress_does_in_its_own(without_tls: Path) -> None:
    own = (
        "INSERT INTO w0123456789ab.wp_options VALUES (1)",
        "ALTER TABLE w0123456789ab.wp_options ADD b INT",
        "SELECT a FROM w0123456789ab.wp_options",
    )
    assert say(without_tls, f"w{ID}", *map(databases.Statement, own)) == [(1,)]
    shown = {str(row[0]) for row in say(without_tls, f"w{ID}", databases.Statement("SHOW DATABASES"))}
    assert shown == {"information_schema", f"w{ID}"}


def test_what_is_removed_is_gone_and_the_neighbour_is_not(without_tls: Path) -> None:
    third = replace(ENVIRONMENT, id="f" * 12)
    say(without_tls, "root", *databases.made(third, PASSWORD), *databases.removed(third.id) * 2)
    with pytest.raises(pymysql.err.OperationalError, match="denied"):
        say(without_tls, "w" + "f" * 12, databases.Statement("SELECT 1"))
    assert say(
        without_tls, "wba9876543210", databases.Statement("SELECT COUNT(*) FROM wba9876543210.wp_options")
    ) == [(0,)]


@pytest.fixture(scope="module")
def cache(home: Path) -> Iterator[redis.Redis]:
    """A Redis with the rules of two tenants; its administrator's line."""
    path = home / "r.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(home)]
    with rig.running(subprocess.Popen(command, stdout=subprocess.DEVNULL)):
        rig.wait_for(path.exists)
        admin = redis.Redis(unix_socket_path=str(path), decode_responses=True)
        for environment in (ENVIRONMENT, NEIGHBOUR):
            rule = caches.rule(environment, PASSWORD)
            admin.execute_command("ACL", "SETUSER", rule["username"], "reset", *str(rule["rule"]).split())
        admin.set("wba9876543210:key", "theirs")
        yield admin
        admin.close()


def test_a_cache_user_reaches_its_own_keys_alone(cache: redis.Redis, home: Path) -> None:
    with redis.Redis(
        unix_socket_path=str(home / "r.sock"), username=f"w{ID}", password=PASSWORD, decode_responses=True
    ) as own:
        own.set(f"w{ID}:key", "mine", ex=60)
        assert own.get(f"w{ID}:key") == "mine"
        for words in (
            ("GET", "wba9876543210:key"),
            ("SET", "wba9876543210:key", "x"),
            ("MGET", f"w{ID}:key", "wba9876543210:key"),
            ("RENAME", f"w{ID}:key", "other"),
            ("FLUSHALL",),
            ("FLUSHDB",),
            ("KEYS", "*"),
            ("SCAN", "0"),
            ("SELECT", "1"),
            ("CONFIG", "GET", "*"),
            ("ACL", "LIST"),
            ("EVAL", "return 1", "0"),
            ("SUBSCRIBE", "wba9876543210:x"),
        ):
            with pytest.raises(redis.exceptions.NoPermissionError):
                own.execute_command(*words)
    assert cache.get("wba9876543210:key") == "theirs"
