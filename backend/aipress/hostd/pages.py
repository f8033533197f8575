"""The pages the edge keeps of an environment, and how they are purged: all at once, or those at a path or with a tag.

nginx begins a page's key with the real path of `pages/now`. A new target of that link forgets all pages at once, also those that
are being made at this moment; what the old ones take, nginx clears away as it needs room. One page is purged by removing its file.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aipress.hostd.host import Host
from aipress.hostd.safely import ensure_directory
from aipress.hostd.verbs import Refusal

NOW = "now"
KEY, TAGS = b"\nKEY: ", b"\r\nX-AIPress-Tags: "
# What nginx writes before a page: its own header, the key, and what WordPress said before the page itself.
HEAD_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """One page as nginx keeps it. Without tags there is no telling what it is made of."""

    file: str
    path: str
    tags: frozenset[str] | None


def ensure_pages(host: Host, place: Path, owner: tuple[int, int]) -> None:
    """The place that keys begin with, and `purge/`, where the site's WordPress says what changed."""
    ensure_directory(place / "pages", 0o750, (0, host.web_gid))
    ensure_directory(place / "purge", 0o710, (owner[0], host.web_gid))
    if not (place / "pages" / NOW).is_dir():
        _turn(place / "pages")


def purge(host: Host, id: str, path: str = "") -> None:
    """Forget every page of the environment, or those at this path. Raises Refusal where there is no environment."""
    try:
        if path:
            purge_those(host, id, lambda page: page.path.rstrip("/") == path.rstrip("/"))
        else:
            _turn(host.environment(id) / "pages")
    except FileNotFoundError:
        raise Refusal("not_found", f"environment {id} has no files") from None


def purge_those(host: Host, id: str, is_meant: Callable[[Kept], bool]) -> None:
    """Forget the pages of which this is true."""
    for page in kept(host, id):
        if is_meant(page):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(page.file)


def kept(host: Host, id: str) -> Iterator[Kept]:
    """Every page that is kept of the environment. Nobody else's: a key begins with what only hostd can make."""
    place = host.environment(id) / "pages"
    beginning = os.fsencode(place / os.readlink(place / NOW)) + b" "
    for file in _files(host.data / "nginx/cache"):
        head = _head(file)
        start = head.find(KEY) + len(KEY)
        key = head[start : head.find(b"\n", start)]
        if start >= len(KEY) and key.startswith(beginning):
            _scheme, _host, path, _query = key[len(beginning) :].split(b" ", 3)
            yield Kept(file, path.decode("ascii", "replace"), _tags(head))


def _files(cache: Path) -> Iterator[str]:
    with contextlib.suppress(FileNotFoundError):
        for shelf in os.scandir(cache):
            with contextlib.suppress(OSError):
                yield from (entry.path for entry in os.scandir(shelf.path))


def _head(file: str) -> bytes:
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(handle, HEAD_BYTES)
    finally:
        os.close(handle)


def _tags(head: bytes) -> frozenset[str] | None:
    start = head.find(TAGS)
    if start < 0:
        return None
    start += len(TAGS)
    return frozenset(head[start : head.find(b"\r", start)].decode("ascii", "replace").split())


def _turn(pages: Path) -> None:
    fresh = secrets.token_hex(6)
    (pages / fresh).mkdir(mode=0o755)
    link = pages / f".{fresh}"
    link.symlink_to(fresh)
    link.rename(pages / NOW)
    for name in os.listdir(pages):
        if name not in (NOW, fresh):
            _clear(pages / name)


def _clear(old: Path) -> None:
    if old.is_symlink():
        old.unlink()
    else:
        old.rmdir()
