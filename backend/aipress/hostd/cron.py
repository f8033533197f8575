"""A run of a site's cron, asked for at its own socket: nginx leads nobody to the script that does it."""

import asyncio
import time

from aipress.hostd import fastcgi
from aipress.hostd.host import Host
from aipress.hostd.reports import CronRun
from aipress.hostd.sandbox import view_of
from aipress.hostd.verbs import RunCron

SCRIPT = "wp-content/mu-plugins/aipress/run-cron.php"


async def run(host: Host, verb: RunCron) -> CronRun:
    """Wait until the run has ended, however it does. Raises OSError."""
    began, status = time.monotonic(), 0
    core = view_of(host, host.environment(verb.id)).core
    wanted = {
        "REQUEST_METHOD": "GET",
        "REQUEST_URI": "/wp-cron.php?doing_wp_cron",
        "QUERY_STRING": "doing_wp_cron",
        "SCRIPT_NAME": "/wp-cron.php",
        "SCRIPT_FILENAME": str(core / SCRIPT),
        "SERVER_NAME": verb.host,
        "HTTP_HOST": verb.host,
        "HTTP_X_REQUEST_ID": verb.request,
    }
    try:
        async with asyncio.timeout(verb.seconds):
            status = await fastcgi.ask(host, verb.id, wanted)
    except TimeoutError:
        pass  # PHP itself is ended by FPM, not long after
    return CronRun(status, round((time.monotonic() - began) * 1000, 1))
