"""A load balancer's door on this machine, behind which one site answers as a test says."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.clouds.gcp.simulated import serving

Answer = tuple[int, Mapping[str, str]]


@contextmanager
def door(answer: Callable[[str, Mapping[str, str]], Answer]) -> Iterator[str]:
    """Where it is. `answer` gets a path and headers, by their small names, and gives a status and headers."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers = answer(self.path, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as address:
        yield address
