"""What the platform does inside every site, seen from outside: health, logs, and what strangers are not told."""

import json
import shutil
import time
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.local.edge_config import Edge
from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.clouds.local.tickets import follow, leave_ticket

pytestmark = rig.needs_root
SECONDS_FOR_THE_LOG = 2.0  # none may come: then all of it is waited


@pytest.fixture(scope="module")
def noisy(site: Site) -> Site:
    """The site with a plugin that misbehaves on request."""
    plugin = site.content / "plugins/noisy.php"
    shutil.copyfile(PLATFORM_FILES / "tests/noisy-plugin.php", plugin)
    plugin.chmod(0o644)
    site.wp("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('noisy.php');")
    return site


def lines_about(site: Site, request: httpx.Response) -> list[dict[str, Any]]:
    """The log's lines of one request: each one a JSON object. They come through FPM's master, so a moment after the answer."""
    deadline, before = time.monotonic() + SECONDS_FOR_THE_LOG, -1
    while True:
        written = [json.loads(line) for line in site.log.read_text().splitlines() if line.startswith("{")]
        found = [line for line in written if line["request_id"] == request.headers["x-request-id"]]
        if (found and len(found) == before) or time.monotonic() > deadline:
            return found
        before = len(found)
        time.sleep(0.1)


class TestHealth:
    def test_it_says_which_parts_run_and_nothing_else(self, site: Site, guest: httpx.Client) -> None:
        answer = guest.get("/?aipress_health=1")
        assert answer.json() == {
            "status": "ok",
            "wordpress": site.parts.core.name,
            "php": answer.json()["php"],
            "environment": site.id,
        }
        assert "no-store" in answer.headers["cache-control"]


@dataclass(frozen=True)
class Noise:
    """What the noisy plugin is asked to do, and what the log should say of it."""

    noise: str
    status: int
    source: str
    level: str
    message: str


NOISES = [
    Noise("warning", 200, "php", "warning", "the roof leaks"),
    Noise("warning", 200, "php", "warning", "Undefined variable $undefined_here"),
    Noise("exception", 500, "php", "error", "the roof is gone"),
    Noise("memory", 500, "php", "error", "Allowed memory size"),
    Noise("die", 403, "wordpress", "warning", "You may not bake here."),
    Noise("deprecated", 200, "wordpress", "notice", "bake_by_hand is deprecated since 2.0; use bake"),
    Noise("call", 200, "wordpress", "error", "127.0.0.1 did not answer"),
    Noise("slow-call", 200, "wordpress", "warning", "api.example.com answered 200 after 2"),
]


class TestLog:
    @pytest.mark.parametrize("case", NOISES, ids=lambda case: case.message)
    def test_what_goes_wrong_is_one_json_line(self, noisy: Site, guest: httpx.Client, case: Noise) -> None:
        answer = guest.get(f"/?noise={case.noise}&private=visitor-said-this")
        assert answer.status_code == case.status
        found = [line for line in lines_about(noisy, answer) if case.message in line["message"]]
        assert len(found) == 1, lines_about(noisy, answer)
        line = found[0]
        assert (line["source"], line["level"]) == (case.source, case.level)
        assert (line["environment"], line["tenant"]) == (noisy.id, "ten_test")
        assert (line["method"], line["path"]) == ("GET", "/")
        assert line["time"].endswith("Z")
        assert "visitor-said-this" not in json.dumps(line)

    def test_nothing_of_it_reaches_the_visitor(self, noisy: Site, guest: httpx.Client) -> None:
        assert "roof" not in guest.get("/?noise=warning").text
        assert "roof is gone" not in guest.get("/?noise=exception").text

    def test_a_stack_trace_has_no_arguments(self, noisy: Site, guest: httpx.Client) -> None:
        guest.get("/?noise=exception")
        assert "hunter2-in-an-argument" not in noisy.log.read_text()

    def test_a_call_is_told_with_its_host_and_time_and_never_its_address(
        self, noisy: Site, guest: httpx.Client
    ) -> None:
        (failed,) = lines_about(noisy, guest.get("/?noise=call"))
        assert (failed["kind"], failed["host"], failed["status"]) == ("http_call", "127.0.0.1", 0)
        (slow,) = lines_about(noisy, guest.get("/?noise=slow-call"))
        assert (slow["kind"], slow["host"], slow["status"]) == ("http_call", "api.example.com", 200)
        assert slow["duration_ms"] >= 2000
        assert lines_about(noisy, guest.get("/?noise=quick-call")) == []
        assert "hidden" not in noisy.log.read_text()

    def test_a_sign_in_that_failed_is_told_without_what_was_typed(
        self, noisy: Site, guest: httpx.Client
    ) -> None:
        answer = guest.post("/wp-login.php", data={"log": "a-password-by-mistake", "pwd": "typed-wrong"})
        (line,) = lines_about(noisy, answer)
        assert (line["source"], line["level"], line["kind"]) == ("wordpress", "warning", "login_failed")
        assert line["address"] == "127.0.0.1"
        assert "typed-wrong" not in noisy.log.read_text()
        assert "a-password-by-mistake" not in noisy.log.read_text()

    def test_changes_of_the_sites_code_are_told(self, noisy: Site, guest: httpx.Client) -> None:
        plugin = noisy.content / "plugins/quiet.php"
        plugin.write_text("<?php /* Plugin Name: Quiet */")
        plugin.chmod(0o644)
        told = [line for line in lines_about(noisy, guest.get("/?noise=change")) if line["kind"] == "changed"]
        assert [(line["what"], line["name"]) for line in told] == [
            ("plugin_activated", "quiet"),
            ("plugin_deactivated", "quiet"),
            ("plugin_updated", "akismet"),
            ("theme_installed", "Bakery"),
        ]

    def test_the_kind_of_an_error_is_told(self, noisy: Site, guest: httpx.Client) -> None:
        kinds = {line["message"]: line["kind"] for line in lines_about(noisy, guest.get("/?noise=warning"))}
        assert kinds["the roof leaks"] == "warning"
        told = lines_about(noisy, guest.get("/?noise=exception"))
        assert [line["kind"] for line in told if line["source"] == "php"] == ["fatal"]

    def test_every_statement_says_which_request_it_was_for(self, noisy: Site, guest: httpx.Client) -> None:
        with noisy.sql() as sql:
            sql.execute(
                "SET GLOBAL slow_query_log = 1, GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0.05"
            )
            try:
                guest.get("/?aipress_health=1")
                answer = guest.get("/?noise=slow-query")
                sql.execute(
                    "SELECT user_host, sql_text FROM mysql.slow_log WHERE sql_text LIKE '%for_a_reason%'"
                )
                (row,) = sql.fetchall()
            finally:
                sql.execute("SET GLOBAL slow_query_log = 0, GLOBAL log_output = 'FILE'")
        assert row[0].startswith(f"w{noisy.id}[")
        assert f"/*aipress {answer.headers['x-request-id']}*/" in str(row[1])

    def test_what_the_code_asked_to_be_quiet_about_stays_quiet(
        self, noisy: Site, guest: httpx.Client
    ) -> None:
        assert lines_about(noisy, guest.get("/?noise=quiet")) == []

    def test_one_request_can_not_flood_it(self, noisy: Site, guest: httpx.Client) -> None:
        assert len(lines_about(noisy, guest.get("/?noise=flood"))) == 50

    def test_every_line_but_those_of_fpm_itself_is_json(self, noisy: Site, guest: httpx.Client) -> None:
        guest.get("/?noise=warning")
        plain = [
            line for line in noisy.log.read_text().splitlines() if line and not line.startswith(("{", "["))
        ]
        assert plain == []


class TestSecrets:
    def test_phpinfo_shows_none(self, noisy: Site, guest: httpx.Client) -> None:
        for _ in range(2):  # also when the same worker answers again
            page = guest.get("/?noise=secrets").text
            assert "phpinfo" in page
            assert [s for s in noisy.secrets.values() if s in page] == []

    def test_the_owners_own_are_variables_and_constants_for_every_request_of_a_worker(
        self, noisy: Site, guest: httpx.Client
    ) -> None:
        value = noisy.own["STRIPE_KEY"]
        for _ in range(3):
            told = guest.get("/?noise=own&name=STRIPE_KEY").json()
            assert told == {"getenv": value, "_ENV": value, "constant": value, "disguised": []}

    def test_a_name_of_the_platforms_would_not_become_its_constant(
        self, noisy: Site, guest: httpx.Client
    ) -> None:
        told = guest.get("/?noise=own&name=DB_NAME").json()
        assert told["constant"] == noisy.database
        assert "STRIPE" not in noisy.log.read_text()

    def test_a_script_outside_wordpress_or_a_file_to_download_has_none(
        self, noisy: Site, guest: httpx.Client
    ) -> None:
        for path in ("/wp-config.php", "/wp-content/debug.log", "/.env", "/wp-login.php", "/?noise=warning"):
            assert noisy.own["STRIPE_KEY"][1:40] not in guest.get(path).text


class TestStrangers:
    @pytest.mark.parametrize(
        "path",
        ["/?author=1", "/wp-json/wp/v2/users", "/?rest_route=/wp/v2/users/1", "/wp-sitemap-users-1.xml"],
    )
    def test_they_are_not_told_who_has_an_account(self, guest: httpx.Client, path: str) -> None:
        answer = guest.get(path)
        assert answer.status_code in (401, 404)
        assert "ann" not in answer.text.lower().split("<body")[0] + answer.headers.get("location", "")

    def test_a_wrong_name_and_a_wrong_password_are_one_answer(self, guest: httpx.Client) -> None:
        def error(name: str) -> str:
            page = guest.post("/wp-login.php", data={"log": name, "pwd": "wrong"}).text
            return page.split('id="login_error"')[1].split("</div>")[0]

        assert error("ann") == error("nobody")

    def test_the_old_remote_interface_is_not_there_nor_mentioned(self, guest: httpx.Client) -> None:
        assert guest.post("/xmlrpc.php", content="<methodCall/>").status_code == 403
        front = guest.get("/")
        assert "xmlrpc" not in front.text + str(front.headers)
        assert "generator" not in front.text

    def test_cron_is_not_theirs_to_start(self, guest: httpx.Client) -> None:
        assert guest.get("/wp-cron.php").status_code == 403


class TestUpdates:
    def test_a_page_never_waits_for_wordpress_org(self, noisy: Site, guest: httpx.Client) -> None:
        answer = guest.get("/?noise=outside").json()
        assert answer["error"] == "aipress_later"
        assert answer["seconds"] < 0.5

    def test_admin_pages_open_without_a_way_out_and_nag_nobody(self, site: Site, guest: httpx.Client) -> None:
        follow(guest, leave_ticket(site))
        for page in ("", "plugins.php", "themes.php", "post-new.php", "site-health.php", "update-core.php"):
            started = time.monotonic()
            shown = guest.get(f"/wp-admin/{page}")
            assert shown.status_code == 200, page
            assert "update-nag" not in shown.text
            assert time.monotonic() - started < 8, page


class TestPublishing:
    def test_a_post_and_a_picture_appear_on_the_site(
        self, edge: Edge, site: Site, guest: httpx.Client
    ) -> None:
        follow(guest, leave_ticket(site))
        nonce = guest.get("/wp-admin/admin-ajax.php?action=rest-nonce").text
        picture = guest.post(
            "/wp-json/wp/v2/media",
            headers={
                "X-WP-Nonce": nonce,
                "Content-Disposition": 'attachment; filename="bread.png"',
                "Content-Type": "image/png",
            },
            content=png(),
        )
        assert picture.status_code == 201, picture.text
        with rig.visitor(edge, site.host) as somebody:
            seen = somebody.get(httpx.URL(picture.json()["source_url"]).path)
            assert (seen.status_code, seen.headers["content-type"], seen.content) == (200, "image/png", png())
            post = guest.post(
                "/wp-json/wp/v2/posts",
                headers={"X-WP-Nonce": nonce},
                json={"title": "Fresh bread", "content": "Every morning.", "status": "publish"},
            )
            assert post.status_code == 201
            assert somebody.get("/fresh-bread/").status_code == 200
            assert "Fresh bread" in somebody.get("/").text


def png() -> bytes:
    """One red pixel."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    )
