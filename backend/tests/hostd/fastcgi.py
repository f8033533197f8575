"""A FastCGI client of a few lines: what nginx says to PHP-FPM, said by a test."""

import asyncio
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BEGIN, PARAMS, STDIN, STDOUT, STDERR = 1, 4, 5, 6, 7


class Unanswered(Exception):
    """The connection ended before an answer was whole."""


@dataclass(frozen=True)
class Answer:
    """What PHP said, and how long its first byte took (milliseconds)."""

    head: str
    body: str
    errors: str
    first_byte_ms: float


async def fetch(socket_path: Path, script: str, seconds: float = 20, **params: str) -> Answer:
    """Run `script` (a path as PHP sees it) through the socket."""
    async with asyncio.timeout(seconds):
        started = time.perf_counter()
        with _short(socket_path) as path:
            reader, writer = await asyncio.open_unix_connection(path)
        try:
            writer.write(_request(script, params))
            await writer.drain()
            first = await reader.read(1)
            took = (time.perf_counter() - started) * 1000
            return _answer(first + await reader.read(), took)
        finally:
            writer.close()


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A path of a socket may have 107 characters; temporary directories are longer."""
    directory = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def _request(script: str, params: dict[str, str]) -> bytes:
    variables = {
        "SCRIPT_FILENAME": script,
        "SCRIPT_NAME": "/" + Path(script).name,
        "REQUEST_METHOD": "GET",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REQUEST_URI": "/",
        "QUERY_STRING": "",
        "HTTP_HOST": "site.localhost",
        "SERVER_NAME": "site.localhost",
        "REMOTE_ADDR": "127.0.0.1",
        **params,
    }
    pairs = b"".join(_pair(name.encode(), value.encode()) for name, value in variables.items())
    begin = struct.pack(">HB5x", 1, 0)
    return _record(BEGIN, begin) + _record(PARAMS, pairs) + _record(PARAMS, b"") + _record(STDIN, b"")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def _pair(name: bytes, value: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(each) | 0x80000000) for each in (name, value)) + name + value


def _answer(raw: bytes, took: float) -> Answer:
    parts = {STDOUT: b"", STDERR: b""}
    ended = False
    while len(raw) >= 8:
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", raw[:8])
        if kind in parts:
            parts[kind] += raw[8 : 8 + length]
        ended = ended or kind == 3
        raw = raw[8 + length + padding :]
    if not ended:
        raise Unanswered(f"{len(parts[STDOUT])} bytes came")
    head, _, body = parts[STDOUT].decode(errors="replace").partition("\r\n\r\n")
    return Answer(head, body, parts[STDERR].decode(errors="replace"), took)
