"""Files of the platform: written only when they would change, in one move, with the owner and mode they should have."""

import hashlib
import os
import tempfile
from pathlib import Path

from aipress.cli.machine.accounts import Account


def write_if_changed(path: Path, content: str, mode: int = 0o644, owner: Account | None = None) -> bool:
    """True when the file was written; a file that is already right is not touched."""
    if _reads(path) == content:
        set_owner(path, mode, owner)
        return False
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    set_owner(Path(temporary), mode, owner)
    os.replace(temporary, path)
    return True


def set_owner(path: Path, mode: int, owner: Account | None) -> None:
    """Owner first, then mode: the other way round would open the file to its former owner. Nothing done when right."""
    now = path.lstat()
    if owner and (now.st_uid, now.st_gid) != (owner.uid, owner.gid):
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
    if now.st_mode & 0o7777 != mode:
        path.chmod(mode)


def fingerprint_of(root: Path, skip: frozenset[str]) -> str:
    """A short hash of every file's path and content below `root`, without the folders named in `skip`."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - skip)
        for name in sorted(names):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def digest(path: Path) -> str:
    """A short hash of one file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def point(link: Path, target: str) -> bool:
    """Make `link` lead to `target` in one move. True when it changed."""
    if link.is_symlink() and os.readlink(link) == target:
        return False
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.symlink_to(target)
    os.replace(fresh, link)
    return True


def _reads(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None
