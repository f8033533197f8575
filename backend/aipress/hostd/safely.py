"""File work where a tenant may be writing at the same moment: by descriptor, following nothing."""

import os
import secrets
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def opened(directory: Path | str, inside: int | None = None) -> Iterator[int]:
    """A descriptor of a directory that is no link. Raises OSError."""
    handle = os.open(directory, DIRECTORY, dir_fd=inside)
    try:
        yield handle
    finally:
        os.close(handle)


def ensure_directory(path: Path, mode: int, owner: tuple[int, int] | None = None) -> None:
    """The directory with this mode and owner (uid, gid); what lies in it stays as it is."""
    path.mkdir(mode=0o700, exist_ok=True)
    with opened(path) as here:
        if owner is not None and os.geteuid() == 0:
            os.fchown(here, *owner)
        os.fchmod(here, mode)


def write(path: Path, content: str, mode: int) -> None:
    """Replace a file at once, durably. Its directory must not be writable by a tenant."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with open(handle, "w") as file:
            file.write(content)
            os.fchmod(handle, mode)
            file.flush()
            os.fsync(handle)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def throw_away(path: Path, trash: Path) -> bool:
    """Move `path` out of everyone's reach into the root-only `trash`, to be emptied later; False when there was nothing."""
    try:
        path.rename(trash / secrets.token_hex(8))
    except FileNotFoundError:
        return False
    return True


def empty(trash: Path) -> None:
    """Remove all that was thrown away.

    Subdirectories are pulled up into the trash before they are emptied, each by descriptor: no link is followed, and no depth
    of nesting exhausts the stack, the descriptors or the length of a path.
    """
    with opened(trash) as here:
        waiting = deque(os.listdir(here))
        while waiting:
            _remove(waiting.popleft(), here, waiting)


def _remove(name: str, trash: int, waiting: deque[str]) -> None:
    try:
        if not stat.S_ISDIR(os.stat(name, dir_fd=trash, follow_symlinks=False).st_mode):
            os.unlink(name, dir_fd=trash)
            return
        with opened(name, trash) as directory:
            _scatter(directory, trash, waiting)
        os.rmdir(name, dir_fd=trash)
    except FileNotFoundError:
        return


def _scatter(directory: int, trash: int, waiting: deque[str]) -> None:
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                fresh = secrets.token_hex(8)
                os.rename(entry.name, fresh, src_dir_fd=directory, dst_dir_fd=trash)
                waiting.append(fresh)
            else:
                os.unlink(entry.name, dir_fd=directory)
