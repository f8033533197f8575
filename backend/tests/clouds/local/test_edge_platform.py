"""The edge as people meet the app behind it: its pages, and what the control plane is told of a request."""

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

from aipress.clouds.local.edge_config import Edge
from tests.clouds.local import rig


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
        server.block_on_close = False  # nginx keeps its connections for a minute
        place.chmod(0o777)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Echo
        Echo.go_on.set()
        server.shutdown()
    place.unlink()


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

    def test_the_apis_own_pages_are_ours_and_load_nothing_from_elsewhere(self, app: httpx.Client) -> None:
        page = app.get("/api/docs")
        assert "<title>API" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "http" not in page.headers["content-security-policy"]

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
