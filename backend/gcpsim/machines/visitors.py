"""One visitor's request as HTTP has it: read in pieces, passed on as Google's front does, answered in pieces.

https://cloud.google.com/load-balancing/docs/https#target-proxies
"""

import http.client
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Protocol

from gcpsim.machines.caching import Said
from gcpsim.machines.words import page

BALANCER = "192.0.2.1"
"""What the load balancer calls itself in X-Forwarded-For."""

PIECE = 64 * 1024
HOP = {
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authenticate",
}  # fmt: skip
OURS = {"x-forwarded-for", "x-forwarded-proto", "via", "x-cloud-trace-context", "expect"}
Store = Callable[[bytes], None]
Keep = Callable[[Said], Store | None]
BROKEN = (OSError, http.client.HTTPException, ValueError)


@dataclass
class Sent:
    """What a visitor got, for the log."""

    status: int = 0
    size: int = 0
    received: int = 0
    from_cache: bool = False
    instance: str = ""
    details: str = "response_sent_by_backend"


@dataclass(frozen=True)
class Asked:
    """A request without its body; headers' names are in lower case."""

    method: str
    target: str
    host: str
    address: str
    scheme: str
    trace: str
    headers: Mapping[str, str] = field(repr=False)

    @property
    def named(self) -> tuple[str, str, str]:
        """Scheme, host and target."""
        return self.scheme, self.host, self.target

    @property
    def path(self) -> str:
        """Without the query."""
        return self.target.partition("?")[0]

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host}{self.target}"


@dataclass(frozen=True)
class Way:
    """To an instance: its port, how long it may take to say something, and whether the load balancer stands before it."""

    port: int
    timeout: float
    balanced: bool


class Answering(Protocol):
    """Who decides what a visitor gets."""

    scheme: str

    def answer(self, asked: Asked, visitor: "Visitor") -> None:
        """See to it that the visitor gets an answer."""


class Visitor(BaseHTTPRequestHandler):
    """The line to a visitor."""

    answering: Answering
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 620
    sent: Sent

    def _answer(self) -> None:
        self.sent = Sent()
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
        trace = headers.get("x-cloud-trace-context") or f"{secrets.token_hex(16)}/{secrets.randbits(63)};o=1"
        host = headers.get("host", "").partition(":")[0].lower().rstrip(".")
        scheme, address = self.answering.scheme, str(self.client_address[0])
        self.answering.answer(Asked(self.command, self.path, host, address, scheme, trace, headers), self)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer

    def pass_on(self, asked: Asked, way: Way, keep: Keep | None) -> None:
        """Ask whoever listens at a port, and hand its answer on; `keep` says what gets its body, if that is to be kept.

        Raises ConnectionRefusedError where nobody listens any more; then nothing was read or written.
        """
        line = http.client.HTTPConnection("127.0.0.1", way.port, timeout=way.timeout)
        try:
            try:
                line.connect()
                self._ask(line, asked, way.balanced)
                answer = line.getresponse()
            except ConnectionRefusedError:
                raise
            except TimeoutError:
                self.sent.details = "backend_timeout"
                self.refuse(504)
                return
            except BROKEN:
                self.sent.details = "backend_connection_closed_before_data_sent_to_client"
                self.refuse(503)
                return
            self._relay(answer, keep)
        except ConnectionRefusedError:
            raise
        except BROKEN:
            self.close_connection = True
        finally:
            line.close()

    def show(self, said: Said, body: bytes, more: Mapping[str, str]) -> None:
        """An answer that is whole already."""
        self._begin(said.status, [(name, one) for name, all in said.headers.items() for one in all])
        for name, value in more.items():
            self.send_header(name, value)
        if said.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self._end_headers()
        if self.command != "HEAD" and said.status not in (204, 304):
            self._write(body)

    def refuse(self, status: int) -> None:
        """A page of the front's own. What the visitor still sends is not read: the line is closed."""
        self.close_connection = True
        kind = {"content-type": ("text/html; charset=UTF-8",)}
        self.show(Said(status, kind), page(status), {"Connection": "close"})

    def _ask(self, line: http.client.HTTPConnection, asked: Asked, balanced: bool) -> None:
        line.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self._passed(asked, balanced):
            line.putheader(name, value.encode("latin-1"))
        chunked = "chunked" in asked.headers.get("transfer-encoding", "").lower()
        if chunked:
            line.putheader("Transfer-Encoding", "chunked")
        line.endheaders()
        for piece in self._body(asked, chunked):
            self.sent.received += len(piece)
            if not self._took(line, b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece):
                return
        if chunked:
            self._took(line, b"0\r\n\r\n")

    def _took(self, line: http.client.HTTPConnection, piece: bytes) -> bool:
        """Whether the container takes more of the body; one that has answered already may not, and then the visitor's line ends."""
        try:
            line.send(piece)
        except OSError:
            self.close_connection = True
            return False
        return True

    def _passed(self, asked: Asked, balanced: bool) -> Iterator[tuple[str, str]]:
        named = {one.strip().lower() for one in asked.headers.get("connection", "").split(",")}
        for name, value in self.headers.items():
            if name.lower() not in HOP | OURS | named:
                yield name, value
        through = [asked.headers.get("x-forwarded-for", ""), asked.address, BALANCER if balanced else ""]
        yield "X-Forwarded-For", ",".join(filter(None, through))
        yield "X-Forwarded-Proto", asked.scheme
        yield "Via", ", ".join(filter(None, [asked.headers.get("via", ""), "1.1 google"]))
        yield "X-Cloud-Trace-Context", asked.trace
        yield "Connection", "close"

    def _body(self, asked: Asked, chunked: bool) -> Iterator[bytes]:
        if not chunked:
            yield from self._pieces(int(asked.headers.get("content-length") or 0))
            return
        while size := int(self.rfile.readline(1000).partition(b";")[0].strip() or b"0", 16):
            yield from self._pieces(size)
            self.rfile.readline(10)
        while self.rfile.readline(65536).strip():
            pass

    def _pieces(self, left: int) -> Iterator[bytes]:
        while left and (piece := self.rfile.read1(min(left, PIECE))):
            left -= len(piece)
            yield piece
        if left:
            raise ConnectionError("the visitor left")

    def _relay(self, answer: http.client.HTTPResponse, keep: Keep | None) -> None:
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP]
        self._begin(answer.status, headers, answer.reason)
        bare = self.command == "HEAD" or answer.status in (204, 304) or answer.status < 200
        unknown = answer.getheader("content-length") is None and not bare
        chunked = unknown and self.request_version == "HTTP/1.1"
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif unknown:
            self.close_connection = True
        self._end_headers()
        store = keep(said_of(answer.status, headers)) if keep and not bare else None
        self._pour(answer, chunked, store)

    def _pour(self, answer: http.client.HTTPResponse, chunked: bool, store: Store | None) -> None:
        """The body, piece by piece. What is to be kept is kept before its last piece is sent: who has it may rely on that."""
        if self.command == "HEAD":
            return
        length = answer.getheader("content-length")
        came, last, whole = 0, b"", bytearray()
        while piece := answer.read1(PIECE):
            self._send_piece(last, chunked)
            came, last = came + len(piece), piece
            if store is None:
                self._send_piece(last, chunked)
                last = b""
            else:
                whole += piece
        if length is not None and came < int(length) and answer.status not in (204, 304):
            raise ConnectionError("the container ended in the middle of its answer")
        if store:
            store(bytes(whole))
        self._send_piece(last, chunked)
        if chunked:
            self._write(b"0\r\n\r\n")

    def _send_piece(self, piece: bytes, chunked: bool) -> None:
        if piece:
            self._write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)

    def _begin(self, status: int, headers: list[tuple[str, str]], reason: str | None = None) -> None:
        self.sent.status = status
        self.send_response_only(status, reason)
        for name, value in headers:
            if name.lower() != "via":
                self.send_header(name, value)
        self.send_header("Via", "1.1 google")

    def _end_headers(self) -> None:
        try:
            self.end_headers()
        except OSError:
            self.close_connection = True

    def _write(self, piece: bytes) -> None:
        """A visitor who has gone ends the line, and the container hears of it no more than that."""
        self.sent.size += len(piece)
        self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:
        """Cloud Logging has the requests."""


def said_of(status: int, headers: list[tuple[str, str]]) -> Said:
    """An answer's headers, each with all its values."""
    told: dict[str, tuple[str, ...]] = {}
    for name, value in headers:
        if name.lower() not in HOP | {"via", "content-length"}:
            told[name.lower()] = (*told.get(name.lower(), ()), value)
    return Said(status, told)
