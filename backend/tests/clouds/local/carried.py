"""Two environments on a real MariaDB, one of which has whatever a tenant may have in its database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pymysql

from aipress.clouds.base import EnvironmentSpec, Identity
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.vault import SealedVault
from aipress.kit.sealed import SealedStore, ensure_master_key

HERE = EnvironmentSpec("abcdef000011", 11, "ten_here", "here")
THERE = replace(HERE, id="abcdef000012", number=12, slug="there")
EVERYTHING = (
    "CREATE TABLE times (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, never datetime DEFAULT '0000-00-00', d date,"
    + " at timestamp NULL) AUTO_INCREMENT=4711",
    "INSERT INTO times (never, d, at) VALUES ('0000-00-00', '2026-00-31', '2026-03-29 02:30:00'), ('1000-01-01', NULL, NULL)",
    "CREATE TABLE bytes (id int PRIMARY KEY, small varbinary(40), big longblob, few bit(7), text text, word varchar(40), fix char(9))",
    "INSERT INTO bytes VALUES (3, NULL, NULL, NULL, NULL, NULL, NULL), (2, '', '', b'0', '', '🍞', '')",
    "INSERT INTO bytes VALUES (1, 0x00FF5C27, CONCAT(REPEAT(0x00, 70000), 0x0A1A), b'1010101', '🥐 \\\\ '' \\n\\0 end', '', 'a')",
    "CREATE TABLE sums (a decimal(20,6), b double, c float, d int GENERATED ALWAYS AS (a * 2) STORED, e int AS (a + 1) VIRTUAL)",
    "INSERT INTO sums (a, b, c) VALUES (1.5, 1.1e300, 3.25), (1.5, 1.1e300, 3.25), (-0.000001, -0.1, NULL)",
    "CREATE TABLE aria (a int PRIMARY KEY, b text) ENGINE=Aria PAGE_CHECKSUM=1 ROW_FORMAT=PAGE COMMENT='x ROW_FORMAT=PAGE ''y'",
    "INSERT INTO aria VALUES (1, 'one')",
    "CREATE TABLE isam (a int, FULLTEXT (b), b text) ENGINE=MyISAM PACK_KEYS=1 MAX_ROWS=99",
    "INSERT INTO isam VALUES (1, 'one'), (1, 'one')",
    "CREATE TABLE `we``ird -- %s ; \\!` (`a b``c` int, `%d` text CHARACTER SET latin1, j json)",
    "INSERT INTO `we``ird -- %s ; \\!` VALUES (1, 'Bücher', '{\"a\": \"\\\\u00fc\"}')",
    "CREATE TABLE told (a int, b text DEFAULT 'it''s \\\\ \\n so', c longtext NOT NULL DEFAULT '', d varchar(9) DEFAULT 'x')",
    "INSERT INTO told (a) VALUES (1)",
    "CREATE TABLE parents (id int PRIMARY KEY)",
    "CREATE TABLE children (id int, FOREIGN KEY (id) REFERENCES parents (id))",
    "INSERT INTO parents VALUES (5)",
    "INSERT INTO children VALUES (5), (5)",
    "CREATE TABLE made (id int PRIMARY KEY AUTO_INCREMENT, a int, twice int AS (a * 2) STORED, KEY (twice), FOREIGN KEY (a) REFERENCES"
    + " parents (id)) AUTO_INCREMENT=30",
    "INSERT INTO made (a) VALUES (5), (NULL)",
    "CREATE FUNCTION doubled(n int) RETURNS int DETERMINISTIC BEGIN DECLARE m int; SET m = n * 2; RETURN m; END",
    "CREATE VIEW b_view AS SELECT id FROM parents",
    "CREATE VIEW a_view AS SELECT doubled(id) AS twice, 'ü' AS word FROM b_view",
    "CREATE TRIGGER counted BEFORE INSERT ON parents FOR EACH ROW SET NEW.id = NEW.id + 1000",
    "CREATE PROCEDURE bake() BEGIN INSERT INTO parents VALUES (1); DELETE FROM children; END",
)


class Server:
    """A MariaDB with two environments, and what people say to it."""

    def __init__(self, socket: Path, databases: MariaDatabases) -> None:
        self.socket, self.databases = socket, databases

    def line(self, id: str, as_root: bool = False) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """A connection of WordPress's own, or the administrator's, to that environment's database."""
        user, password = (
            ("root", "") if as_root else (f"w{id}", self.databases.vault.reveal(id, "DB_PASSWORD"))
        )
        return pymysql.connect(
            unix_socket=str(self.socket),
            user=user,
            password=password,
            database=f"w{id}",
            autocommit=True,
            charset="utf8mb4",
        )

    def say(self, id: str, *statements: str, as_root: bool = False) -> list[tuple[object, ...]]:
        with self.line(id, as_root) as line, line.cursor() as sql:
            for statement in statements:
                sql.execute(statement)
            return list(sql.fetchall())


@asynccontextmanager
async def two_sites(socket: Path, template: Path, folder: Path) -> AsyncIterator[Server]:
    """Gone afterwards."""
    key = folder / "master.key"
    ensure_master_key(key)
    vault = SealedVault(SealedStore(folder, key))
    databases = MariaDatabases(socket, "root", template, vault)
    for env in (HERE, THERE):
        made = await databases.ensure(env, await vault.ensure(env))
        await databases.introduce(made, Identity(env.slug, f"http://{env.slug}.test", "a@example.com", "Ann"))
    yield Server(socket, databases)
    for env in (HERE, THERE):
        await databases.remove(env.id)
