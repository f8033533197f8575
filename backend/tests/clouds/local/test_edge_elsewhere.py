"""Where sites are elsewhere, every host but the platform's is passed on as it came, and the app stays here."""

import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aipress.clouds.local.edge_config import Edge
from tests.clouds.local import rig


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = (self.headers["Host"], self.path, self.headers.get("X-Forwarded-For"), body.decode())
        said = "|".join(map(str, seen)).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("X-Cache", "theirs")
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def passing(edge: Edge, tmp_path: Path) -> Iterator[Edge]:
    """An nginx in front of somebody who has the sites."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with rig.short_home() as home:
        made = replace(
            edge, data_dir=home, port=rig.free_port(), elsewhere=f"127.0.0.1:{server.server_address[1]}"
        )
        with rig.nginx(made):
            yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_sites_host_is_passed_on_with_all_that_was_said(passing: Edge) -> None:
    host = f"bakery.localhost:{passing.port}"
    with rig.visitor(passing, "bakery.localhost") as client:
        answer = client.post("/wp-json//x?a=%20b&c", content=b"flour")
    assert answer.status_code == 201
    assert answer.text == f"{host}|/wp-json//x?a=%20b&c|127.0.0.1|flour"
    assert answer.headers.get_list("x-cache") == ["theirs"]


def test_the_platforms_own_name_stays_here(passing: Edge) -> None:
    with rig.visitor(passing, "localhost") as client:
        assert client.get("/").text == "<title>the app</title>"


def test_a_link_of_a_site_on_this_machine_changes_nothing(passing: Edge) -> None:
    (passing.sites / "bakery.localhost/content").mkdir(parents=True)
    with rig.visitor(passing, "bakery.localhost") as client:
        assert client.get("/").text.startswith(f"bakery.localhost:{passing.port}|/|")
