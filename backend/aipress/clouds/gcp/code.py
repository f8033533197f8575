"""A site's own plugins and themes on Google Cloud: one archive, named by its digest, which every container unpacks into memory as it
starts. Thousands of files would be asked for one by one through a mount, and nothing runs from one (docs/image.md)."""

import asyncio
import base64
import gzip
import hashlib
import json
import tarfile
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aipress.clouds.files import Stored
from aipress.clouds.gcp import site_files, uploads
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import label
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.site_files import CODE, of_code
from aipress.clouds.gcp.together import together
from aipress.errors import CloudBusy, CloudRefused

FOLDER = "code/"
DIGEST, MADE_OF, BYTES = "aipress-code", "aipress-code-of", "aipress-code-bytes"
"""Labels of the bucket that say which archive counts: a site's own account writes objects, and no labels."""

MB, BLOCK = 2**20, 4096
MOST = 150 * MB
PIECE = 256 * 1024
STEP_MB = 64


@dataclass(frozen=True)
class Code:
    """What a site brings along: the archive's SHA-256, what it takes packed and unpacked, in bytes, and a digest of what it is made of."""

    sha256: str
    packed: int
    unpacked: int
    made_of: str

    @property
    def memory_mb(self) -> int:
        """What a container needs for it, in whole steps: it is there packed and unpacked for a moment, and something to spare."""
        return -(-(self.packed + self.unpacked + STEP_MB * MB // 4) // (STEP_MB * MB)) * STEP_MB


def check(files: Mapping[str, Stored]) -> None:
    """Raises CloudRefused for more of its own plugins and themes than a container has memory for."""
    if (unpacked := unpacked_of(files)) > MOST:
        raise CloudRefused(
            f"The site's own plugins, themes and languages take {unpacked // MB + 1} MB, and on Google Cloud {MOST // MB} MB is the most: "
            "every container holds them in memory. Remove those that are not used and ask again; nothing was moved."
        )


def unpacked_of(files: Mapping[str, Stored]) -> int:
    """Bytes they take in memory, where a file fills whole blocks."""
    return sum(-(-one.size // BLOCK) * BLOCK for one in of_code(files).values())


async def current(google: Google, bucket: str) -> Code | None:
    """What containers of this bucket's site are to bring in; None where it has nothing of its own."""
    try:
        return _told(await google.read("storage", f"/storage/v1/b/{bucket}"))
    except Gone:
        return None


async def settle(google: Google, bucket: str) -> None:
    """Let the archive be of the files there are now. The one before stays: containers that run start others until they are replaced."""
    before, files = await current(google, bucket), of_code(await site_files.listed(google, bucket))
    check(files)
    if before and before.made_of == _digest_of(files) and await _is_there(google, bucket, before):
        return
    made = await _archived(google, bucket, files) if files else None
    if made or before:
        await google.ask(_label(bucket, made))
    await _keep_only(google, bucket, {one.sha256 for one in (made, before if made else None) if one})


async def _archived(google: Google, bucket: str, files: Mapping[str, Stored]) -> Code:
    with tempfile.TemporaryDirectory(prefix="aipress-code-") as place:
        archive = Path(place) / "archive"
        await _fetch(google, bucket, files, Path(place))
        digest = await asyncio.to_thread(pack, Path(place), sorted(files), archive)
        await uploads.write(google, bucket, name_of(digest), _read(archive), "application/gzip")
        return Code(digest, archive.stat().st_size, unpacked_of(files), _digest_of(files))


async def _is_there(google: Google, bucket: str, code: Code) -> bool:
    try:
        found = await google.read("storage", site_files.object_path(bucket, name_of(code.sha256)))
    except Gone:
        return False
    return str(found.get("size")) == str(code.packed)


def _told(bucket: Json) -> Code | None:
    """What a bucket's labels say. A label has no room for 64 digits, so a digest is written in fewer."""
    digest, made_of, told = (label(bucket, name) for name in (DIGEST, MADE_OF, BYTES))
    if not digest:
        return None
    packed, unpacked = map(int, told.split("_"))
    return Code(_long(digest), packed, unpacked, _long(made_of))


def _label(bucket: str, code: Code | None) -> Resource:
    """The bucket with labels that say this."""
    told = (
        {DIGEST: _short(code.sha256), MADE_OF: _short(code.made_of), BYTES: f"{code.packed}_{code.unpacked}"}
        if code
        else {}
    )
    body: Json = {"labels": {name: told.get(name) for name in (DIGEST, MADE_OF, BYTES)}}
    return Resource("bucket's label", bucket, "storage", f"/storage/v1/b/{bucket}", body, {}, "PATCH")


def _short(digest: str) -> str:
    return base64.b32encode(bytes.fromhex(digest)).decode().lower().rstrip("=")


def _long(digest: str) -> str:
    return base64.b32decode(digest.upper() + "====").hex()


def _digest_of(files: Mapping[str, Stored]) -> str:
    told = sorted((path, one.size, one.md5) for path, one in files.items())
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def name_of(sha256: str) -> str:
    """The object an archive is."""
    return f"{FOLDER}{sha256}.tar.gz"


async def _fetch(google: Google, bucket: str, files: Mapping[str, Stored], place: Path) -> None:
    """Each file's content under its number: names are the tenant's, and mean nothing to our disk."""

    async def fetch(number: int, path: str) -> None:
        digest = hashlib.md5(usedforsecurity=False)
        with (place / str(number)).open("wb") as file:
            async for piece in google.stream(bucket, f"{CODE}{path}"):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() != files[path].md5:
            raise CloudBusy("A plugin changed while it was packed; settle again.")

    await together((fetch(number, path) for number, path in enumerate(sorted(files))), most=12)


def pack(place: Path, paths: list[str], archive: Path) -> str:
    """The same files make the same archive; returns its SHA-256."""
    with (
        archive.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for number, path in enumerate(paths):
            with (place / str(number)).open("rb") as content:
                entry = tarfile.TarInfo(path)
                entry.size, entry.mode = (place / str(number)).stat().st_size, 0o644
                tar.addfile(entry, content)
    with archive.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()


async def _read(archive: Path) -> AsyncIterator[bytes]:
    with archive.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


async def _keep_only(google: Google, bucket: str, digests: set[str]) -> None:
    """Every other archive goes."""
    query = {"prefix": FOLDER, "delimiter": "/", "fields": "items(name),nextPageToken"}
    kept = {name_of(digest) for digest in digests}
    found = await google.read_all("storage", f"/storage/v1/b/{bucket}/o", "items", query)
    for one in found:
        if str(one["name"]) not in kept:
            await google.delete("storage", site_files.object_path(bucket, str(one["name"])))
