"""Every site is a copy of a WordPress installed for real once; claiming a copy is rewriting rows."""

import gc
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pymysql.constants import CLIENT

from aipress.clouds.local import template
from aipress.clouds.local.edge_config import Edge
from aipress.clouds.wordpress import introducing
from aipress.errors import CloudBusy
from tests.clouds.local import rig
from tests.clouds.local.environment import Site, import_dump

BAKERY = introducing.Identity(
    "http://sun.localhost:8080", "Ann's “Bread” & 🥐", "ann@localhost", "ann.b", "Ann B."
)


@pytest.fixture
def sql(mariadb: Path) -> Iterator[pymysql.cursors.Cursor]:
    """An empty database."""
    with (
        pymysql.connect(
            unix_socket=str(mariadb), user="root", autocommit=True, client_flag=CLIENT.MULTI_STATEMENTS
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE DATABASE trial")
        cursor.execute("USE trial")
        yield cursor
        cursor.execute("DROP DATABASE trial")


@pytest.fixture
def copy(sql: pymysql.cursors.Cursor, dump: Path) -> pymysql.cursors.Cursor:
    import_dump(sql, dump)
    return sql


def claim(sql: pymysql.cursors.Cursor, site: introducing.Identity, now: datetime | None = None) -> None:
    for statement in introducing.personalise(site, now):
        sql.execute(statement.sql, statement.values)


def rows(sql: pymysql.cursors.Cursor, query: str) -> list[tuple[Any, ...]]:
    sql.execute(query)
    return list(sql.fetchall())


def everything(sql: pymysql.cursors.Cursor) -> str:
    tables = [table for (table,) in rows(sql, "SHOW TABLES")]
    return repr(
        [
            rows(sql, f"SELECT * FROM `{table}` ORDER BY 1")  # noqa: S608
            for table in tables
        ]
    )


class TestDump:
    def test_it_is_small_and_whole(self, dump: Path, copy: pymysql.cursors.Cursor) -> None:
        assert dump.stat().st_size < 64_000
        assert len(rows(copy, "SHOW TABLES")) == 12
        engines = rows(
            copy,
            "SELECT DISTINCT engine, table_collation FROM information_schema.tables WHERE table_schema = 'trial'",
        )
        assert engines == [("InnoDB", "utf8mb4_unicode_520_ci")]

    def test_importing_it_again_changes_nothing(self, copy: pymysql.cursors.Cursor, dump: Path) -> None:
        claim(copy, BAKERY)
        before = everything(copy)
        import_dump(copy, dump)
        assert everything(copy) == before

    def test_the_scratch_database_and_its_account_are_gone(self, copy: pymysql.cursors.Cursor) -> None:
        assert rows(copy, "SHOW DATABASES LIKE 'template%'") == []
        assert rows(copy, "SELECT user FROM mysql.global_priv WHERE user LIKE 'template%'") == []

    def test_it_holds_no_secret_and_nothing_that_ages(self, dump: Path) -> None:
        text = dump.read_text()
        for name in ("_transient_", "session_tokens", "auth_key", "nonce_salt", "secret_key"):
            assert name not in text

    def test_it_is_made_once(self, data: Path, core: Path, version: str, mariadb: Path, dump: Path) -> None:
        before = dump.stat().st_mtime_ns
        assert template.ensure_template(data, core, version, (mariadb, "root")) == dump
        assert dump.stat().st_mtime_ns == before

    def test_without_mariadb_it_says_so(self, tmp_path: Path, core: Path, version: str) -> None:
        # PyMySQL leaves a socket that could not connect to the garbage collector.
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            with pytest.raises(CloudBusy, match="Is it running"):
                template.ensure_template(tmp_path, core, version, (tmp_path / "none.sock", "root"))
            gc.collect()


class TestPersonalise:
    def test_nothing_of_the_placeholder_is_left(self, copy: pymysql.cursors.Cursor) -> None:
        assert "aipress.invalid" in everything(copy)
        claim(copy, BAKERY)
        assert "invalid" not in everything(copy).replace("_invalid", "")

    def test_the_site_has_its_name_address_and_owner(self, copy: pymysql.cursors.Cursor) -> None:
        claim(copy, BAKERY, datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))
        options = dict(rows(copy, "SELECT option_name, option_value FROM wp_options"))
        assert (options["siteurl"], options["home"]) == (BAKERY.address, BAKERY.address)
        assert (options["blogname"], options["admin_email"]) == (BAKERY.title, BAKERY.email)
        (owner,) = rows(
            copy, "SELECT user_login, user_nicename, user_email, display_name, user_registered FROM wp_users"
        )
        assert owner == ("ann.b", "ann-b", "ann@localhost", "Ann B.", datetime(2026, 5, 4, 3, 2, 1))
        assert rows(copy, "SELECT DISTINCT post_date_gmt FROM wp_posts") == [(datetime(2026, 5, 4, 3, 2, 1),)]

    def test_saying_it_twice_leaves_the_same_site(self, copy: pymysql.cursors.Cursor) -> None:
        now = datetime.now(UTC)
        claim(copy, BAKERY, now)
        query = "SELECT * FROM wp_posts"
        before = rows(copy, query)
        claim(copy, BAKERY, now)
        assert rows(copy, query) == before

    def test_no_value_is_ever_part_of_a_statement(self) -> None:
        hostile = introducing.Identity(
            "http://x'); DROP TABLE wp_users; --", "'; --", "'@x", "' OR 1=1", "%s"
        )
        assert {s.sql for s in introducing.personalise(hostile)} == {
            s.sql for s in introducing.personalise(BAKERY)
        }

    def test_a_login_of_strange_letters_still_has_a_nicename(self, copy: pymysql.cursors.Cursor) -> None:
        claim(copy, introducing.Identity(BAKERY.address, "x", "a@b.c", "Zoë+shop_1", "Zoë"))
        assert rows(copy, "SELECT user_nicename FROM wp_users") == [("zo-shop-1",)]


@rig.needs_root
class TestCopy:
    def test_no_password_opens_the_owners_account(self, site: Site) -> None:
        stored = site.wp("echo get_userdata(1)->user_pass;")
        assert stored.startswith("!")
        for word in ("", "!", stored, stored[1:], "owner"):
            assert (
                site.wp(f"var_dump(wp_check_password('{word}', get_userdata(1)->user_pass, 1));").strip()
                == "bool(false)"
            )

    def test_its_front_page_is_pleasant_and_its_own(self, site: Site, edge: Edge) -> None:
        with rig.visitor(edge, site.host) as client:
            page = client.get("/").text
        assert "<title>Sunrise Bakery" in page
        assert "Something new is starting here" in page
        assert "Hello world" not in page
        assert "Twenty Twenty-Five" not in page.split("<footer", 1)[1]

    def test_wordpress_finds_its_database_up_to_date(self, site: Site) -> None:
        assert (
            site.wp(
                "global $wp_db_version; var_dump((int) get_option('db_version') === $wp_db_version);"
            ).strip()
            == "bool(true)"
        )
        assert (
            site.wp("echo get_option('permalink_structure'), ' ', get_option('stylesheet');")
            == "/%postname%/ twentytwentyfive"
        )
