"""A site's own files as objects of its bucket. Uploads lie where the container has them mounted; its own plugins and themes, which no
container runs from there, lie below `code/files/`. Whatever else is in the bucket is no file of the site's."""

import base64
import hashlib
import mimetypes
from collections.abc import Mapping
from urllib.parse import quote

from aipress.clouds.files import UPLOADS, Files, Stored, fault_of, is_carried, shown
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.resources import Json
from aipress.clouds.gcp.together import together

CODE = "code/files/"
FIELDS = "items(name,size,md5Hash),nextPageToken"
OTHERWISE = "application/octet-stream"


def object_of(path: str) -> str:
    """The object a file is."""
    return path if path.startswith(UPLOADS) else f"{CODE}{path}"


def mime_of(path: str) -> str:
    """What a browser is told of an object it fetches by a signed URL."""
    return mimetypes.guess_type(path)[0] or OTHERWISE


async def listed(google: Google, bucket: str) -> Files:
    """All of them. Raises Gone where there is no bucket."""
    found, left_out = dict[str, Json](), dict[str, str]()
    for prefix in (UPLOADS, CODE):
        query = {"prefix": prefix, "fields": FIELDS}
        for one in await google.read_all("storage", f"/storage/v1/b/{bucket}/o", "items", query):
            path = str(one["name"]).removeprefix(CODE)
            if path.endswith("/"):  # how an empty folder is written down where folders are but names
                continue
            if fault := fault_of(path):
                left_out[shown(path)] = fault
            elif is_carried(path):
                found[path] = one
    told = await together((_stored(google, bucket, one) for one in found.values()), most=8)
    return Files(dict(zip(found, told, strict=True)), left_out)


async def _stored(google: Google, bucket: str, one: Json) -> Stored:
    """Google knows no MD5 of what was composed of others: that is read."""
    if known := one.get("md5Hash"):
        return Stored(int(str(one["size"])), base64.b64decode(str(known)).hex())
    digest, size = hashlib.md5(usedforsecurity=False), 0
    async for piece in google.stream(bucket, str(one["name"])):
        digest.update(piece)
        size += len(piece)
    return Stored(size, digest.hexdigest())


def of_code(files: Mapping[str, Stored]) -> dict[str, Stored]:
    """Those that are no uploads."""
    return {path: one for path, one in files.items() if not path.startswith(UPLOADS)}


def object_path(bucket: str, name: str) -> str:
    """An object's path in the API."""
    return f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}"
