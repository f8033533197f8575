"""Cloud Storage's XML API, as far as objects go: what a signed URL opens.

`https://storage.googleapis.com/BUCKET/OBJECT`, `https://BUCKET.storage.googleapis.com/OBJECT`, and on the simulator's own address
`/storage-xml/BUCKET/OBJECT`. Who brings no signature must be signed in: nothing is open to everybody.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from gcpsim.access import may
from gcpsim.errors import Refused
from gcpsim.faults import refuse_for
from gcpsim.journal import Entry
from gcpsim.semantics import storage_kept
from gcpsim.semantics.storage_names import bucket_key, object_key
from gcpsim.semantics.storage_objects import media
from gcpsim.semantics.storage_uploads import range_of
from gcpsim.semantics.storage_written import look_at, write
from gcpsim.signatures import Unsigned, check, claim_of
from gcpsim.store import Resource
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import Upload, World

OWN = "/storage-xml/"
JSONS = ("/storage/v1/", "/upload/", "/download/", "/batch/")
CREATE = "storage.objects.create"
RIGHTS = {
    "GET": "storage.objects.get",
    "HEAD": "storage.objects.get",
    "PUT": CREATE,
    "POST": CREATE,
    "DELETE": "storage.objects.delete",
}
CODES = {
    404: "NoSuchKey",
    412: "PreconditionFailed",
    416: "InvalidRange",
    429: "SlowDown",
    503: "ServiceUnavailable",
}


@dataclass(frozen=True)
class Asked:
    """A request for an object; `path` is raw, as it was signed."""

    request: Request
    path: str
    bucket: str
    name: str

    def told(self, name: str) -> str:
        """A parameter's value, or ''."""
        return parse_qs(self.request.query_string, keep_blank_values=True).get(name, [""])[0]

    def header(self, name: str) -> str:
        """A header's value, or ''."""
        return self.request.headers.get(name, "")


def asked_of(request: Request) -> Asked | None:
    """The object a request means, or None where it is of another API."""
    host = request.host.split(":")[0]
    path = request.path
    if path.startswith(OWN):
        path = path.removeprefix(OWN.rstrip("/"))
    elif host.endswith(".storage.googleapis.com"):
        bucket = host.removesuffix(".storage.googleapis.com")
        return Asked(request, path, bucket, unquote(path.removeprefix("/")))
    elif host != "storage.googleapis.com" or path.startswith(JSONS):
        return None
    bucket, _, name = path.removeprefix("/").partition("/")
    return Asked(request, path, unquote(bucket), unquote(name))


def answered(world: World, asked: Asked) -> Answer:
    """What Google answers; refusals as XML. Written into the journal without the query, which holds the signature."""
    request, fault = asked.request, ""
    method = f"storage.xml.{request.method.lower()}"
    try:
        fault = world.faults.befalling(method)
        refuse_for(fault)
        answer = _done(world, asked)
    except Unsigned as wrong:
        answer = _said(wrong.status, wrong.code, wrong.message, {"Details": wrong.details, **wrong.more})
    except FileNotFoundError:  # gone since it was looked at
        answer = _said(404, "NoSuchKey", "The specified key does not exist.", {})
    except Refused as wrong:
        code = CODES.get(wrong.code, "InvalidArgument")
        answer = _said(wrong.code, code, wrong.message, {})
    key = object_key(asked.bucket, asked.name)
    world.journal.note(Entry(request.method, request.path, method, {}, answer.status, fault, key))
    return Answer(answer.status, None, fault == "lost", answer.media, answer.headers)


def _done(world: World, asked: Asked) -> Answer:
    does = DOES.get(asked.request.method)
    if not asked.bucket or not asked.name or does is None:
        raise Refused(501, "The simulator's XML API knows objects alone.")
    going_on = asked.told("upload_id") in world.uploads and asked.request.method == "PUT"
    if not going_on:
        claim = claim_of(asked.request)
        if claim is not None:
            check(world.store, world.clock.now(), replace(asked.request, path=asked.path), claim)
            _check_rights(world, asked, claim.email)
        elif not asked.header("authorization"):
            details = (
                "Anonymous caller does not have storage.objects access to the Google Cloud Storage object."
            )
            raise Unsigned(403, "AccessDenied", "Access denied.", details)
    if world.store.get(bucket_key(asked.bucket)) is None:
        raise Unsigned(404, "NoSuchBucket", "The specified bucket does not exist.", asked.bucket)
    look_at(world, asked.bucket, asked.name)
    return does(world, asked)


def _check_rights(world: World, asked: Asked, email: str) -> None:
    """A signed URL is worth as much as its signer may: writing over an object takes the right to delete it."""
    key = bucket_key(asked.bucket)
    wanted = [RIGHTS[asked.request.method]]
    if wanted == [CREATE] and world.store.get(object_key(asked.bucket, asked.name)) is not None:
        wanted.append(RIGHTS["DELETE"])
    for right in wanted:
        if not may(world, f"serviceAccount:{email}", right, key):
            details = (
                f"{email} does not have {right} access to the Google Cloud Storage object. "
                f"Permission '{right}' denied on resource (or it may not exist)."
            )
            raise Unsigned(403, "AccessDenied", "Access denied.", details)


def _get(world: World, asked: Asked) -> Answer:
    found = _present(world, asked)
    answer = media(world, found, asked.request.wanted_range)
    headers = dict(answer.headers) | _told_of(found)
    for parameter, name in (("content-type", "Content-Type"), ("content-disposition", "Content-Disposition")):
        if told := asked.told(f"response-{parameter}"):
            headers[name] = told
    if asked.header("if-none-match") == headers["ETag"]:
        return Answer(304, headers={"ETag": headers["ETag"]})
    return Answer(answer.status, media=answer.media, headers=headers)


def _put(world: World, asked: Asked) -> Answer:
    if begun := world.uploads.get(asked.told("upload_id")):
        return _go_on(world, asked, begun)
    told = _metadata(asked)
    return _written(world, asked, told, asked.request.raw)


def _start(world: World, asked: Asked) -> Answer:
    """A resumable upload: the signature allows its start, the address it gives allows the rest."""
    if asked.header("x-goog-resumable") != "start":
        raise Refused(400, "Only the start of a resumable upload is posted.")
    number = world.store.number()
    world.uploads[number] = Upload(_metadata(asked), {}, "")
    request = asked.request
    scheme = "http" if request.path.startswith(OWN) else "https"
    here = f"{scheme}://{request.host}{request.path}?upload_id={number}"
    return Answer(201, media=b"", headers={"Location": here, "X-GUploader-UploadID": number})


def _go_on(world: World, asked: Asked, upload: Upload) -> Answer:
    first, total = range_of(asked.request)
    if asked.request.raw and first != len(upload.content):
        raise Refused(400, f"The upload goes on at byte {len(upload.content)}.")
    upload.content += asked.request.raw
    if total != len(upload.content):
        had = {"Range": f"bytes=0-{len(upload.content) - 1}"} if upload.content else {}
        return Answer(308, media=b"", headers=had)
    del world.uploads[asked.told("upload_id")]
    return _written(world, asked, upload.told, bytes(upload.content))


def _written(world: World, asked: Asked, told: Json, content: bytes) -> Answer:
    told = dict(told)
    least, most = told.pop("least", 0), told.pop("most", None)
    if len(content) < least or (most is not None and len(content) > most):
        raise Refused(400, "The content's length is not within x-goog-content-length-range.")
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    if asked.header("content-md5") not in ("", digest):
        raise Refused(400, "The Content-MD5 you specified did not match what we received.")
    wanted = told.pop("generation", "")
    there = world.store.get(object_key(asked.bucket, asked.name))
    if wanted and wanted != str(there.content.get("generation") if there else "0"):
        raise Refused(412, "At least one of the pre-conditions you specified did not hold.")
    made = write(world, asked.bucket, asked.name, content, told)
    return Answer(200, media=b"", headers=_told_of(made))


def _delete(world: World, asked: Asked) -> Answer:
    storage_kept.remove(world, _present(world, asked))
    return Answer(204)


DOES: dict[str, Callable[[World, Asked], Answer]] = {
    "GET": _get, "HEAD": _get, "PUT": _put, "POST": _start, "DELETE": _delete,
}  # fmt: skip


def _present(world: World, asked: Asked) -> Resource:
    found = world.store.get(object_key(asked.bucket, asked.name))
    if found is None:
        details = f"No such object: {asked.bucket}/{asked.name}"
        raise Unsigned(404, "NoSuchKey", "The specified key does not exist.", details)
    return found


def _metadata(asked: Asked) -> Json:
    told: Json = {"contentType": asked.request.content_type or "application/octet-stream"}
    own = {
        name.removeprefix("x-goog-meta-"): value
        for name, value in asked.request.headers.items()
        if name.startswith("x-goog-meta-")
    }
    if own:
        told["metadata"] = own
    for header, field in (("cache-control", "cacheControl"), ("content-disposition", "contentDisposition"),
                          ("x-goog-if-generation-match", "generation")):  # fmt: skip
        if value := asked.header(header):
            told[field] = value
    if found := re.fullmatch(r"(\d+),(\d+)", asked.header("x-goog-content-length-range")):
        told |= {"least": int(found[1]), "most": int(found[2])}
    return told


def _told_of(found: Resource) -> dict[str, str]:
    content = found.content
    md5 = base64.b64decode(str(content.get("md5Hash", ""))).hex()
    updated = datetime.fromisoformat(str(content["updated"]))
    headers = {
        "ETag": f'"{md5}"',
        "Last-Modified": format_datetime(updated, usegmt=True),
        "x-goog-generation": str(content.get("generation")),
        "x-goog-hash": f"crc32c={content.get('crc32c')},md5={content.get('md5Hash')}",
        "x-goog-stored-content-length": str(content.get("size")),
    }
    for field, header in (("cacheControl", "Cache-Control"), ("contentDisposition", "Content-Disposition")):
        if field in content:
            headers[header] = str(content[field])
    return headers


def _said(status: int, code: str, message: str, more: dict[str, str]) -> Answer:
    told = {"Code": code, "Message": message, **more}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in told.items())
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error>{inner}</Error>"
    return Answer(status, media=body.encode(), headers={"Content-Type": "application/xml; charset=UTF-8"})
