"""Cron on a whole platform: what WordPress planned is done with nobody looking, by the platform and by nobody else."""

import hashlib
import os
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pymysql
import pytest
from pymysql.cursors import Cursor

from tests.e2e.platform import Platform, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

HANGS = """<?php
/* Plugin Name: Hangs */
add_action( 'hang', static function (): void { touch( WP_CONTENT_DIR . '/hangs' ); sleep( 100 ); } );
"""
ACTIVE = 'a:1:{i:0;s:9:"hangs.php";}'


@pytest.fixture(scope="module")
def sql(platform: Platform) -> Iterator[Cursor]:
    with pymysql.connect(
        unix_socket=str(platform.data / "run/mariadb.sock"), user="root", autocommit=True
    ) as server:
        yield server.cursor()


@pytest.fixture(scope="module")
def sites(platform: Platform) -> Iterator[tuple[str, str]]:
    """The environments of a site that has something to do, and of one whose chore hangs.

    WordPress' own first chores are done by then: a run under way would write its list of chores over ours.
    """
    for name, slug in (("Diary", "diary"), ("Hanging Gardens", "hanging-gardens")):
        platform.create(name)
        wait_for(partial(lines, platform, slug), 60, f"the first chores of {name}", pause=0.5)
    yield environment_of(platform, "diary"), environment_of(platform, "hanging-gardens")
    platform.remove("diary")
    platform.remove("hanging-gardens")


def environment_of(platform: Platform, slug: str) -> str:
    with platform.operator(timeout=60) as client:
        return str(client.get(f"/api/tenants/{slug}").json()["environments"][0]["id"])


def plan(sql: Cursor, environment: str, hook: str, number: int = 0) -> None:
    """Want this done since a minute ago, and nothing else."""
    arguments = f"a:1:{{i:0;i:{number};}}"
    key = hashlib.md5(arguments.encode(), usedforsecurity=False).hexdigest()  # as WordPress does
    event = f'a:1:{{s:32:"{key}";a:2:{{s:8:"schedule";b:0;s:4:"args";{arguments}}}}}'
    since = int(time.time()) - 60
    option = f'a:2:{{i:{since};a:1:{{s:{len(hook)}:"{hook}";{event}}}s:7:"version";i:2;}}'
    set_option(sql, environment, "cron", option)


def set_option(sql: Cursor, environment: str, name: str, value: str) -> None:
    update = f"UPDATE w{environment}.wp_options SET option_value = %s WHERE option_name = %s"  # noqa: S608
    sql.execute(update, (value, name))


def lines(platform: Platform, slug: str, source: str = "cron") -> list[dict[str, Any]]:
    """What the site's log has of this source, oldest first: each line's level, message and fields."""
    with platform.operator(timeout=60) as client:
        found = client.get(f"/api/tenants/{slug}/logs", params={"source": source}).json()["items"]
    return [
        {"level": line["level"], "message": line["message"], **line["fields"]} for line in reversed(found)
    ]


def test_a_scheduled_post_is_published_without_a_visit_while_another_site_hangs(
    platform: Platform, sites: tuple[str, str], sql: Cursor
) -> None:
    diary, hanging = sites
    content = platform.data / "environments" / hanging / "content"
    (content / "plugins/hangs.php").write_text(HANGS)
    os.chown(content / "plugins/hangs.php", content.stat().st_uid, content.stat().st_gid)
    set_option(sql, hanging, "active_plugins", ACTIVE)
    plan(sql, hanging, "hang")
    wait_for((content / "hangs").exists, 60, "a chore to hang")
    sql.execute(
        f"INSERT INTO w{diary}.wp_posts (post_author, post_date, post_date_gmt, post_modified, post_modified_gmt, post_status,"  # noqa: S608
        " post_title, post_name, post_content, post_excerpt, to_ping, pinged, post_content_filtered) SELECT 1, t.m, t.m, t.m, t.m,"
        " 'future', 'Dear diary', 'dear-diary', 'It rains.', '', '', '', '' FROM (SELECT UTC_TIMESTAMP() - INTERVAL 1 MINUTE AS m) t"
    )
    post = sql.lastrowid
    plan(sql, diary, "publish_future_post", post)

    def status() -> bool:
        sql.execute(f"SELECT post_status FROM w{diary}.wp_posts WHERE ID = %s", (post,))  # noqa: S608
        return sql.fetchone() == ("publish",)

    wait_for(status, 60, "the post to be published")
    line = wait_for(
        lambda: [one for one in lines(platform, "diary") if one["hook"] == "publish_future_post"],
        60,
        "a line about it",
    )[0]
    assert (line["outcome"], line["level"]) == ("done", "info")
    assert 60_000 <= line["lag_ms"] < 150_000
    assert 0 < line["duration_ms"] < 60_000
    assert "hang" not in [one["hook"] for one in lines(platform, "hanging-gardens")], "it hangs still"


@pytest.mark.usefixtures("sites")
def test_nobody_outside_reaches_cron(platform: Platform) -> None:
    paths = [
        "/wp-cron.php", "/wp-cron.php?doing_wp_cron", "/wp-cron.php/", "/wp-cron.php/a", "/WP-CRON.php", "//wp-cron.php", "/wp-cron%2ephp",
        "/wp-content/mu-plugins/aipress/run-cron.php", "/wp-content/mu-plugins/aipress/run-cron.php/x", "/./wp-cron.php",
    ]  # fmt: skip
    for path in paths:
        answer = platform.visit("diary", path)
        assert answer.status_code in (403, 404), f"{path}: {answer.status_code}"
