"""What the tests' small image runs: a server that tells what it was told, and does what a test asks of it."""

import hashlib
import json
import os
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        getattr(self, f"say_{parts.path.strip('/') or 'all'}", self.say_all)(asked)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def say_all(self, asked: dict[str, str]) -> None:
        """Everything it knows of the request and of itself; headers to send as `h-NAME`, a status as `status`."""
        time.sleep(float(asked.get("seconds", 0)))
        length = self.headers.get("content-length")
        body = self.rfile.read(int(length)) if length else self.chunks()
        told = {
            "method": self.command,
            "path": self.path,
            "headers": [[name.lower(), value] for name, value in self.headers.items()],
            "bytes": len(body),
            "sum": hashlib.sha256(body).hexdigest(),
            "pid": os.getpid(),
            "at": time.time_ns(),
            "variables": dict(os.environ),
        }
        headers = [("Content-Type", "application/json")]
        headers += [(name[2:].split(".")[0], value) for name, value in asked.items() if name.startswith("h-")]
        self.send(json.dumps(told).encode(), int(asked.get("status", 200)), headers)

    def chunks(self) -> bytes:
        body = b""
        while "chunked" in self.headers.get("transfer-encoding", ""):
            size = int(self.rfile.readline(), 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if not size:
                break
        return body

    def say_health(self, asked: dict[str, str]) -> None:
        self.send(b"well", 500 if Path("/tmp/sick").exists() else 200)

    def say_sick(self, asked: dict[str, str]) -> None:
        Path("/tmp/sick").touch()
        self.send(b"")

    def say_print(self, asked: dict[str, str]) -> None:
        out = sys.stderr if asked.get("to") == "stderr" else sys.stdout
        out.write(asked["text"] + "\n")
        out.flush()
        self.send(b"")

    def say_file(self, asked: dict[str, str]) -> None:
        """Read a file, or write one."""
        place = Path(asked["name"])
        try:
            if "text" in asked:
                place.write_text(asked["text"])
            self.send(place.read_bytes())
        except OSError as refused:
            self.send(str(refused).encode(), 409)

    def say_stream(self, asked: dict[str, str]) -> None:
        """Two pieces, the second after a while."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"first", b"second"):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
            time.sleep(float(asked.get("pause", 0)))
        self.wfile.write(b"0\r\n\r\n")

    def say_socket(self, asked: dict[str, str]) -> None:
        """What somebody behind a socket greets with."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(asked["name"])
            self.send(line.recv(100))

    def say_half(self, asked: dict[str, str]) -> None:
        """Half of what it promised."""
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"half!")
        self.close_connection = True

    def say_exit(self, asked: dict[str, str]) -> None:
        os._exit(int(asked.get("code", 1)))

    def send(self, body: bytes, status: int = 200, headers: list[tuple[str, str]] | None = None) -> None:
        self.send_response(status)
        for name, value in headers or []:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Only what a test asks for is printed."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def unheard(self, request: object, client_address: object) -> None:
        """Who probes goes away without a word."""

    handle_error = unheard


def main() -> None:
    if "FAILS" in os.environ:
        sys.stderr.write("I can't start.\n")
        sys.exit(3)

    def end(*_: object) -> None:
        sys.stdout.write("I was told to end.\n")
        sys.stdout.flush()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while "WAITS_FOR" in os.environ and not Path(os.environ["WAITS_FOR"]).exists():
        time.sleep(0.01)
    Server(("127.0.0.1", int(os.environ["PORT"])), Door).serve_forever()


if __name__ == "__main__":
    main()
