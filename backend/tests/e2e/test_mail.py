"""Mail on a whole platform: what a WordPress sends is caught, shown to whom it may be shown, and a line of its site."""

import os
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pymysql.cursors import Cursor

from tests.e2e.platform import Platform, wait_for
from tests.e2e.test_cron import environment_of, lines, set_option, sql

__all__ = ["sql"]
pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]

SENDS = """<?php
/* Plugin Name: Sends */
add_action( 'init', static function (): void {
	if ( isset( $_GET['send'] ) ) {
		$sent = wp_mail( 'ada@example.org', 'A forged one', 'Hello.', array( 'From: Us <aipress@localhost>' ) );
		exit( $sent ? 'handed over' : 'not handed over' );
	}
} );
"""


@pytest.fixture
def site(platform: Platform) -> Iterator[str]:
    platform.create("Letters")
    yield environment_of(platform, "letters")
    platform.remove("letters")


def test_a_lost_password_comes_back_by_mail(platform: Platform, site: str) -> None:
    with visitor(platform) as browser:
        asked = {"user_login": "admin@localhost", "redirect_to": "", "wp-submit": "Get New Password"}
        answer = browser.post("/wp-login.php?action=lostpassword", data=asked)
        assert (answer.status_code, answer.headers["location"]) == (302, "/wp-login.php?checkemail=confirm")
        (caught,) = caught_mail(platform, site)
        assert caught["recipients"] == ["admin@localhost"]
        assert (caught["outcome"], "Password Reset" in caught["subject"]) == ("caught", True)
        with platform.operator(timeout=60) as client:
            text = client.get(f"/api/tenants/letters/mail/{caught['id']}").json()["text"]
        link = re.search(r"http://letters\.localhost:\d+(/wp-login\.php\?\S+)", text)
        assert link, text
        opened = browser.get(link[1])
        assert opened.status_code == 302
        form = browser.get(opened.headers["location"].removeprefix(str(browser.base_url)))
        assert 'name="resetpassform"' in form.text
    line = wait_for(lambda: lines(platform, "letters", "mail"), 120, "a line about it")[0]
    assert (line["outcome"], line["recipient"], line["level"]) == ("caught", "admin@localhost", "info")


def test_nobody_writes_in_the_platforms_name_and_the_log_says_so(
    platform: Platform, site: str, sql: Cursor
) -> None:
    content = platform.data / "environments" / site / "content"
    (content / "plugins/sends.php").write_text(SENDS)
    os.chown(content / "plugins/sends.php", content.stat().st_uid, content.stat().st_gid)
    set_option(sql, site, "active_plugins", 'a:1:{i:0;s:9:"sends.php";}')
    with visitor(platform) as browser:
        assert browser.get("/?send=1").text == "handed over"
    line = wait_for(lambda: lines(platform, "letters", "mail"), 120, "a line about it")[0]
    assert (line["outcome"], line["recipient"], line["subject"]) == (
        "refused",
        "ada@example.org",
        "A forged one",
    )
    assert "aipress@localhost, which is the platform's own address" in line["message"]
    assert mail_of(platform) == []


def caught_mail(platform: Platform, site: str) -> list[dict[str, Any]]:
    """What was caught of the site's; where nothing is, the failure says what became of it."""
    try:
        found: list[dict[str, Any]] = wait_for(lambda: mail_of(platform), 120, "the mail to be caught")
    except AssertionError as error:
        waiting = os.listdir(platform.data / "environments" / site / "mail")
        raise AssertionError(
            f"{error}; waiting: {waiting}; told: {lines(platform, 'letters', 'mail')}"
        ) from None
    return found


def visitor(platform: Platform) -> httpx.Client:
    host = f"letters.localhost:{platform.port}"
    return httpx.Client(base_url=f"http://127.0.0.1:{platform.port}", headers={"Host": host}, timeout=60)


def mail_of(platform: Platform) -> list[dict[str, Any]]:
    with platform.operator(timeout=60) as client:
        return list(client.get("/api/tenants/letters/mail").json()["items"])
