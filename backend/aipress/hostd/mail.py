"""What sites want sent: messages that their PHP lays down in a directory of theirs, handed over by descriptor, following nothing."""

import base64
import contextlib
import os
import re
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from aipress.hostd.host import Host
from aipress.hostd.reports import Message
from aipress.hostd.safely import opened
from aipress.hostd.verbs import ID

SPOOL = "mail"
NAME = re.compile(r"[A-Za-z0-9]{12}\.eml")
LARGEST = 10 * 2**20  # bytes of a message
MOST, MOST_BYTES = 20, 12 * 2**20  # at once, of all environments
MOST_OF_ONE, LOOKED_AT = 5, 200
DRAFT_SECONDS = 3600
READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def take(host: Host, done: Mapping[str, Sequence[str]]) -> list[Message]:
    """Throw away what is done, and hand over the next messages: a few of each environment, so that none waits for another's."""
    for id, names in done.items():
        with contextlib.suppress(FileNotFoundError), opened(host.environment(id) / SPOOL) as spool:
            for name in names:
                with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                    os.unlink(f"{name}.eml", dir_fd=spool)
    found: list[Message] = []
    for message in _all_waiting(host):
        found.append(message)
        if len(found) >= MOST or sum(len(one.content) for one in found) >= MOST_BYTES:
            break
    return found


def _all_waiting(host: Host) -> Iterator[Message]:
    """Each time another environment's come first."""
    for id in sorted(os.listdir(host.environments), key=lambda _: os.urandom(4)):
        if ID.fullmatch(id):
            with contextlib.suppress(OSError), opened(host.environment(id) / SPOOL) as spool:
                yield from _waiting(id, spool)


def _waiting(id: str, spool: int) -> Iterator[Message]:
    """The oldest of one environment. What is no message is none of ours; drafts that nobody finishes are thrown away."""
    ages: dict[str, float] = {}
    with os.scandir(spool) as entries:
        for entry in islice(entries, LOOKED_AT):
            known = entry.stat(follow_symlinks=False)
            if NAME.fullmatch(entry.name):
                ages[entry.name] = known.st_mtime
            elif known.st_mtime < time.time() - DRAFT_SECONDS and not stat.S_ISDIR(known.st_mode):
                os.unlink(entry.name, dir_fd=spool)
    for name in sorted(ages, key=ages.__getitem__)[:MOST_OF_ONE]:
        if message := _read(id, name, spool):
            yield message


def _read(id: str, name: str, spool: int) -> Message | None:
    """One message; nothing where there is no file of that environment's own. It may be written to while it is read."""
    try:
        file = os.open(name, READING, dir_fd=spool)
    except OSError:
        return None
    try:
        known = os.fstat(file)
        if not stat.S_ISREG(known.st_mode) or known.st_uid != os.fstat(spool).st_uid:
            return None
        content = b"" if known.st_size > LARGEST else os.read(file, LARGEST)
        return Message(id, name.removesuffix(".eml"), known.st_size, base64.b64encode(content).decode())
    finally:
        os.close(file)
