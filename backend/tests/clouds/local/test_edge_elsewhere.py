"""Where sites are elsewhere, a host that has no link here is passed on as it came; the app and this machine's sites stay here."""

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


def test_what_an_own_site_is_said_of_is_not_said_of_one_elsewhere(passing: Edge) -> None:
    with rig.visitor(passing, "bakery.localhost") as client:
        answer = client.get("/index.php?a=1")
        assert answer.text.startswith(f"bakery.localhost:{passing.port}|/index.php?a=1|")
        assert "x-content-type-options" not in answer.headers, "it has its own to say, or not to"
        assert client.get("/.aipress/unknown").text.startswith(
            f"bakery.localhost:{passing.port}|/.aipress/unknown|"
        )
    assert "bakery" not in (passing.logs / "access.log").read_text(), "it is told of where it is"


def test_a_body_of_any_size_is_passed_on(passing: Edge) -> None:
    body = b"f" * (67 << 20)  # more than a site of this machine may be sent
    with rig.visitor(passing, "bakery.localhost") as client:
        assert len(client.post("/", content=body).content) > len(body)


def test_a_site_comes_here_and_goes_again_without_a_reload(passing: Edge) -> None:
    """Its link alone says where it is, for the very next request."""
    theirs = f"bakery.localhost:{passing.port}|/wp-content/note.txt|"
    home = passing.data_dir / "environments/0123456789ab"
    (home / "content").mkdir(parents=True)
    (home / "content/note.txt").write_text("at home")
    link = passing.sites / "bakery.localhost"
    with rig.visitor(passing, "bakery.localhost") as client:
        for _ in range(3):
            assert client.get("/wp-content/note.txt").text.startswith(theirs)
            link.symlink_to("../../environments/0123456789ab")
            assert client.get("/wp-content/note.txt").text == "at home"
            link.unlink()


def test_while_nobody_answers_elsewhere_a_visitor_is_told_so(edge: Edge) -> None:
    with rig.short_home() as home:
        made = replace(edge, data_dir=home, port=rig.free_port(), elsewhere=f"127.0.0.1:{rig.free_port()}")
        with rig.nginx(made), rig.visitor(made, "bakery.localhost") as client:
            answer = client.get("/")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
