"""The edge as visitors meet it: one configuration for every site, found by a link named after the host."""

import json
import os
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from aipress.clouds.local.edge_config import (
    Edge,
    check_edge_config,
    login_headers,
    nginx_config,
    write_edge_config,
)
from aipress.config import Settings
from aipress.errors import CloudRefused
from tests.clouds.local import rig
from tests.clouds.local.environment import Site


class TestConfiguration:
    def test_nginx_has_nothing_to_say_against_it(self, edge: Edge, tmp_path: Path) -> None:
        copy = Edge(tmp_path, edge.port, edge.frontend, addresses=("127.0.0.1", "[::1]"))
        write_edge_config(copy)
        check_edge_config(copy)

    def test_what_nginx_does_not_understand_is_said(self, edge: Edge, tmp_path: Path) -> None:
        broken = Edge(tmp_path, edge.port, edge.frontend, addresses=("nonsense:",))
        write_edge_config(broken)
        with pytest.raises(CloudRefused, match="nonsense"):
            check_edge_config(broken)

    def test_it_leaves_no_placeholder_and_names_no_path_outside_its_own(self, edge: Edge) -> None:
        text = nginx_config(edge)
        assert "%{" not in text
        assert "/var/log" not in text
        assert "/var/lib/nginx" not in text

    def test_it_is_the_same_however_many_sites_there_are(self, edge: Edge) -> None:
        before = nginx_config(edge)
        (edge.sites / "one-more.localhost").symlink_to("../../environments/none")
        assert nginx_config(edge) == before
        (edge.sites / "one-more.localhost").unlink()


def policy(edge: Edge) -> dict[str, set[str]]:
    """The sign-in document's content security policy."""
    parts = [part.split() for part in login_headers(edge)["login_csp"].split("; ")]
    return {name: set(sources) for name, *sources in parts}


class TestSharedDocument:
    def test_it_is_as_strict_as_the_app_and_for_no_list_of_pages(self, edge: Edge) -> None:
        with rig.visitor(edge, "localhost") as client:
            app, shared = client.get("/").headers, client.get("/shared/a-secret")
        assert shared.text == "<title>shared</title>"
        assert shared.headers["x-robots-tag"] == "noindex, nofollow"
        assert shared.headers["referrer-policy"] == "no-referrer"
        for name in ("content-security-policy", "cross-origin-opener-policy", "x-frame-options"):
            assert shared.headers[name] == app[name]


class TestSignInDocument:
    def test_without_firebase_it_is_as_strict_as_the_app(self, edge: Edge) -> None:
        with rig.visitor(edge, "localhost") as client:
            app, login = client.get("/").headers, client.get("/login").headers
        for name in ("content-security-policy", "cross-origin-opener-policy", "x-frame-options"):
            assert login[name] == app[name]
        assert "google" not in nginx_config(edge)

    def test_with_firebase_it_may_reach_googles_hosts_and_the_app_may_not(self, edge: Edge) -> None:
        with_it = replace(edge, firebase_pages="proj.firebaseapp.com")
        strict, more = policy(edge), policy(with_it)
        apis = {"https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com"}
        assert more == {
            **strict,
            "script-src": {"'self'", "https://apis.google.com"},
            "connect-src": {"'self'", *apis},
            "frame-src": {"https://proj.firebaseapp.com"},
        }
        assert (
            nginx_config(with_it).count("google")
            == nginx_config(with_it).count(login_headers(with_it)["login_csp"]) * 3
        )
        assert "Cross-Origin-Opener-Policy same-origin-allow-popups" in nginx_config(with_it)

    def test_an_emulator_takes_the_place_of_googles_hosts(self, edge: Edge) -> None:
        in_tests = replace(edge, firebase_pages="proj.firebaseapp.com", firebase_emulator="127.0.0.1:18999")
        assert policy(in_tests)["connect-src"] == {"'self'", "http://127.0.0.1:18999"}
        assert policy(in_tests)["frame-src"] == {"http://127.0.0.1:18999"}

    def test_nginx_has_nothing_to_say_against_it(self, edge: Edge, tmp_path: Path) -> None:
        with_it = Edge(tmp_path, edge.port, edge.frontend, firebase_pages="proj.firebaseapp.com")
        write_edge_config(with_it)
        check_edge_config(with_it)

    @pytest.mark.parametrize(
        "hostile", ['x.example"; return 200 "', "x.example; script-src *", "x.example\n", "x y"]
    )
    def test_a_setting_can_not_write_configuration(self, hostile: str) -> None:
        with pytest.raises(ValidationError, match="pattern"):
            Settings(firebase_project="proj", firebase_api_key="key", firebase_auth_domain=hostile)


class TestUnknownNames:
    @pytest.mark.parametrize(
        "host",
        [
            "nobody.localhost",
            "a.b.example.org",
            "nobody",
            "-x.localhost",
            "x..localhost",
            "x_y.localhost",
            "../../etc",
        ],
    )
    def test_a_name_that_is_nobodys_gets_a_small_page_or_nothing(self, edge: Edge, host: str) -> None:
        with rig.visitor(edge, host) as client:
            answer = client.get("/wp-login.php")
        assert answer.status_code in (400, 404)
        assert "There is no site at this address" in answer.text or answer.status_code == 400
        assert len(answer.content) < 2000

    def test_an_environment_without_its_files_is_no_site(self, edge: Edge) -> None:
        link = edge.sites / "half-made.localhost"
        link.symlink_to("../../environments/half-made")
        with rig.visitor(edge, "half-made.localhost") as client:
            assert client.get("/").status_code == 404
        link.unlink()


@rig.needs_root
class TestSite:
    def test_a_new_link_is_a_new_site_at_once(self, asleep: Site, edge: Edge) -> None:
        other = asleep.link.with_name("fresh.localhost")
        with rig.visitor(edge, other.name) as client, asleep.php():
            assert client.get("/?aipress_health=1").status_code == 404
            other.symlink_to(os.readlink(asleep.link))
            assert client.get("/?aipress_health=1").json()["environment"] == asleep.id
            other.unlink()
            assert client.get("/?aipress_health=1").status_code == 404

    def test_without_php_it_says_it_is_back_in_a_moment(self, asleep: Site, edge: Edge) -> None:
        with rig.visitor(edge, asleep.host) as client:
            answer = client.get("/")
        assert answer.status_code == 503
        assert "back in a moment" in answer.text
        assert answer.headers["retry-after"] == "5"

    def test_a_long_name_fits(self, asleep: Site, edge: Edge) -> None:
        long = asleep.link.with_name("x" * 63 + ".localhost")
        long.symlink_to(os.readlink(asleep.link))
        with rig.visitor(edge, long.name) as client, asleep.php():
            assert client.get("/?aipress_health=1").status_code == 200
        long.unlink()

    def test_files_come_from_the_site_first_and_from_the_core_second(
        self, site: Site, guest: httpx.Client
    ) -> None:
        shipped = guest.get("/wp-content/themes/twentytwentyfive/style.css?ver=1.4")
        assert shipped.status_code == 200
        assert "immutable" in shipped.headers["cache-control"]
        own = site.content / "plugins/own.css"
        own.write_text("b{}")
        os.chown(own, site.uid, site.uid)
        assert guest.get("/wp-content/plugins/own.css").text == "b{}"
        assert guest.get("/wp-includes/css/dashicons.min.css").headers["content-type"].startswith("text/css")
        assert guest.get("/wp-content/uploads/missing.jpg").status_code == 404

    def test_wordpress_answers_what_is_no_file(self, guest: httpx.Client) -> None:
        assert guest.get("/blog/").status_code == 200
        assert "User-agent" in guest.get("/robots.txt").text
        assert guest.get("/wp-json/").json()["name"] == "Sunrise Bakery"
        assert guest.get("/wp-admin").headers["location"] == "/wp-admin/"
        assert guest.get("/no-such-page/").status_code == 404

    def test_php_hears_the_truth_about_the_visitor(self, site: Site, guest: httpx.Client) -> None:
        show = site.content / "plugins/show.php"
        show.write_text("<?php /* Plugin Name: Show */ if (isset($_GET['show'])) { wp_send_json($_SERVER); }")
        show.chmod(0o644)
        site.wp("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('show.php');")
        lies = {
            "X-Forwarded-For": "6.6.6.6",
            "X-Forwarded-Proto": "https",
            "Client-IP": "6.6.6.6",
            "Proxy": "evil",
            "X-Request-ID": "mine",
        }
        answer = guest.get("/?show", headers=lies)
        heard = answer.json()
        assert heard["REMOTE_ADDR"] == "127.0.0.1"
        assert heard["HTTP_HOST"] == f"{site.host}:{site.parts.edge.port}"
        assert heard["HTTP_X_REQUEST_ID"] == answer.headers["x-request-id"]
        assert [name for name, value in heard.items() if value in ("6.6.6.6", "evil", "mine", "https")] == []

    def test_a_site_can_not_have_nginx_serve_a_file_in_its_name(
        self, site: Site, guest: httpx.Client
    ) -> None:
        trick = site.content / "plugins/trick.php"
        trick.write_text(
            "<?php /* Plugin Name: Trick */ if (isset($_GET['trick'])) { header('X-Accel-Redirect: /wp-content/.user.ini'); exit('said'); }"
        )
        trick.chmod(0o644)
        site.wp("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('trick.php');")
        assert guest.get("/?trick").text == "said"

    def test_too_many_tries_to_sign_in_are_slowed_down(self, asleep: Site, edge: Edge) -> None:
        with rig.visitor(edge, asleep.host) as client:
            statuses = [
                client.post("/wp-login.php", data={"log": "ann", "pwd": str(n)}).status_code
                for n in range(14)
            ]
        assert 429 in statuses
        assert statuses[0] != 429

    def test_the_access_log_is_json_without_queries(
        self, edge: Edge, guest: httpx.Client, site: Site
    ) -> None:
        answer = guest.get('/blog/?q="quoted"&token=hidden-from-the-log')
        log = edge.logs / "access.log"  # written once the answer has left
        rig.wait_for(lambda: answer.headers["x-request-id"] in log.read_text(), 5)
        lines = log.read_text().splitlines()
        mine = [json.loads(line) for line in lines if answer.headers["x-request-id"] in line]
        assert len(mine) == 1
        assert (mine[0]["host"], mine[0]["path"], mine[0]["status"], mine[0]["level"]) == (
            site.host,
            "/blog/",
            200,
            "info",
        )
        assert mine[0]["duration"] > 0
        assert "hidden-from-the-log" not in "".join(lines)

    def test_the_secret_of_a_shared_conversation_is_not_in_the_log(self, edge: Edge) -> None:
        log = edge.logs / "access.log"
        with rig.visitor(edge, "localhost") as client:
            for path in ("/shared/hidden-secret", "/api/shared/hidden-secret?again=hidden-secret"):
                client.get(path)
        rig.wait_for(lambda: '"/api/shared/-"' in log.read_text(), 5)
        assert '"/shared/-"' in log.read_text()
        assert "hidden-secret" not in log.read_text()
