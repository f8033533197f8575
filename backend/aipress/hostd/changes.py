"""What a site's WordPress says it changed, in `purge/changed`: while that file is there, nginx keeps and shows no page of the site.

So nobody has to hurry, and nothing is lost: whoever dies in between leaves the file. The directory is the tenant's own; what lies in
it is read as data, by descriptor, following nothing.
"""

import asyncio
import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterable, Mapping

from aipress.hostd import pages
from aipress.hostd.environment import Environment
from aipress.hostd.host import Host
from aipress.hostd.safely import opened
from aipress.hostd.verbs import Refusal

CHANGED = "changed"
EVERYTHING = "all"
MOST_BYTES = 64 * 1024
# As long as nginx may need to put away a page that was finished just before. Until then the site is served without the cache.
SETTLE_SECONDS = 1.0
LOOK_SECONDS, LOOKS_UNTIL_ALL = 0.5, 60


async def keep_taking_up(host: Host, environments: Mapping[str, Environment]) -> None:
    """Look at those that are awake, and now and then at all: what runs at night changes pages too. Until cancelled."""
    looks = 0
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        looks += 1
        is_for_all = looks % LOOKS_UNTIL_ALL == 0
        ids = [id for id, each in environments.items() if is_for_all or each.state != "asleep"]
        await asyncio.to_thread(take_up, host, ids)


def take_up(host: Host, ids: Iterable[str]) -> None:
    """Purge what these environments say they changed, where that has settled."""
    for id in ids:
        with contextlib.suppress(OSError, Refusal), opened(host.environment(id) / "purge") as directory:
            _take_up(host, id, directory)


def _take_up(host: Host, id: str, directory: int) -> None:
    now = os.stat(CHANGED, dir_fd=directory, follow_symlinks=False)
    if not stat.S_ISREG(now.st_mode) or time.time() - now.st_mtime < SETTLE_SECONDS:
        return
    file = os.open(CHANGED, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    try:
        size = os.fstat(file).st_size
        said = os.read(file, MOST_BYTES).decode("ascii", "replace")
        _purge(host, id, set(said.split()) if size <= MOST_BYTES else {EVERYTHING})
        _forget(directory, file, size)
    finally:
        os.close(file)


def _purge(host: Host, id: str, changed: set[str]) -> None:
    if EVERYTHING in changed:
        pages.purge(host, id)
    else:
        pages.purge_those(host, id, lambda page: page.tags is None or not changed.isdisjoint(page.tags))


def _forget(directory: int, file: int, size: int) -> None:
    """Remove the file, unless more was said since; WordPress writes under the same lock."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if os.fstat(file).st_size == size:
        os.unlink(CHANGED, dir_fd=directory)
