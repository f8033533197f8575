"""Files and folders beneath one folder, by descriptors, following no link: whoever writes there cannot lead the simulator out of it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

LONGEST = 1024
"""Bytes of an object's name: what lies deeper is none."""


@contextmanager
def folder(root: Path, parts: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """A descriptor of the folder these names lead to; OSError where they lead nowhere, or over a link or a file."""
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts:
            if make:
                _make(part, here)
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        yield here
    finally:
        os.close(here)


def belong(descriptor: int, beside: int) -> None:
    """Give a file to whom the folder belongs; only root can give."""
    if os.geteuid() == 0:
        owner = os.fstat(beside)
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def walk(root: Path) -> Iterator[tuple[str, list[str], list[str], int]]:
    """Every folder with the names of folders and files in it, and its descriptor; names from the root on, without links or depths."""
    for path, folders, files, here in os.fwalk(root, follow_symlinks=False):
        inside = path.removeprefix(str(root)).strip("/")
        folders[:] = [one for one in folders if _is_folder(one, here) and _is_name(inside, one)]
        yield inside, list(folders), [one for one in files if _is_name(inside, one)], here


def _make(part: str, here: int) -> None:
    try:
        os.mkdir(part, 0o755, dir_fd=here)
    except FileExistsError:
        return
    inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
    try:
        belong(inner, here)
    finally:
        os.close(inner)


def _is_folder(name: str, here: int) -> bool:
    try:
        os.close(os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here))
    except OSError:
        return False
    return True


def _is_name(inside: str, name: str) -> bool:
    try:
        return len(f"{inside}/{name}".encode()) <= LONGEST and "\N{DIVISION SLASH}" not in name
    except UnicodeEncodeError:
        return False
