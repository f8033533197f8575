"""A new master key for a sealed store: every data key is wrapped anew, no value is sealed anew, and no reader has to wait."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from aipress.kit.sealed import (
    DATA_KEY,
    KEY_BYTES,
    NotSealed,
    SealedStore,
    Unreadable,
    locked,
    read_file,
    seal,
    successor_of,
    sync_directory,
    unseal,
    write_file,
    write_once,
)


def rotate(store: SealedStore) -> Iterator[str]:
    """Exchange the master key: one write, then a word on it, again and again.

    Whoever dies between two writes leaves a store in which everything opens; rotating again finishes it. Raises SealedError,
    before the old key is gone, when a data key opens with neither: then the rest is wrapped anew and a person has to look.
    """
    path, successor = store.master_key_path, successor_of(store.master_key_path)
    with locked(path.parent, fcntl.LOCK_EX):
        old = store.master_keys()[0]
        if not successor.exists():
            write_once(successor, secrets.token_bytes(KEY_BYTES))
            _like(successor, path)
            sync_directory(path.parent)
            yield "a successor"
        new = read_file(successor)
        for scope in store.scopes():
            if _rewrap(store, scope, old, new):
                yield f"the data key of {scope}"
        os.replace(successor, path)
        sync_directory(path.parent)
        yield "the master key"


def _rewrap(store: SealedStore, scope: str, old: bytes, new: bytes) -> bool:
    """Wrap the scope's data key with the new master key; False where that is done, or there is none any more."""
    place = store.room(scope) / DATA_KEY
    try:
        wrapped = read_file(place)
    except NotSealed:
        return False
    try:
        unseal(new, scope, DATA_KEY, wrapped)
    except Unreadable:
        key = unseal(old, scope, DATA_KEY, wrapped)
        write_file(place, seal(new, scope, DATA_KEY, 1, key))
        sync_directory(place.parent)
        return True
    return False


def _like(path: Path, other: Path) -> None:
    """The same owner and the same rights."""
    found = other.stat()
    if os.geteuid() == 0:
        os.chown(path, found.st_uid, found.st_gid)
    path.chmod(found.st_mode & 0o777)
