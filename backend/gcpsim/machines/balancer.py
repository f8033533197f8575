"""The global load balancer: visitors come in here, by the host they ask for, and reach an instance of a service.

Bodies go through as they come, in pieces; headers as Google's front changes them
(https://cloud.google.com/load-balancing/docs/https#target-proxies).
"""

import contextlib
import http.client
import random
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gcpsim.machines.containers import Containers
from gcpsim.machines.fleet import NoInstance
from gcpsim.machines.instances import Instance
from gcpsim.machines.options import Running
from gcpsim.machines.revisions import Name
from gcpsim.machines.routes import Route, route
from gcpsim.machines.words import page
from gcpsim.world import World

BALANCER = "192.0.2.1"
"""What the load balancer calls itself in X-Forwarded-For."""

PIECE = 64 * 1024
HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "proxy-authenticate",
}


class Balancer:
    """A server on loopback."""

    def __init__(self, containers: Containers, running: Running) -> None:
        self.containers, self.port, self.scheme = containers, running.visitors or 0, running.scheme

    def begin(self, world: World) -> None:
        """Listen."""
        self.world = world
        door = type("Visitors", (_Visitor,), {"balancer": self})
        self._server = _Server(("127.0.0.1", self.port), door)
        self.port = self._server.server_address[1]
        self._serving = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._serving.start()

    def end(self) -> None:
        """Take nobody new."""
        self._server.shutdown()
        self._server.server_close()
        self._serving.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def unheard(self, request: object, client_address: object) -> None:
        """A visitor who goes away is no error."""

    handle_error = unheard


class _Visitor(BaseHTTPRequestHandler):
    balancer: Balancer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 620

    def _answer(self) -> None:
        self._began = time.monotonic()
        balancer = self.balancer
        host, path = self.headers.get("host", ""), self.path.partition("?")[0]
        with balancer.world.turn:
            there = route(balancer.world.store, host, path)
            name = there.revision(balancer.world.store, random.random())  # noqa: S311 - shares of traffic, no secret
        if there.status or name is None:
            self._say(there.status or 404)
            return
        try:
            with balancer.containers.instance(name) as instance:
                self._pass_on(instance, name, there)
        except NoInstance as nobody:
            self._say(nobody.status)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer

    def _pass_on(self, instance: Instance, name: Name, there: Route) -> None:
        line = http.client.HTTPConnection("127.0.0.1", instance.port, timeout=300)
        try:
            self._ask(line, there)
            answer = line.getresponse()
        except (OSError, http.client.HTTPException):
            self._say(503)
            return
        try:
            self._relay(answer)
        except (OSError, http.client.HTTPException):
            self.close_connection = True
        finally:
            line.close()

    def _ask(self, line: http.client.HTTPConnection, there: Route) -> None:
        line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self._headers(there):
            line.putheader(name, value.encode("latin-1"))
        chunked = "chunked" in self.headers.get("transfer-encoding", "").lower()
        if chunked:
            line.putheader("Transfer-Encoding", "chunked")
        line.endheaders()
        for piece in self._body(chunked):
            line.send(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            line.send(b"0\r\n\r\n")

    def _headers(self, there: Route) -> Iterator[tuple[str, str]]:
        named = {one.strip().lower() for one in self.headers.get("connection", "").split(",")}
        ours = {
            "x-forwarded-for",
            "x-forwarded-proto",
            "via",
            "x-cloud-trace-context",
            "traceparent",
            "expect",
        }
        for name, value in self.headers.items():
            if name.lower() not in HOP | ours | named:
                yield name, value
        asked = [self.headers.get("x-forwarded-for", ""), str(self.client_address[0])]
        yield "X-Forwarded-For", ",".join([*filter(None, asked), *([BALANCER] if there.url_map else [])])
        yield "X-Forwarded-Proto", self.balancer.scheme
        yield "Via", ", ".join(filter(None, [self.headers.get("via", ""), "1.1 google"]))
        yield "X-Cloud-Trace-Context", self.trace
        yield "Connection", "close"

    @property
    def trace(self) -> str:
        """The request's trace: the visitor's own, or a new one."""
        given = self.headers.get("x-cloud-trace-context", "")
        return given or f"{secrets.token_hex(16)}/{secrets.randbits(63)};o=1"

    def _body(self, chunked: bool) -> Iterator[bytes]:
        if not chunked:
            left = int(self.headers.get("content-length") or 0)
            while left and (piece := self.rfile.read(min(left, PIECE))):
                left -= len(piece)
                yield piece
            return
        while size := int(self.rfile.readline(1000).partition(b";")[0].strip() or b"0", 16):
            left = size
            while left and (piece := self.rfile.read(min(left, PIECE))):
                left -= len(piece)
                yield piece
            self.rfile.readline(10)
        while self.rfile.readline(65536).strip():
            pass

    def _relay(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP | {"via"}:
                self.send_header(name, value)
        self.send_header("Via", "1.1 google")
        bare = self.command == "HEAD" or answer.status in (204, 304) or answer.status < 200
        unknown = answer.getheader("content-length") is None and not bare
        chunked = unknown and self.request_version == "HTTP/1.1"
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif unknown:
            self.close_connection = True
        self.end_headers()
        while not bare and (piece := answer.read1(PIECE)):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _say(self, status: int) -> None:
        """A page of the front's own. What the visitor still sends is not read: the line is closed."""
        body = page(status)
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.send_response_only(status)
            for name, value in (
                ("Content-Type", "text/html; charset=UTF-8"),
                ("Content-Length", str(len(body))),
            ):
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Cloud Logging has the requests."""
