"""A site's own files as every cloud has them: by path below wp-content, each with its size and MD5, and which names travel."""

import hashlib
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

LONGEST_PATH, LONGEST_NAME = 900, 255  # bytes: of an object's name on Google, and of a file's on Linux
UPLOADS = "uploads/"
UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
TRANSIENT = ("upgrade/", "upgrade-temp-backup/")
"""Where WordPress unpacks what it installs: nobody's to keep."""


@dataclass(frozen=True)
class Stored:
    """A file's bytes, and their MD5 in hex: whether two files are the same is told by these."""

    size: int
    md5: str


class Files(dict[str, Stored]):
    """What there is, by path. `left_out` is what does not travel, each by a name that can be shown, and why."""

    def __init__(
        self, found: Mapping[str, Stored] | None = None, left_out: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(found or {})
        self.left_out = dict(left_out or {})


class KeepsFiles(Protocol):
    """What each cloud's `Buckets` can do with them. What the platform itself brings, such as a theme of the core's, is no file of a site's."""

    async def files(self, environment_id: str) -> Files:
        """All of them, and what can't be carried. Raises CloudRefused where the environment has no bucket."""

    def read(self, environment_id: str, path: str) -> AsyncIterator[bytes]:
        """A file's bytes, a piece at a time. Raises CloudRefused for what is no file of the site's own (any more)."""

    async def write(self, environment_id: str, path: str, content: AsyncIterable[bytes]) -> None:
        """The file with this content, in place of what was there: whole, or not at all."""

    async def forget(self, environment_id: str, paths: Iterable[str]) -> None:
        """These are gone; those that were not there, too."""

    async def settle(self, environment_id: str) -> None:
        """What is there now is all there is. Said after the last write; the runtime, ensured again after this, goes by it."""

    async def check_fits(self, files: Mapping[str, Stored]) -> None:
        """Raises CloudRefused or NoRoom where a site with these could not live here; asked before anything is moved."""


def stored(content: bytes) -> Stored:
    """What is told of these bytes."""
    return Stored(len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())


def fault_of(path: str) -> str:
    """Why a file of this path can't be carried; '' where it can. Clouds take other names: these are what all of them take."""
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    parts = path.split("/")
    if UNPRINTABLE.search(path):
        return "its name has a line end or another control character"
    if any(part in ("", ".", "..") for part in parts):
        return "its name is not a path"
    if len(encoded) > LONGEST_PATH or any(len(part.encode()) > LONGEST_NAME for part in parts):
        return "its name is too long"
    return ""


def shown(path: str) -> str:
    """A path that any screen and log can take."""
    return (
        path.encode("utf-8", "surrogateescape")
        .decode("utf-8", "replace")
        .encode("unicode_escape")
        .decode()[:200]
    )


def is_carried(path: str) -> bool:
    """Whether it is a site's own to keep."""
    return not path.startswith(TRANSIENT)
