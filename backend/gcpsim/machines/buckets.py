"""Cloud Storage's objects as files: what a container writes into a mounted bucket is an object, and an object is a file there.

buckets/BUCKET/NAME…   what a file may be called: an object's bytes under its own name
apart/BUCKET/…         objects whose names no file can have (`a//b`, `../a`, `a` beside `a/b`): no mount shows them
aside/BUCKET/…         what was deleted or written over, as long as the bucket's policy says
coming/                what is being written: a file is renamed into its place when it is whole
"""

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from gcpsim.files import Files, Mark, Seen
from gcpsim.machines.beneath import LONGEST, belong, folder, walk
from gcpsim.store import Resource

BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")


class Buckets(Files):
    """Objects under one folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._numbers = count()
        for name in ("buckets", "apart", "aside", "coming"):
            (root / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in (root / "coming").iterdir():
            left.unlink()

    def mounted(self, bucket: str, only: str = "", *, uid: int = -1, gid: int = -1) -> Path:
        """The folder to mount for a bucket, or for the part of it a mount is narrowed to; all in it belongs to who is named.

        As gcsfuse's `only-dir`, `uid` and `gid` have it; what is written later belongs to whom its folder belongs.
        """
        parts = _parts(only)
        if parts is None and only:
            raise ValueError(f"'{only}' is no folder a bucket can have")
        self.make_bucket(bucket)
        with folder(self._place("buckets", bucket), parts or [], make=True) as here:
            os.fchown(here, uid, gid)
            for _, folders, files, inner in os.fwalk(".", dir_fd=here, follow_symlinks=False):
                for name in (*folders, *files):
                    os.chown(name, uid, gid, dir_fd=inner, follow_symlinks=False)
        return self._place("buckets", bucket).joinpath(*(parts or []))

    def make_bucket(self, bucket: str) -> None:
        """A folder for the bucket's objects; its own is root's, so that nobody puts another in its place."""
        for kind in ("buckets", "apart", "aside"):
            self._place(kind, bucket).mkdir(exist_ok=True, mode=0o755)

    def drop_bucket(self, bucket: str) -> None:
        """The bucket's folder goes; what is aside stays for as long as it is remembered."""
        for kind in ("buckets", "apart"):
            shutil.rmtree(self._place(kind, bucket), ignore_errors=True)

    def keep(self, one: Resource, content: bytes) -> dict[str, int]:
        """Written beside and renamed into its place, or apart where it can have none."""
        bucket, name = _of(one)
        for old in ("mark", "apart", "aside", "folder"):
            one.hidden.pop(old, None)
        if name.endswith("/") and not content and _parts(name[:-1]):
            self.make_folder(bucket, name[:-1])
            one.hidden["folder"] = True
            return {}
        parts = _parts(name)
        if parts:
            try:
                return self._keep_in_place(one, bucket, parts, content)
            except OSError:  # a file where a folder must be, or the other way round
                pass
        one.hidden["apart"] = hashlib.sha256(name.encode()).hexdigest()
        with self._written(content, self._place("apart", bucket)) as coming:
            coming.rename(self._place("apart", bucket) / one.hidden["apart"])
        return {}

    def _keep_in_place(self, one: Resource, bucket: str, parts: list[str], content: bytes) -> dict[str, int]:
        root, above = self._place("buckets", bucket), parts[:-1]
        with folder(root, above, make=True) as here, self._written(content, here) as coming:
            os.rename(coming, parts[-1], dst_dir_fd=here)
            one.hidden["mark"] = _mark(os.stat(parts[-1], dir_fd=here, follow_symlinks=False))
        ends = range(1, len(above) + 1)
        return {"/".join(above[:end]): root.joinpath(*above[:end]).lstat().st_ino for end in ends}

    @contextmanager
    def _written(self, content: bytes, beside: Path | int) -> Iterator[Path]:
        """A file with these bytes, to be renamed; taken away again if it was not."""
        coming = self._root / "coming" / f"{os.getpid()}-{next(self._numbers)}"
        try:
            with coming.open("xb") as file:
                file.write(content)
                if isinstance(beside, int):
                    belong(file.fileno(), beside)
            coming.chmod(0o644)
            yield coming
        finally:
            coming.unlink(missing_ok=True)

    def read(self, one: Resource) -> bytes:
        """The bytes of a file that is one; FileNotFoundError when it went in the meantime."""
        if one.hidden.get("folder"):
            return b""
        with self._standing(one) as (name, here):
            found = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
            with os.fdopen(found, "rb") as file:
                if not stat.S_ISREG(os.fstat(found).st_mode):
                    raise FileNotFoundError(name)
                return file.read()

    def drop(self, one: Resource) -> None:
        """The file goes, and a placeholder's folder if nothing is in it."""
        if one.hidden.get("folder"):
            self.drop_folder(*_of(one))
            return
        try:
            with self._standing(one) as (name, here):
                os.unlink(name, dir_fd=here)
        except OSError:
            return

    def put_aside(self, one: Resource) -> None:
        """Out of its bucket's folder, under its generation."""
        bucket, _ = _of(one)
        if one.hidden.get("folder"):
            self.drop(one)
            return
        aside = f"{one.content['generation']}"
        try:
            with self._standing(one) as (name, here):
                os.rename(name, self._place("aside", bucket) / aside, src_dir_fd=here)
        except FileNotFoundError:
            return
        one.hidden.pop("mark", None)
        one.hidden["aside"] = aside

    def bring_back(self, one: Resource) -> None:
        """Back into its place."""
        if one.hidden.get("folder"):
            self.make_folder(*_of(one))
            return
        aside = self._place("aside", _of(one)[0]) / str(one.hidden.get("aside"))
        self.keep(one, self.read(one))
        aside.unlink(missing_ok=True)

    def seen(self, bucket: str) -> Seen | None:
        """All files and folders of a bucket as they stand now; links, sockets and what has no name of an object's are not seen."""
        files: dict[str, Mark] = {}
        folders: dict[str, int] = {}
        root = self._place("buckets", bucket)
        if not root.is_dir():
            return None
        for inside, inner, names, here in walk(root):
            for name in (*inner, *names):
                try:
                    found = os.stat(name, dir_fd=here, follow_symlinks=False)
                except FileNotFoundError:
                    continue
                whole = f"{inside}/{name}".lstrip("/")
                if stat.S_ISREG(found.st_mode):
                    files[whole] = _mark(found)
                elif stat.S_ISDIR(found.st_mode):
                    folders[whole] = found.st_ino
        return Seen(files, folders)

    def mark(self, bucket: str, name: str) -> Mark | None:
        """One file's mark."""
        parts = _parts(name)
        if not parts:
            return None
        try:
            with folder(self._place("buckets", bucket), parts[:-1]) as here:
                found = os.stat(parts[-1], dir_fd=here, follow_symlinks=False)
        except OSError:
            return None
        return _mark(found) if stat.S_ISREG(found.st_mode) else None

    def make_folder(self, bucket: str, name: str) -> None:
        """With those above it."""
        with folder(self._place("buckets", bucket), _parts(name.rstrip("/")) or [], make=True):
            return

    def drop_folder(self, bucket: str, name: str) -> bool:
        """Only an empty one goes; one that is gone is gone."""
        parts = _parts(name.rstrip("/"))
        if not parts:
            return False
        try:
            with folder(self._place("buckets", bucket), parts[:-1]) as here:
                os.rmdir(parts[-1], dir_fd=here)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def rename_folder(self, bucket: str, source: str, target: str) -> bool:
        """One rename of the machine's: whole or not at all; nothing is written over."""
        old, new, root = (
            _parts(source.rstrip("/")),
            _parts(target.rstrip("/")),
            self._place("buckets", bucket),
        )
        if not old or not new:
            return False
        try:
            with folder(root, old[:-1]) as here, folder(root, new[:-1], make=True) as there:
                if os.access(new[-1], os.F_OK, dir_fd=there, follow_symlinks=False):
                    return False
                os.rename(old[-1], new[-1], src_dir_fd=here, dst_dir_fd=there)
        except OSError:
            return False
        return True

    @contextmanager
    def _standing(self, one: Resource) -> Iterator[tuple[str, int]]:
        """Where an object's file is: its own name, and a descriptor of its folder."""
        bucket, name = _of(one)
        kind = next((kind for kind in ("aside", "apart") if kind in one.hidden), "")
        parts = [str(one.hidden[kind])] if kind else _parts(name) or [""]
        with folder(self._place(kind or "buckets", bucket), parts[:-1]) as here:
            yield parts[-1], here

    def _place(self, kind: str, bucket: str) -> Path:
        if not BUCKET.fullmatch(bucket):
            raise ValueError(f"'{bucket}' is no bucket's name")
        return self._root / kind / bucket


def _of(one: Resource) -> tuple[str, str]:
    return str(one.content["bucket"]), str(one.content["name"])


def _mark(found: os.stat_result) -> Mark:
    return [found.st_ino, found.st_mtime_ns, found.st_size]


def _parts(name: str) -> list[str] | None:
    """The folders and file an object's name means, or None where no file can have that name."""
    parts = name.split("/")
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    odd = any(part in ("", ".", "..") or "\0" in part or "\N{DIVISION SLASH}" in part for part in parts)
    too_long = len(name.encode("utf-8", "surrogatepass")) > LONGEST or any(
        len(part) > 255 for part in encoded
    )
    return None if odd or too_long else parts
