"""Where the bytes of Cloud Storage's objects are: here in memory, beside what is known of them. `machines/buckets.py` has them as files."""

import base64
from dataclasses import dataclass

from gcpsim.store import Resource

Mark = list[int]
"""Tells a file from what it was before: its number on the disk, when it was written, how long it is."""


@dataclass(frozen=True)
class Seen:
    """What stands in a bucket's folder: files with their marks, folders with their numbers on the disk; names without a slash at the end."""

    files: dict[str, Mark]
    folders: dict[str, int]


class Files:
    """Contents of objects. An object's resource says bucket and name, and keeps in `hidden` what finds its bytes again."""

    def make_bucket(self, bucket: str) -> None:
        """Room for a bucket's objects."""

    def drop_bucket(self, bucket: str) -> None:
        """No more room for them."""

    def keep(self, one: Resource, content: bytes) -> dict[str, int]:
        """Keep an object's bytes, all of them or none; returns the folders it stands in."""
        one.hidden["content"] = base64.b64encode(content).decode()
        return {}

    def read(self, one: Resource) -> bytes:
        """An object's bytes."""
        return base64.b64decode(one.hidden.get("content", ""))

    def drop(self, one: Resource) -> None:
        """Let an object's bytes go, wherever they are."""

    def put_aside(self, one: Resource) -> None:
        """Keep the bytes of what was deleted or written over, where its name may be another's."""

    def bring_back(self, one: Resource) -> None:
        """Put what was aside in its place again."""

    def seen(self, bucket: str) -> Seen | None:
        """What others may have written; None where nobody else can."""
        return None

    def mark(self, bucket: str, name: str) -> Mark | None:
        """The mark of one file, or None where there is none."""
        return None

    def make_folder(self, bucket: str, name: str) -> None:
        """A folder with those above it; there already is fine."""

    def drop_folder(self, bucket: str, name: str) -> bool:
        """Take an empty folder away; whether it is gone."""
        return True

    def rename_folder(self, bucket: str, source: str, target: str) -> bool:
        """All that is in a folder under another name at once; whether it was done."""
        return True
