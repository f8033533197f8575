"""Secrets at rest: small values sealed with AES-256-GCM, one data key per scope, the data key wrapped by a master key.

A sealed file is one format byte, the value's version (8 bytes), the nonce (12 bytes), then ciphertext and tag; scope, name and
version are authenticated with it, so a file moved to another name or scope does not open.
"""

import contextlib
import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUFFIX = ".sealed"
DATA_KEY = ".key"
FORMAT = b"\x01"
HEADER = len(FORMAT) + 8 + 12
KEY_BYTES = 32
GENERATED_BYTES = 48
LARGEST_FILE = 1 << 20
LOOKS, LOCK_SECONDS = 3, 20.0
SCOPE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


class SealedError(Exception):
    """A sealed value could not be written or read. Never says the value.

    + NotSealed     there is nothing of that name
    + Unreadable    it is there, and does not open: damaged, moved, or sealed with another key
    """


class NotSealed(SealedError):
    """There is nothing of that name."""


class Unreadable(SealedError):
    """It is there and does not open."""


def ensure_master_key(path: Path) -> None:
    """Make the master key if there is none. It is never made anew by anything else: without it every sealed value is lost."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    write_once(path, secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class SealedStore:
    """Sealed values by scope and name, as files `<directory>/<scope>/<name>.sealed`.

    Files belong to whoever owns the directory and are readable by its group (0640). Several processes may use it at once: a
    reader sees the old value or the new one, never half of one.
    """

    directory: Path
    master_key_path: Path

    def put(self, scope: str, name: str, value: str) -> None:
        """Seal `value`, replacing what was there. Durable when this returns."""
        place = self._place(scope, name)
        key = self._ensure_data_key(scope)
        version = self._version_of(place) + 1
        write_file(place, seal(key, scope, name, version, value.encode()))
        sync_directory(place.parent)

    def get(self, scope: str, name: str) -> str:
        """The value. Raises NotSealed or Unreadable."""
        place = self._place(scope, name)
        sealed = read_file(place)
        return unseal(self._data_key(scope), scope, name, sealed).decode()

    def read_all(self, scope: str) -> dict[str, str]:
        """Every value of the scope by name; empty when there is no such scope."""
        names = self.names(scope)
        if not names:
            return {}
        key = self._data_key(scope)
        return {
            name: unseal(key, scope, name, read_file(self._place(scope, name))).decode() for name in names
        }

    def names(self, scope: str) -> list[str]:
        """What is sealed in the scope, sorted."""
        try:
            found = os.listdir(self.room(scope))
        except FileNotFoundError:
            return []
        return sorted(file.removesuffix(SUFFIX) for file in found if file.endswith(SUFFIX) and file[0] != ".")

    def scopes(self) -> list[str]:
        """Every scope that was ever given a value and not removed."""
        if not self.directory.is_dir():
            return []
        return sorted(
            entry.name
            for entry in os.scandir(self.directory)
            if entry.is_dir() and SCOPE.fullmatch(entry.name)
        )

    def generate(self, scope: str, names: Iterable[str]) -> None:
        """Give every name that has no value yet a random one (64 characters, A-Z a-z 0-9 _ -); what is there stays."""
        wanted = [name for name in names if not self._place(scope, name).exists()]
        if not wanted:
            return
        key = self._ensure_data_key(scope)
        for name in wanted:
            value = secrets.token_urlsafe(GENERATED_BYTES).encode()
            write_once(self._place(scope, name), seal(key, scope, name, 1, value))
        sync_directory(self.room(scope))

    def remove(self, scope: str, name: str) -> None:
        """Forget one value."""
        self._place(scope, name).unlink(missing_ok=True)

    def remove_scope(self, scope: str) -> None:
        """Forget the scope. Its data key goes first, so whatever survives a crash half-way can't be opened again."""
        room = self.room(scope)
        (room / DATA_KEY).unlink(missing_ok=True)
        try:
            shutil.rmtree(room)
        except FileNotFoundError:
            return
        sync_directory(self.directory)

    def room(self, scope: str) -> Path:
        """The scope's directory. Raises SealedError for what is no scope."""
        if not SCOPE.fullmatch(scope):
            raise SealedError(f"{scope!r} is not a scope")
        return self.directory / scope

    def _place(self, scope: str, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise SealedError(f"{name!r} is not a name for a sealed value")
        return self.room(scope) / f"{name}{SUFFIX}"

    def master_keys(self) -> list[bytes]:
        """The master key and, while one takes its place (`rotation.py`), its successor. Raises SealedError."""
        found = []
        for path in (self.master_key_path, successor_of(self.master_key_path)):
            with contextlib.suppress(NotSealed):
                found.append(read_file(path))
        if not found:
            raise SealedError(f"the master key {self.master_key_path} is missing")
        if any(len(key) != KEY_BYTES for key in found):
            raise SealedError(f"the master key {self.master_key_path} is damaged")
        return found

    def _data_key(self, scope: str) -> bytes:
        """Looked at again when it does not open: it may have been wrapped anew, or the master key exchanged, in between."""
        for _ in range(LOOKS):
            wrapped = read_file(self.room(scope) / DATA_KEY)
            for master in self.master_keys():
                with contextlib.suppress(Unreadable):
                    return unseal(master, scope, DATA_KEY, wrapped)
        raise Unreadable(f"the data key of {scope} does not open: damaged, moved, or sealed with another key")

    def _ensure_data_key(self, scope: str) -> bytes:
        room = self.room(scope)
        if not (room / DATA_KEY).exists():
            with locked(self.master_key_path.parent, fcntl.LOCK_SH):
                _make_room(room)
                fresh = seal(self.master_keys()[0], scope, DATA_KEY, 1, secrets.token_bytes(KEY_BYTES))
                write_once(room / DATA_KEY, fresh)
        return self._data_key(scope)

    @staticmethod
    def _version_of(place: Path) -> int:
        try:
            return int.from_bytes(read_file(place)[1:9], "big")
        except NotSealed:
            return 0


def successor_of(master_key_path: Path) -> Path:
    """Where the next master key lies until it takes the place of this one."""
    return master_key_path.with_name(f"{master_key_path.name}.next")


@contextlib.contextmanager
def locked(directory: Path, how: int) -> Iterator[None]:
    """Whoever makes a data key shares this lock; whoever exchanges the master key has it alone. Raises SealedError."""
    deadline = time.monotonic() + LOCK_SECONDS
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        while True:
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise SealedError("the vault's master key is being exchanged; ask again") from None
                time.sleep(0.01)
        yield
    finally:
        os.close(handle)


def seal(key: bytes, scope: str, name: str, version: int, value: bytes) -> bytes:
    """The value as a sealed file holds it: it opens only as this version of this name in this scope."""
    nonce = secrets.token_bytes(12)
    return (
        FORMAT
        + version.to_bytes(8, "big")
        + nonce
        + AESGCM(key).encrypt(nonce, value, _bound_to(scope, name, version))
    )


def unseal(key: bytes, scope: str, name: str, sealed: bytes) -> bytes:
    """What is in it. Raises Unreadable."""
    if len(sealed) < HEADER or sealed[:1] != FORMAT:
        raise Unreadable(f"{scope}/{name} is damaged")
    version = int.from_bytes(sealed[1:9], "big")
    try:
        return AESGCM(key).decrypt(sealed[9:HEADER], sealed[HEADER:], _bound_to(scope, name, version))
    except InvalidTag:
        raise Unreadable(
            f"{scope}/{name} does not open: damaged, moved, or sealed with another key"
        ) from None


def _bound_to(scope: str, name: str, version: int) -> bytes:
    return f"{scope}|{name}|{version}".encode()


def read_file(place: Path) -> bytes:
    """O_NONBLOCK and O_NOFOLLOW: the reader may be root and the directory someone else's."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotSealed(f"there is no {place.parent.name}/{place.name.removesuffix(SUFFIX)}") from None
    except OSError as error:
        raise Unreadable(f"{place.parent.name}/{place.name} can't be read: {error.strerror}") from None
    with open(handle, "rb") as file:
        return file.read(LARGEST_FILE)


def write_file(place: Path, content: bytes) -> None:
    """Replace it in one go."""
    draft = _draft(place, content)
    draft.rename(place)


def write_once(place: Path, content: bytes) -> None:
    """A link, unlike a rename, never replaces: of two writers the first one wins and both go on."""
    if place.exists():
        return
    draft = _draft(place, content)
    try:
        os.link(draft, place)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _draft(place: Path, content: bytes) -> Path:
    draft = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    with open(handle, "wb") as file:
        _give_to_owner_of(place.parent, handle)
        file.write(content)
        file.flush()
        os.fsync(handle)
    return draft


def _make_room(room: Path) -> None:
    room.mkdir(mode=0o750, exist_ok=True)
    sync_directory(room.parent)
    handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _give_to_owner_of(room.parent, handle)
    finally:
        os.close(handle)


def _give_to_owner_of(directory: Path, handle: int) -> None:
    """What root writes into someone's directory is theirs to replace and remove."""
    if os.geteuid() == 0:
        owner = directory.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


def sync_directory(directory: Path) -> None:
    """Make what was renamed or removed in there last."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
