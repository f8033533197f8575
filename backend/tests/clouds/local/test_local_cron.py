"""What is due is read from many databases in a moment, whatever their tenants made of them."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pymysql
import pytest
from pymysql.cursors import Cursor

from aipress.clouds.cron import Due
from aipress.clouds.local.cron import LocalCron
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.vault import SealedVault
from aipress.clouds.wordpress.agenda import due_in
from aipress.clouds.wordpress.php_values import NotSerialised
from aipress.hostd.client import Hostd
from aipress.kit.sealed import SealedStore

FULL = bool(os.environ.get("AIPRESS_PROVE"))
SITES = 1000 if FULL else 120
EVENT = 'a:1:{s:32:"40cd750bba9870f18aada2478b24840a";a:3:{s:8:"schedule";s:5:"daily";s:4:"args";a:0:{}s:8:"interval";i:86400;}}'
OPTION = f'a:3:{{i:1000;a:2:{{s:4:"tidy";{EVENT}s:7:"publish";{EVENT}}}i:2000;a:1:{{s:5:"later";{EVENT}}}s:7:"version";i:2;}}'
BEFORE, THEN = datetime.fromtimestamp(999, UTC), datetime.fromtimestamp(1500, UTC)
SINCE = datetime.fromtimestamp(1000, UTC)
TABLE = (
    "CREATE TABLE {}.wp_options (option_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, option_name varchar(191) NOT NULL,"
    " option_value longtext NOT NULL, autoload varchar(20) NOT NULL DEFAULT 'yes', UNIQUE KEY option_name (option_name))"
)


@pytest.fixture(scope="module")
def sql(mariadb: Path) -> Iterator[Cursor]:
    with pymysql.connect(unix_socket=str(mariadb), user="root", autocommit=True) as connection:
        yield connection.cursor()


@pytest.fixture(scope="module")
def ids(sql: Cursor) -> Iterator[list[str]]:
    """Databases with nothing but an agenda, which is enough to be asked."""
    ids = [f"c{number:011x}" for number in range(SITES)]
    for id in ids:
        sql.execute(f"CREATE DATABASE w{id}")
        sql.execute(TABLE.format(f"w{id}"))
        sql.execute(
            f"INSERT INTO w{id}.wp_options (option_name, option_value) VALUES ('a', 'b'), ('cron', %s)",  # noqa: S608
            (OPTION,),
        )
    yield ids
    for id in ids:
        sql.execute(f"DROP DATABASE IF EXISTS w{id}")


@pytest.fixture
def cron(mariadb: Path, tmp_path: Path) -> LocalCron:
    vault = SealedVault(SealedStore(tmp_path, tmp_path / "master.key"))
    return LocalCron(MariaDatabases(mariadb, "root", tmp_path, vault), Hostd(tmp_path / "nobody.sock"))


async def test_a_round_with_nothing_due_costs_next_to_nothing(cron: LocalCron, ids: list[str]) -> None:
    await cron.due(ids, BEFORE)
    before = time.process_time()
    assert await cron.due(ids, BEFORE) == {}
    spent = time.process_time() - before
    assert spent < SITES / 1000, f"{spent:.3f} s of processor time for {SITES} sites"
    assert cron.lag() == dict.fromkeys(ids, 0.0)


async def test_what_is_due_is_told_with_how_late_it_is(cron: LocalCron, ids: list[str]) -> None:
    due = await cron.due(ids[:3], THEN)
    assert due == {id: [Due("tidy", SINCE), Due("publish", SINCE)] for id in ids[:3]}
    assert cron.lag() == dict.fromkeys(ids[:3], 500.0)


HOSTILE = {
    "no table": "DROP TABLE {}.wp_options",
    "no database": "DROP DATABASE {}",
    "too long": "UPDATE {}.wp_options SET option_value = REPEAT('a', 1000001) WHERE option_name = 'cron'",
    "no index": "ALTER TABLE {}.wp_options DROP KEY option_name",
    "rubbish": "UPDATE {}.wp_options SET option_value = 'rubbish' WHERE option_name = 'cron'",
    "no such column": "ALTER TABLE {}.wp_options CHANGE option_value other longtext",
    "a view": "CREATE OR REPLACE SQL SECURITY INVOKER VIEW {}.wp_options AS SELECT * FROM {}.x",
    "locked": "LOCK TABLES {}.wp_options WRITE",
}


async def test_no_site_keeps_the_others_from_being_asked(
    cron: LocalCron, ids: list[str], mariadb: Path, sql: Cursor
) -> None:
    theirs = dict(zip(HOSTILE, ids[10:], strict=False))
    sql.execute(f"RENAME TABLE w{theirs['a view']}.wp_options TO w{theirs['a view']}.x")
    with pymysql.connect(unix_socket=str(mariadb), user="root", autocommit=True) as held:
        for what, id in theirs.items():
            held.cursor().execute(HOSTILE[what].replace("{}", f"w{id}"))
        began = time.monotonic()
        due = await cron.due(ids, THEN)
        took = time.monotonic() - began
    assert set(ids) - set(due) == set(theirs.values())
    assert took < 20, "nobody's lock was waited for"


async def test_a_view_in_a_tables_place_does_nothing_in_our_name(
    cron: LocalCron, ids: list[str], sql: Cursor
) -> None:
    """Whoever reads such a view lends it their rights: here, those to every database."""
    hers, other = f"w{ids[30]}", f"w{ids[31]}"
    sql.execute(f"RENAME TABLE {hers}.wp_options TO {hers}.x")
    sql.execute(
        f"CREATE SQL SECURITY INVOKER VIEW {hers}.wp_options AS SELECT option_id, option_name, autoload,"  # noqa: S608
        f" (SELECT option_value FROM {other}.wp_options WHERE option_name = 'cron') AS option_value FROM {hers}.x"
    )
    sql.execute(f"SELECT option_value FROM {hers}.wp_options WHERE option_name = 'cron'")  # noqa: S608
    assert sql.fetchall() == ((OPTION,),), "read as a table it would tell what is another's"
    assert set(await cron.due(ids[30:32], THEN)) == {ids[31]}


@pytest.mark.parametrize(
    ("option", "hooks"),
    [
        ('a:1:{s:7:"version";i:2;}', []),
        (OPTION, ["tidy", "publish"]),
        ('a:1:{i:-5;a:1:{s:1:"x";a:0:{}}}', []),
        ('a:1:{i:7;s:1:"x";}', []),
        ('a:2:{i:9000;a:0:{}i:1;a:1:{s:1:"x";a:0:{}}}', []),
        ("a:1:{i:7;a:1:{i:3;a:0:{}}}", ["3"]),
    ],
)
def test_an_agenda_is_read_as_wordpress_reads_it(option: str, hooks: list[str]) -> None:
    assert [one.hook for one in due_in(option, THEN)] == hooks


def test_what_is_no_agenda_is_refused() -> None:
    for text in ("", "b:0;", 'a:1:{i:7;O:1:"A"', 'O:8:"stdClass":0:{}'):
        with pytest.raises(NotSerialised):
            due_in(text, THEN)
