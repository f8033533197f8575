"""The edge as visitors meet it: one configuration for every site, found by a link named after the host."""

import contextlib
import json
import os
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from aipress.clouds.local.edge_config import Edge, check_edge_config, nginx_config, write_edge_config
from aipress.errors import CloudRefused
from tests.clouds.local import rig
from tests.clouds.local.environment import Site


@pytest.fixture
def app(edge: Edge) -> Iterator[httpx.Client]:
    with rig.visitor(edge, "localhost") as client:
        yield client


class Echo(BaseHTTPRequestHandler):
    """Stands where the control plane would: says what it was asked, or two events with a pause between them."""

    protocol_version = "HTTP/1.1"
    go_on = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/api/events":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(b"data: first\n\n")
            self.wfile.flush()
            self.go_on.wait(10)
            self.wfile.write(b"data: second\n\n")
            self.close_connection = True
            return
        said = json.dumps({"path": self.path, "headers": dict(self.headers)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def control(data: Path) -> Iterator[type[Echo]]:
    place = data / "run/control.sock"
    place.parent.mkdir(exist_ok=True)
    with socketserver.ThreadingUnixStreamServer(str(place), Echo) as server:
        place.chmod(0o777)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Echo
        Echo.go_on.set()
        server.shutdown()
    place.unlink()


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


class TestPlatform:
    @pytest.mark.parametrize("path", ["/", "/sites", "/c/123"])
    def test_the_app_answers_on_every_page_of_its_own(self, app: httpx.Client, path: str) -> None:
        page = app.get(path)
        assert "the app" in page.text
        assert page.headers["cache-control"] == "no-cache"
        policy = page.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy

    def test_sign_in_is_a_document_of_its_own(self, app: httpx.Client) -> None:
        page = app.get("/login")
        assert "sign in" in page.text
        assert "content-security-policy" in page.headers

    @pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "LOCALHOST"])
    def test_it_answers_to_its_other_names(self, edge: Edge, host: str) -> None:
        with rig.visitor(edge, host) as client:
            assert "the app" in client.get("/").text

    def test_hashed_assets_may_be_kept_for_ever_and_missing_ones_are_missing(self, app: httpx.Client) -> None:
        assert "immutable" in app.get("/assets/app-1a2b.js").headers["cache-control"]
        assert app.get("/assets/app-9z9z.js").status_code == 404

    def test_what_was_compressed_at_build_time_is_sent_as_it_is(self, app: httpx.Client, edge: Edge) -> None:
        (edge.frontend / "assets/app-1a2b.js.gz").write_bytes(b"as built")
        answer = app.build_request("GET", "/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
        response = app.send(answer, stream=True)
        assert b"".join(response.iter_raw()) == b"as built"
        response.close()

    @pytest.mark.parametrize("path", ["/.git/config", "/assets/../.env", "/..%2f..%2fetc/passwd"])
    def test_nothing_hidden_is_served(self, app: httpx.Client, path: str) -> None:
        answer = app.get(path)
        assert answer.status_code in (400, 404) or "the app" in answer.text

    def test_while_the_control_plane_is_away_the_api_says_so(self, app: httpx.Client) -> None:
        answer = app.get("/api/me")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.json()["code"], answer.json()["ref"]) == ("starting", answer.headers["x-request-id"])

    def test_the_control_plane_hears_who_calls_from_the_edge_and_not_from_the_caller(
        self, app: httpx.Client, edge: Edge, control: type[Echo]
    ) -> None:
        lies = {
            "X-Forwarded-For": "6.6.6.6",
            "X-Request-ID": "mine",
            "Forwarded": "for=6.6.6.6",
            "X-Forwarded-Host": "evil",
        }
        answer = app.get("/api/tenants?limit=3", headers=lies)
        heard = answer.json()
        assert heard["path"] == "/api/tenants?limit=3"
        assert heard["headers"]["X-Forwarded-For"] == "127.0.0.1"
        assert heard["headers"]["X-Request-ID"] == answer.headers["x-request-id"] != "mine"
        assert heard["headers"]["Host"] == f"localhost:{edge.port}"
        assert {"Forwarded", "X-Forwarded-Host"} & set(heard["headers"]) == set()

    def test_an_event_arrives_before_the_next_one_exists(
        self, app: httpx.Client, control: type[Echo]
    ) -> None:
        control.go_on.clear()
        with app.stream("GET", "/api/events") as events:
            lines = events.iter_lines()
            assert next(lines) == "data: first"
            control.go_on.set()
            assert [line for line in lines if line] == ["data: second"]


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
        lines = (edge.state / "access.log").read_text().splitlines()
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


def test_compressed_answers_say_so(edge: Edge) -> None:
    """curl, because httpx decompresses by itself."""
    name = edge.frontend / "assets/big.js"
    name.write_text("/* bread */" * 500)
    with contextlib.ExitStack():
        head = subprocess.run(
            [
                "curl",
                "-s",
                "-o",
                os.devnull,
                "-D",
                "-",
                "-H",
                "Host: localhost",
                "-H",
                "Accept-Encoding: gzip",
                f"http://127.0.0.1:{edge.port}/assets/big.js",
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout
    assert "Content-Encoding: gzip" in head
