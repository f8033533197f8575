"""Secrets this installation makes once and keeps in a file that only it can read."""

import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aipress.errors import AIPressError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds. `make` fills it the first time; of several processes that start at once, one wins.

    Raises AIPressError when others on this machine may read the file: then it is no secret any more.
    """
    if not path.exists():
        _place(path, make())
    if stat.S_IMODE(path.stat().st_mode) & OTHERS:
        raise AIPressError(
            f"{path} can be read by others. Remove it, so that a new one is made at the next start."
        )
    return path.read_bytes()


def _place(path: Path, content: bytes) -> None:
    """Write the file beside its place, then link it there: nobody sees half a secret, none is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
