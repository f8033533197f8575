"""The first visit to a PHP that just started, paid by us: afterwards WordPress's code lies compiled in its memory.

It is said in FastCGI (fastcgi-archives.github.io), straight to the environment's socket: no address leads there yet. What comes
back is the tenant's, so it is thrown away unread.
"""

import asyncio
import struct

from aipress.hostd import listening
from aipress.hostd.host import Host
from aipress.hostd.sandbox import view_of
from aipress.hostd.say import say

BEGIN, PARAMS, STDIN = 1, 4, 5
RESPONDER = struct.pack(">HB5x", 1, 0)
SECONDS = 20.0
# A search page is the one that WordPress renders whole under a name that is not its own.
WANTED = {
    "REQUEST_METHOD": "GET",
    "REQUEST_URI": "/?s=",
    "QUERY_STRING": "s=",
    "SCRIPT_NAME": "/index.php",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_NAME": "aipress.invalid",
    "SERVER_PORT": "80",
    "HTTP_HOST": "aipress.invalid",
    "REMOTE_ADDR": "127.0.0.1",
}


async def pay(host: Host, id: str) -> None:
    """Ask for one page, and wait until it has been made. That it could not be is logged, and no failure."""
    core = view_of(host, host.environment(id)).core
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_unix_connection(sock=listening.knock(host, id))
            try:
                writer.write(request(WANTED | {"SCRIPT_FILENAME": str(core / "index.php")}))
                while await reader.read(2**16):
                    pass
            finally:
                writer.close()
    except OSError as error:
        say("warning", "the first visit was not answered", environment=id, reason=repr(error))


def request(variables: dict[str, str]) -> bytes:
    """One request without a body, as FastCGI records."""
    pairs = b"".join(_pair(name.encode(), value.encode()) for name, value in variables.items())
    return _record(BEGIN, RESPONDER) + _record(PARAMS, pairs) + _record(PARAMS, b"") + _record(STDIN, b"")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def _pair(name: bytes, value: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(each) | 0x80000000) for each in (name, value)) + name + value
