"""The privileged daemon of the local cloud: `python -m aipress.hostd --data DIR`.

SIGTERM puts every environment to sleep and ends it. SIGHUP and SIGKILL leave environments running: the next hostd adopts them.
"""

import argparse
import asyncio
import fcntl
import os
import signal
import sys
from pathlib import Path

from aipress.errors import CloudError
from aipress.hostd import etc, kernel
from aipress.hostd.cgroups import find_cgroups
from aipress.hostd.daemon import Daemon
from aipress.hostd.door import open_door
from aipress.hostd.ground import Ground
from aipress.hostd.host import SYSTEM_DATA, Host, Unfit, survey
from aipress.hostd.say import say
from aipress.hostd.way_out import WayOut

CONFIGURATION_ERROR = 78  # EX_CONFIG of sysexits.h


def main() -> None:
    """Look around, recover, serve until told to end."""
    kernel.close_on_exec()
    kernel.allow_many_files()
    kernel.become_subreaper()
    os.umask(0o022)
    try:
        told = _arguments()
        host = survey(told)
    except (Unfit, CloudError) as error:
        say("error", str(error))
        sys.exit(CONFIGURATION_ERROR)
    host.make_own_places()
    lock = _only_one(host)
    etc.make_etc(host)
    asyncio.run(_serve(host, told.outbound == "auto"))
    os.close(lock)


async def _serve(host: Host, leads_out: bool) -> None:
    loop = asyncio.get_running_loop()
    way_out = WayOut(host, loop, is_wanted=leads_out)
    daemon = Daemon(host, Ground(host, find_cgroups(f"aipress-{host.mark}"), loop, way_out))
    told: asyncio.Future[signal.Signals] = loop.create_future()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, _tell, told, number)
    loop.add_signal_handler(signal.SIGCHLD, _reap)
    _reap()
    daemon.recover()
    door = await open_door(host, daemon.answer)
    tasks = [
        asyncio.create_task(daemon.clear_leftovers()),
        asyncio.create_task(daemon.keep_looking()),
        asyncio.create_task(daemon.keep_purging()),
    ]
    say(
        "info",
        "hostd is ready",
        environments=len(daemon.environments),
        isolated=host.is_root and host.has_bubblewrap,
    )
    reason = await told
    door.close()
    for task in tasks:
        task.cancel()
    if reason != signal.SIGHUP:
        await daemon.stop_all()
    say("info", "hostd ends", reason=reason.name)


def _tell(told: asyncio.Future[signal.Signals], number: signal.Signals) -> None:
    if not told.done():
        told.set_result(number)


def _reap() -> None:
    """Whatever ended and is ours to bury; what that means is noticed elsewhere, by pidfd."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _only_one(host: Host) -> int:
    """Two would fight over sockets. The kernel lets go of the lock however we end."""
    lock = os.open(host.own / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("error", f"another hostd serves {host.data}")
        sys.exit(CONFIGURATION_ERROR)
    return lock


def _arguments() -> argparse.Namespace:
    """Flags, else the platform's AIPRESS_* variables, else their defaults."""
    told = argparse.ArgumentParser(prog="aipress.hostd", description=__doc__)
    default = SYSTEM_DATA if os.geteuid() == 0 else Path.home() / ".local/share/aipress"
    told.add_argument("--data", type=Path, default=os.environ.get("AIPRESS_DATA_DIR", default))
    told.add_argument("--idle-seconds", type=int, default=os.environ.get("AIPRESS_IDLE_SECONDS", "300"))
    told.add_argument("--uid-base", type=int, default=os.environ.get("AIPRESS_UID_BASE", "700000"))
    told.add_argument("--uid-count", type=int, default=200_000)
    told.add_argument(
        "--php", default=os.environ.get("AIPRESS_PHP_VERSION", ""), help="its version, such as 8.2"
    )
    told.add_argument(
        "--outbound", choices=("auto", "none"), default=os.environ.get("AIPRESS_OUTBOUND", "auto")
    )
    told.add_argument("--control-user", default="aipress")
    told.add_argument("--web-user", default="aipress-web")
    told.add_argument("--logs-user", default="aipress-logs")
    return told.parse_args()


if __name__ == "__main__":
    main()
