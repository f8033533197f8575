"""The simulator over HTTP, on loopback only, for anyone's client. `/_gcpsim/…` is its own door: journal, clock, faults.

An API is named by the host (`run.googleapis.com`) or by the path's first part: a client's endpoint is `http://127.0.0.1:PORT/run`.
"""

import contextlib
import json
import re
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gcpsim.clock import RealClock
from gcpsim.errors import Refused, said
from gcpsim.faults import Faults, parse_fault
from gcpsim.issuing import Issuing
from gcpsim.machines import Machines
from gcpsim.machines.options import Running
from gcpsim.simulator import Simulator
from gcpsim.storage_xml import asked_of
from gcpsim.store import Store
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import World

LARGEST = 64 * 1024 * 1024
GOOGLES_OWN = re.compile(
    r"cloudresourcemanager/(projects|folders|organizations)/[^/]+$"
    r"|compute/projects/[^/]+/(global/networks|regions/[^/]+/subnetworks)/default$"
    r"|logging/[^/]+/[^/]+/locations/global/buckets/_(Default|Required)$"
)


def new_world(faults: list[str] | None = None, latency: float = 0.0) -> World:
    """A world in which every project, folder and organization exists with what Google puts there, and nothing else yet."""
    store = Store(before=lambda key: bool(GOOGLES_OWN.match(key)))
    return World(store=store, faults=Faults([parse_fault(text) for text in faults or []]), latency=latency)


@dataclass(frozen=True)
class Strict:
    """What of Google's strictness is asked for: who the caller is, seconds until a grant is heard of, quotas of a minute, those

    that were raised or lowered, by what they are of, and how certificates are issued.
    """

    caller: str = ""
    iam_delay: float = 0.0
    rates: bool = False
    limits: Mapping[str, int] = field(default_factory=dict)
    issuing: Issuing = field(default_factory=Issuing)

    def holds(self, world: World) -> None:
        """From now on in this world."""
        world.caller, world.iam_delay, world.limits_rates = self.caller, self.iam_delay, self.rates
        world.limits |= self.limits
        world.issuing = self.issuing


@dataclass(frozen=True)
class Options:
    """How to serve. `machines`: the folder of what really runs; None where nothing does. `clock`: `still` or `real`."""

    port: int = 8099
    faults: tuple[str, ...] = ()
    latency: float = 0.0
    machines: Path | None = None
    net: int = 77
    running: Running = field(default_factory=Running)
    clock: str = "still"
    strict: Strict = field(default_factory=Strict)


def serve(options: Options) -> int:
    """Answer until interrupted or told to end (SIGTERM); returns the exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        world = new_world(list(options.faults), options.latency)
        if options.clock == "real":
            world.clock = RealClock()
        options.strict.holds(world)
        with contextlib.suppress(KeyboardInterrupt), running(world, options) as machines:
            server = listening(Simulator(world), options.port)
            sys.stdout.write(f"Google Cloud, simulated, at http://127.0.0.1:{server.server_address[1]}\n")
            if machines and machines.visitors is not None:
                sys.stdout.write(f"Visitors come in at http://127.0.0.1:{machines.visitors}\n")
            sys.stdout.flush()
            with server:
                server.serve_forever()
    except ValueError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    return 0


@contextlib.contextmanager
def running(world: World, options: Options) -> Iterator[Machines | None]:
    """With what really runs behind a world, if anything is to."""
    if options.machines is None:
        yield None
        return
    machines = Machines(options.machines, options.net, options.running)
    machines.begin(world)
    try:
        yield machines
    finally:
        machines.end()


def listening(simulator: Simulator, port: int = 0) -> ThreadingHTTPServer:
    """A server bound to a port (0: a free one) that answers with this simulator, one request at a time."""
    door = type("Door", (_Door,), {"simulator": simulator})
    server = ThreadingHTTPServer(("127.0.0.1", port), door)
    server.daemon_threads = True
    return server


class _Door(BaseHTTPRequestHandler):
    simulator: Simulator
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST:
            self._send(Answer(413, {"error": {"code": 413, "message": "Request entity too large."}}))
            return
        raw = self.rfile.read(length)
        with self.simulator.world.turn:
            try:
                answer = (
                    self._own(raw)
                    if self.path.startswith("/_gcpsim/")
                    else self.simulator.answer(self._request(raw))
                )
            except Refused as refusal:
                answer = said(refusal, "")
            if self.command != "GET":
                self.simulator.world.keep()
        self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def _request(self, raw: bytes) -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): ",".join(self.headers.get_all(name, [])) for name in self.headers}
        request = Request(
            headers.get("x-http-method-override") or self.command,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            None,
            headers.get("host", ""),
            raw,
            headers.get("content-type", ""),
            headers.get("content-range", ""),
            headers.get("range", ""),
            parts.query,
            headers,
        )
        return replace(request, body=_object(raw)) if raw and _is_json(request) else request

    def _own(self, raw: bytes) -> Answer:
        world, asked = self.simulator.world, _object(raw) if raw else {}
        if self.path == "/_gcpsim/journal":
            return Answer(200, {"entries": [vars(entry) for entry in world.journal.entries]})
        if self.path == "/_gcpsim/clock" and self.command == "POST":
            world.clock.pass_time(float(asked.get("seconds", 0)))
            return Answer(200, {"now": world.clock.now()})
        if self.path == "/_gcpsim/faults" and self.command == "POST":
            world.faults.planned.append(parse_fault(str(asked.get("fault", ""))))
            return Answer(200, {})
        if self.path == "/_gcpsim/bill" and self.command == "POST":
            return Answer(200, world.bill(asked))
        if self.path == "/_gcpsim/records" and self.command == "POST":
            world.elsewhere[str(asked.get("name")), str(asked.get("type"))] = list(asked.get("rrdatas", []))
            return Answer(200, {})
        if self.path == "/_gcpsim/folder":
            return Answer(200, {"folder": world.folder})
        if self.path == "/_gcpsim/resources":
            return Answer(200, {"names": sorted(resource.key for resource in world.store.everything())})
        raise Refused(404, "The simulator has no such door.")

    def _send(self, answer: Answer) -> None:
        if answer.lost:
            self.close_connection = True
            return
        body = (
            answer.media
            if answer.media is not None
            else b""
            if answer.body is None
            else json.dumps(answer.body).encode()
        )
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "content-type" not in {name.lower() for name in answer.headers} and body:
            self.send_header("Content-Type", "application/json; charset=UTF-8")
        if answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The journal says more."""


def _is_json(request: Request) -> bool:
    """Whether the bytes are a message rather than an object's content."""
    if request.path.startswith(("/upload/", "/storage/upload/")) or asked_of(request) is not None:
        return False
    return "json" in request.content_type or not request.content_type


def _object(raw: bytes) -> Json:
    try:
        value = json.loads(raw)
    except ValueError:
        raise Refused(400, "Invalid JSON payload received. Parsing error.") from None
    if not isinstance(value, dict):
        raise Refused(400, "Invalid JSON payload received. Root element must be a message.")
    return value
