"""A WordPress over a primary and a replica of MariaDB, both real, and a plugin that says which of them answers."""

import contextlib
import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pymysql
from pymysql.constants import CLIENT

from aipress.clouds.local.content import PLATFORM_FILES, ensure_content
from aipress.clouds.wordpress import introducing
from tests.clouds.local import rig
from tests.clouds.local.environment import SALTS, import_dump

PRIMARY, REPLICA = 1, 2
POST = (
    "INSERT INTO wp_posts (post_title, post_status, post_type, comment_status, post_date, post_date_gmt, post_modified, post_modified_gmt,"
    " post_content, post_excerpt, to_ping, pinged, post_content_filtered)"
    " VALUES ('Bread', 'publish', 'post', 'open', NOW(), NOW(), NOW(), NOW(), '', '', '', '', '')"
)
PROBE = """<?php
/* Plugin Name: probe */
add_action( 'plugins_loaded', function () {
	global $wpdb;
	if ( ! isset( $_GET['probe'] ) ) {
		return;
	}
	$steps = array(
		'read'       => fn() => (int) $wpdb->get_var( "SELECT variable_value FROM information_schema.global_variables WHERE variable_name = 'SERVER_ID'" ),
		'write'      => fn() => $wpdb->query( "UPDATE wp_options SET option_value = option_value + 1 WHERE option_name = 'probed'" ),
		'begin'      => fn() => $wpdb->query( 'START TRANSACTION' ),
		'commit'     => fn() => $wpdb->query( 'COMMIT' ),
		'probed'     => fn() => (int) $wpdb->get_var( "SELECT option_value FROM wp_options WHERE option_name = 'probed'" ),
		'slow'       => fn() => (int) $wpdb->get_var( "SELECT COUNT(*) FROM wp_options WHERE SLEEP( 0.01 ) = 0" ) > 100,
		'show'       => fn() => $wpdb->query( 'SHOW TABLES' ) > 0,
		'for_update' => fn() => (int) $wpdb->get_var( "SELECT variable_value FROM information_schema.global_variables WHERE variable_name = 'SERVER_ID' FOR UPDATE" ),
		'variable'   => fn() => (int) $wpdb->get_var( 'SELECT @@server_id' ),
		'lock'       => fn() => (int) $wpdb->get_var( "SELECT GET_LOCK('probe', 1)" ),
		'wrong'      => fn() => $wpdb->query( 'SELECT nothing FROM nowhere' ),
		'counting'   => fn() => $wpdb->query( 'SELECT SQL_CALC_FOUND_ROWS option_id FROM wp_options LIMIT 1' ),
		'found'      => fn() => (int) $wpdb->get_var( 'SELECT FOUND_ROWS()' ),
		'options'    => fn() => (int) $wpdb->get_var( 'SELECT COUNT(*) FROM wp_options' ),
	);
	$wpdb->suppress_errors();
	wp_send_json( array_map( fn( $step ) => $steps[ $step ](), explode( ',', $_GET['probe'] ) ) );
} );
"""


@dataclass(frozen=True)
class Pair:
    """Sockets of both, where root needs no password, and their ports."""

    sockets: tuple[Path, Path]
    ports: tuple[int, int]

    def say(self, server: int, sql: str, *values: str) -> list[tuple[object, ...]]:
        with pymysql.connect(
            unix_socket=str(self.sockets[server - 1]), user="root", autocommit=True, database="wsite"
        ) as line:
            cursor = line.cursor()
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def follow(self) -> None:
        """Let the replica take what the primary has, and wait until it did."""
        self.say(REPLICA, "START SLAVE")
        ((here,),) = self.say(PRIMARY, "SELECT @@gtid_binlog_pos")
        ((late,),) = self.say(REPLICA, "SELECT MASTER_GTID_WAIT(%s, 30)", str(here))
        assert late == 0


@contextlib.contextmanager
def servers() -> Iterator[Pair]:
    """Both, the replica following the primary, with the user and the empty database of a site."""
    ports = rig.free_port(), rig.free_port()
    with contextlib.ExitStack() as running:
        homes = [running.enter_context(rig.short_home()) for _ in ports]
        sockets = [
            running.enter_context(rig.mariadb(home / "m", *_options(number, port)))
            for number, (home, port) in enumerate(zip(homes, ports, strict=True), 1)
        ]
        with pymysql.connect(unix_socket=str(sockets[0]), user="root", autocommit=True) as line:
            sql = line.cursor()
            sql.execute("CREATE USER f@'%' IDENTIFIED BY 'f'")
            sql.execute("GRANT REPLICATION SLAVE ON *.* TO f@'%'")
            sql.execute("CREATE DATABASE wsite CHARACTER SET utf8mb4")
            sql.execute("CREATE USER wsite@'%' IDENTIFIED BY 'w'")
            sql.execute("GRANT ALL ON wsite.* TO wsite@'%'")
        made = Pair((sockets[0], sockets[1]), ports)
        with pymysql.connect(unix_socket=str(sockets[1]), user="root", autocommit=True) as line:
            where = f"MASTER_HOST = '127.0.0.1', MASTER_PORT = {ports[0]}, MASTER_CONNECT_RETRY = 1"
            line.cursor().execute(
                f"CHANGE MASTER TO {where}, MASTER_USER = 'f', MASTER_PASSWORD = 'f', MASTER_USE_GTID = slave_pos"
            )
            line.cursor().execute("START SLAVE")
        yield made


def _options(number: int, port: int) -> tuple[str, ...]:
    log = ("--log-bin=b", "--binlog-format=ROW") if number == PRIMARY else ("--skip-log-bin", "--read-only")
    return (
        f"--port={port}",
        "--bind-address=127.0.0.1",
        f"--server-id={number}",
        "--skip-name-resolve",
        *log,
    )


@dataclass(frozen=True)
class Site:
    """A WordPress, one process of PHP's own web server; what it prints is in `log`."""

    pair: Pair
    url: str
    tmp: Path
    log: Path

    def get(self, path: str, **how: dict[str, str]) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", timeout=60, trust_env=False, **how)  # type: ignore[arg-type]

    def probe(self, steps: str, **how: dict[str, str]) -> list[int]:
        answer = self.get(f"/?probe={steps}", **how)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def complaints(self) -> list[dict[str, str]]:
        told = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [one for line in told if "replica" in (one := json.loads(line))["message"]]


@contextlib.contextmanager
def wordpress(pair: Pair, core: Path, dump: Path) -> Iterator[Site]:
    """A site on the primary, and the replica has another title."""
    with rig.short_home() as home:
        port = rig.free_port()
        url = f"http://127.0.0.1:{port}"
        _fill(pair, url, dump)
        content, log = home / "content", home / "log"
        ensure_content(content, core, core, (0, 0))
        (content / "db.php").write_text((PLATFORM_FILES / "drop-ins/db.php").read_text())
        (content / "plugins/probe.php").write_text(PROBE)
        (home / "tmp").mkdir()
        told = {**_told(pair, content), "TMPDIR": str(home / "tmp")}
        command = ["php", "-d", "variables_order=EGPCS", "-S", f"127.0.0.1:{port}", "-t", str(core)]
        with (
            log.open("wb") as printed,
            rig.running(subprocess.Popen(command, env=told, stdout=printed, stderr=printed)),
        ):
            rig.wait_for(lambda: rig.answers(port))
            made = Site(pair, url, home / "tmp", log)
            pair.follow()
            made.get("/")  # leaves the first mark
            pair.follow()
            title = "UPDATE wp_options SET option_value = 'From the replica' WHERE option_name = 'blogname'"
            pair.say(REPLICA, title)
            yield made


def _fill(pair: Pair, url: str, dump: Path) -> None:
    identity = introducing.Identity(url, "Sunrise Bakery", "ann@example.com", "ann", "Ann Baker")
    with pymysql.connect(
        unix_socket=str(pair.sockets[0]),
        user="root",
        autocommit=True,
        database="wsite",
        client_flag=CLIENT.MULTI_STATEMENTS,
    ) as line:
        sql = line.cursor()
        import_dump(sql, dump)
        for one in introducing.personalise(identity):
            sql.execute(one.sql, one.values)
        for told in (("active_plugins", 'a:1:{i:0;s:9:"probe.php";}'), ("probed", "0")):
            sql.execute(
                "REPLACE INTO wp_options (option_name, option_value, autoload) VALUES (%s, %s, 'on')", told
            )


def _told(pair: Pair, content: Path) -> dict[str, str]:
    return {
        **{name: secrets.token_hex(24) for name in SALTS},
        "PATH": os.environ["PATH"],
        "DB_NAME": "wsite",
        "DB_USER": "wsite",
        "DB_PASSWORD": "w",
        "DB_HOST": f"127.0.0.1:{pair.ports[0]}",
        "DB_READ_HOST": f"127.0.0.1:{pair.ports[1]}",
        "WP_CONTENT_DIR": str(content),
        "AIPRESS_ENVIRONMENT": "env-1",
    }
