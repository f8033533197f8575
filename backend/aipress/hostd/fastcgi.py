"""FastCGI (fastcgi-archives.github.io), as much as it takes to ask PHP for something and to see how that ended."""

import asyncio
import contextlib
import re
import struct

from aipress.hostd import listening
from aipress.hostd.host import Host

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
RESPONDER = struct.pack(">HB5x", 1, 0)
HEAD = struct.Struct(">BBHHBB")
STATUS = re.compile(rb"status: ([1-5][0-9]{2})\b", re.IGNORECASE)
LONGEST_HEAD = 4096
OWN = {
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_PORT": "80",
    "REMOTE_ADDR": "127.0.0.1",
}


async def ask(host: Host, id: str, variables: dict[str, str]) -> int:
    """Send one request to the environment's PHP and wait for the end of its answer: its HTTP status, 0 where it broke off.

    All else in it is the tenant's, and is thrown away unread. Raises OSError when the socket can't be reached.
    """
    reader, writer = await asyncio.open_unix_connection(sock=listening.knock(host, id))
    try:
        writer.write(_request(OWN | variables))
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            return await _status(reader)
        return 0
    finally:
        writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    head = b""
    while True:
        _, kind, _, length, padding, _ = HEAD.unpack(await reader.readexactly(HEAD.size))
        content = (await reader.readexactly(length + padding))[:length]
        if kind == END:
            found = STATUS.match(head)
            return int(found[1]) if found else 200
        if kind == STDOUT and len(head) < LONGEST_HEAD:
            head += content


def _request(variables: dict[str, str]) -> bytes:
    """One request without a body, as FastCGI records."""
    pairs = b"".join(_pair(name.encode(), value.encode()) for name, value in variables.items())
    return _record(BEGIN, RESPONDER) + _record(PARAMS, pairs) + _record(PARAMS, b"") + _record(STDIN, b"")


def _record(kind: int, content: bytes) -> bytes:
    return HEAD.pack(1, kind, 1, len(content), 0, 0) + content


def _pair(name: bytes, value: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(each) | 0x80000000) for each in (name, value)) + name + value
