"""The first visit to a PHP that just started, paid by us: afterwards WordPress's code lies compiled in its memory."""

import asyncio

from aipress.hostd import fastcgi
from aipress.hostd.host import Host
from aipress.hostd.sandbox import view_of
from aipress.hostd.say import say

SECONDS = 20.0
# A search page is the one that WordPress renders whole under a name that is not its own.
WANTED = {
    "REQUEST_METHOD": "GET",
    "REQUEST_URI": "/?s=",
    "QUERY_STRING": "s=",
    "SCRIPT_NAME": "/index.php",
    "SERVER_NAME": "aipress.invalid",
    "HTTP_HOST": "aipress.invalid",
}


async def pay(host: Host, id: str) -> None:
    """Ask for one page, and wait until it has been made. That it could not be is logged, and no failure."""
    core = view_of(host, host.environment(id)).core
    try:
        async with asyncio.timeout(SECONDS):
            await fastcgi.ask(host, id, WANTED | {"SCRIPT_FILENAME": str(core / "index.php")})
    except OSError as error:
        say("warning", "the first visit was not answered", environment=id, reason=repr(error))
