"""The service: `python -m aipress.clouds.local.shipper`. SIGTERM ends it between two rounds; SIGKILL may end it anywhere."""

import fcntl
import os
import pwd
import signal
import sqlite3
import sys
import time
from datetime import timedelta
from types import FrameType

from aipress.clouds.local.logs.logbook import Logbook
from aipress.clouds.local.shipper.shipping import Shipper
from aipress.clouds.local.shipper.slow import SlowQueries
from aipress.config import Settings
from aipress.kit import logs

NAP = 0.4  # seconds, when nothing was new
AFTER_A_FAILURE = 5.0


def main() -> None:
    """Ship until told to end."""
    settings = Settings()
    logs.configure("shipper", settings.log_level)
    os.umask(0o007)
    home = settings.data_dir / "shipper"
    lock = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another shipper is at work here")
    logbook = Logbook(home / "logbook.sqlite3")
    slow = SlowQueries(settings.run_dir / "mariadb.sock", pwd.getpwuid(os.geteuid()).pw_name)
    quota, keep = settings.log_quota_mb * 1_000_000, timedelta(days=settings.log_days)
    shipper = Shipper(settings.data_dir, logbook, quota, keep, slow)
    ship(shipper)
    logbook.close()


def ship(shipper: Shipper) -> None:
    """Round after round, until SIGTERM or SIGINT.

    A round that failed half-way (a full disk) ends it: the next shipper recovers, and begins where the logbook is.
    """
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    while not told:
        try:
            nap = 0 if shipper.round() else NAP
        except (OSError, sqlite3.Error) as error:
            logs.get().error("a round failed; another shipper begins where it did", why=str(error))
            time.sleep(AFTER_A_FAILURE)
            sys.exit(1)
        time.sleep(nap)


if __name__ == "__main__":
    main()
