"""A site's own files, for carrying them: opened, put in place and removed here, read and written by whoever asked.

Everything is done with the rights of the environment's own user, by descriptor, below its content, following no link. What is
handed over is a regular file of that user's or a draft, so that nothing of any size passes through hostd.
"""

import asyncio
import contextlib
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aipress.clouds.local.content import ROOMS
from aipress.hostd import kernel, listing
from aipress.hostd.handing import Handed
from aipress.hostd.host import Host
from aipress.hostd.listing import READING
from aipress.hostd.safely import ensure_directory, opened
from aipress.hostd.sandbox import view_of
from aipress.hostd.verbs import DraftFile, ForgetFiles, KeepFile, ListFiles, ReadFile, Refusal

AboutFiles = ListFiles | ReadFile | DraftFile | KeepFile | ForgetFiles
DRAFTING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
DRAFTS, DRAFT_SECONDS = "carry", 3600.0  # no sandbox sees that directory
AT_ONCE, LISTINGS_AT_ONCE = 4, 4


@dataclass(frozen=True, slots=True)
class Content:
    """An environment's own content, open, and whose it is."""

    descriptor: int
    uid: int

    def check(self, file: int) -> os.stat_result:
        """What is known of an open file. Raises Refusal unless it is a regular one, its user's own, on the same disk."""
        known = os.fstat(file)
        there = os.fstat(self.descriptor)
        if not stat.S_ISREG(known.st_mode) or (known.st_uid, known.st_dev) != (self.uid, there.st_dev):
            raise Refusal("not_found", "that is no file of the environment's own")
        return known


class Contents:
    """What is asked about files is done in threads of its own: however slow a disk is, nobody else waits for it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._threads = ThreadPoolExecutor(AT_ONCE, "files")
        self._listings = asyncio.Semaphore(LISTINGS_AT_ONCE)

    async def answer(self, verb: AboutFiles) -> object:
        """Raises Refusal, OSError."""
        verbs: dict[type, Callable[..., object]] = {
            ReadFile: read_file,
            DraftFile: draft_file,
            KeepFile: keep_file,
            ForgetFiles: forget_files,
        }
        loop = asyncio.get_running_loop()
        if isinstance(verb, ListFiles):
            return await self._list(verb)
        return await loop.run_in_executor(self._threads, verbs[type(verb)], self.host, verb)

    async def _list(self, verb: ListFiles) -> Handed:
        """The listing goes on in a thread until all of it is read, or nobody reads any more."""
        if self._listings.locked():
            raise Refusal("busy", f"{LISTINGS_AT_ONCE} listings are under way; ask again")
        await self._listings.acquire()
        loop = asyncio.get_running_loop()
        try:
            return listing.begin(
                lambda out: list_files(self.host, verb, out),
                lambda: loop.call_soon_threadsafe(self._listings.release),
            )
        except BaseException:
            self._listings.release()
            raise


def list_files(host: Host, verb: ListFiles, out: int) -> None:
    """Write the lines of a listing to `out`. Raises Refusal, OSError."""
    shipped = view_of(host, host.environment(verb.id)).core / "wp-content/themes"
    with _content(host, verb.id) as content, kernel.as_user(content.uid):
        kernel.write_out(content.descriptor)
        listing.write(listing.Walk(content, str(shipped), verb.since), out)


def read_file(host: Host, verb: ReadFile) -> Handed:
    """The file as it is now, however it changes: who reads it reads no more than the size that is told."""
    with _content(host, verb.id) as content, kernel.as_user(content.uid):
        with _folder(content, verb.file) as (folder, name):
            file = os.open(name, READING, dir_fd=folder)
        try:
            return Handed(content.check(file).st_size, file)
        except BaseException:
            os.close(file)
            raise


def draft_file(host: Host, verb: DraftFile) -> Handed:
    """An empty file where no program of the tenant's sees it."""
    with _content(host, verb.id) as content, _drafts(host, verb.id, content) as drafts:
        name = secrets.token_hex(8)
        with kernel.as_user(content.uid):
            _clear(drafts)
            return Handed(name, os.open(name, DRAFTING, 0o600, dir_fd=drafts))


def keep_file(host: Host, verb: KeepFile) -> None:
    """Whole or not at all: it is renamed."""
    with (
        _content(host, verb.id) as content,
        _drafts(host, verb.id, content) as drafts,
        kernel.as_user(content.uid),
        _folder(content, verb.file, makes=True) as (folder, name),
    ):
        os.chmod(verb.draft, 0o644, dir_fd=drafts)
        os.rename(verb.draft, name, src_dir_fd=drafts, dst_dir_fd=folder)


def forget_files(host: Host, verb: ForgetFiles) -> None:
    """What is behind a link, or is a folder by now, is none of these files: it stays."""
    with _content(host, verb.id) as content, kernel.as_user(content.uid):
        for file in verb.files:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
                with _folder(content, file) as (folder, name):
                    os.unlink(name, dir_fd=folder)
                _remove_empty(content, file.split("/")[:-1])


@contextlib.contextmanager
def _content(host: Host, id: str) -> Iterator[Content]:
    """Raises Refusal where there is none of a user's that environments may have."""
    try:
        directory = os.open(host.environment(id) / "content", os.O_DIRECTORY | READING)
    except FileNotFoundError:
        raise Refusal("not_found", f"environment {id} has no files") from None
    try:
        uid = os.fstat(directory).st_uid
        if host.is_root and uid not in host.uids:
            raise Refusal("conflict", f"the files of {id} belong to nobody who may have any")
        yield Content(directory, uid)
    finally:
        os.close(directory)


@contextlib.contextmanager
def _drafts(host: Host, id: str, content: Content) -> Iterator[int]:
    place = host.environment(id) / DRAFTS
    ensure_directory(place, 0o700, (content.uid, content.uid))
    with opened(place) as drafts:
        yield drafts


@contextlib.contextmanager
def _folder(content: Content, file: str, *, makes: bool = False) -> Iterator[tuple[int, str]]:
    """The folder a file lies in, open, and the file's name in it; what is missing is made if `makes`."""
    *folders, name = file.split("/")
    here = os.dup(content.descriptor)
    try:
        for folder in folders:
            below = _make_way(folder, here) if makes else _enter(folder, here)
            os.close(here)
            here = below
        yield here, name
    finally:
        os.close(here)


def _enter(folder: str, inside: int) -> int:
    return os.open(folder, os.O_DIRECTORY | READING, dir_fd=inside)


def _make_way(folder: str, inside: int) -> int:
    """A folder, made where there is none. A link in its place gives way: it is its user's own, such as that of a shipped theme."""
    try:
        return _enter(folder, inside)
    except FileNotFoundError:
        pass
    except OSError:
        if not stat.S_ISLNK(os.stat(folder, dir_fd=inside, follow_symlinks=False).st_mode):
            raise
        os.unlink(folder, dir_fd=inside)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, 0o755, dir_fd=inside)
    made = _enter(folder, inside)
    os.fchmod(made, 0o755)  # whatever our umask: nginx reads it
    return made


def _remove_empty(content: Content, folders: Sequence[str]) -> None:
    """From the innermost outwards, but for the places WordPress looks for."""
    for depth in range(len(folders), 0, -1):
        path = "/".join(folders[:depth])
        if path in ROOMS:
            return
        try:
            with _folder(content, path) as (folder, name):
                os.rmdir(name, dir_fd=folder)
        except OSError:
            return


def _clear(drafts: int) -> None:
    """Of whoever was killed while writing."""
    for name in os.listdir(drafts):
        with contextlib.suppress(FileNotFoundError):
            if os.stat(name, dir_fd=drafts, follow_symlinks=False).st_mtime < time.time() - DRAFT_SECONDS:
                os.unlink(name, dir_fd=drafts)
