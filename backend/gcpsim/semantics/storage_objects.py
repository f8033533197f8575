"""Cloud Storage's objects: uploaded whole or with their metadata, read, listed by prefix, overwritten under conditions."""

import base64
import hashlib
import json
import re

from gcpsim.checksums import crc32c
from gcpsim.crud import page
from gcpsim.errors import Refused, invalid, missing
from gcpsim.rules import Rules
from gcpsim.semantics import storage_kept
from gcpsim.store import Resource
from gcpsim.wire import Answer, Json
from gcpsim.world import Call, Upload

OBJECTS = "storage.objects."


SLASH = "\N{DIVISION SLASH}"
"""Stands in a key for the slashes of an object's name, which are none to Google either."""


def folded(segments: tuple[str, ...]) -> tuple[str, ...]:
    """A path's parts as they are kept: slashes inside one are no slashes."""
    return tuple(segment.replace("/", SLASH) for segment in segments)


def enter(rules: Rules) -> None:
    """Add what objects do to the API's rules."""
    rules.canonical = folded
    rules.names(OBJECTS + "insert")(object_name)
    rules.does(OBJECTS + "insert")(insert)
    rules.does(OBJECTS + "get")(get)
    rules.does(OBJECTS + "list")(list_objects)
    rules.does(OBJECTS + "rewrite", OBJECTS + "copy")(copy)
    rules.check(OBJECTS + "delete", OBJECTS + "patch", OBJECTS + "update")(check_generation)


def insert(call: Call) -> Json:
    """An upload: `media`, `multipart` with its metadata first, or `resumable` in pieces."""
    if call.request.asked("uploadType", "media") == "resumable":
        return resumable(call)
    multipart = call.request.asked("uploadType") == "multipart"
    told, content, mime = _parts(call) if multipart else ({}, call.request.raw, call.request.content_type)
    return stored(call, told, content, mime)


def stored(call: Call, told: Json, content: bytes, mime: str) -> Json:
    """A whole object, under the name its query or its metadata gives, where the caller's conditions hold."""
    name = call.query.get("name") or str(told.get("name", ""))
    if not name:
        raise invalid("name", "An object has a name.")
    call.key = f"{call.key}/{name.replace('/', SLASH)}"
    check_generation(call)
    return dict(
        _put(call, content, {"contentType": mime or "application/octet-stream", **told, "name": name}).content
    )


def resumable(call: Call) -> Json:
    """Begun with the metadata, which gives an address; continued there in pieces, until the last says how much it is.

    https://cloud.google.com/storage/docs/performing-resumable-uploads
    """
    begun = call.request.asked("upload_id")
    if not begun:
        return _begin(call)
    upload = call.world.uploads.get(begun)
    if upload is None:
        raise Refused(404, "There is no such upload.")
    first, total = _range(call)
    if call.request.raw and first != len(upload.content):
        raise Refused(400, f"The upload goes on at byte {len(upload.content)}.")
    upload.content += call.request.raw
    if total != len(upload.content):
        had = {"Range": f"bytes=0-{len(upload.content) - 1}"} if upload.content else {}
        call.answer = Answer(308, None, headers=had)
        return {}
    del call.world.uploads[begun]
    call.query = {**upload.query}
    return stored(call, upload.told, bytes(upload.content), upload.mime)


def _begin(call: Call) -> Json:
    number = call.store.number()
    told = json.loads(call.request.raw) if call.request.raw else {}
    call.world.uploads[number] = Upload(told, dict(call.query), str(told.get("contentType", "")))
    here = f"http://{call.request.host}{call.request.path}?uploadType=resumable&upload_id={number}"
    call.answer = Answer(200, {}, headers={"Location": here, "X-GUploader-UploadID": number})
    return {}


def _range(call: Call) -> tuple[int, int]:
    """Where a piece begins, and how long the whole is (-1: not said yet)."""
    found = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", call.request.content_range)
    if found is None:
        return 0, len(call.request.raw)
    return int(found[1] or 0), -1 if found[2] == "*" else int(found[2])


def object_name(call: Call) -> str:
    """An upload names its object in the query, or in its metadata."""
    named = call.query.get("name", "")
    if not named and b"boundary" in call.request.content_type.encode():
        named = str(_parts(call)[0].get("name", ""))
    return folded((named,))[0]


def get(call: Call) -> Json:
    """Metadata, or with `alt=media` the bytes."""
    found = _present(call)
    check_generation(call)
    if call.request.asked("alt") == "media":
        call.answer = _media(call, found)
    return dict(found.content)


def _media(call: Call, found: Resource) -> Answer:
    """The bytes, or those of a range."""
    raw, told = base64.b64decode(found.hidden.get("content", "")), found.content
    headers = {
        "Content-Type": str(told.get("contentType", "application/octet-stream")),
        "ETag": str(told.get("etag", "")),
        "X-Goog-Hash": f"crc32c={told.get('crc32c', '')},md5={told.get('md5Hash', '')}",
        "X-Goog-Generation": str(told.get("generation", "")),
    }
    piece = re.fullmatch(r"bytes=(\d+)-(\d*)", call.request.wanted_range)
    if piece is None:
        return Answer(200, media=raw, headers=headers)
    first, last = int(piece[1]), min(int(piece[2] or len(raw)), len(raw) - 1)
    if first >= len(raw):
        return Answer(416, media=b"", headers={"Content-Range": f"bytes */{len(raw)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(raw)}"
    return Answer(206, media=raw[first : last + 1], headers=headers)


def list_objects(call: Call) -> Json:
    """By prefix, and folded at a delimiter."""
    if call.store.get(call.key.removesuffix("/o")) is None:
        raise missing(call.name)
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    items, folded = [], set()
    deleted = call.query.get("softDeleted") == "true"
    for one in (
        storage_kept.kept(call, call.key)
        if deleted
        else [dict(one.content) for one in call.store.under(call.key)]
    ):
        name = str(one.get("name", ""))
        if not name.startswith(prefix):
            continue
        cut = name.find(delimiter, len(prefix)) if delimiter else -1
        if cut >= 0:
            folded.add(name[: cut + len(delimiter)])
        else:
            items.append(one)
    answer = {"kind": "storage#objects", **page(call, items)}
    return answer | {"prefixes": sorted(folded)} if folded else answer


def copy(call: Call) -> Json:
    """Another object with the same bytes."""
    parts = call.found.segments
    source, target = (
        f"storage/b/{bucket}/o/{name}" for bucket, name in ((parts[1], parts[3]), (parts[6], parts[8]))
    )
    found = call.store.get(source)
    if found is None or call.store.get(f"storage/b/{parts[6]}") is None:
        raise missing(call.name)
    call.key = target
    told = {
        name: value
        for name, value in found.content.items()
        if name in {"contentType", "metadata", "cacheControl"}
    }
    made = dict(
        _put(
            call,
            base64.b64decode(found.hidden.get("content", "")),
            {**told, **call.body, "name": parts[8].replace(SLASH, "/")},
        ).content
    )
    if call.method.last == "copy":
        return made
    return {
        "kind": "storage#rewriteResponse",
        "done": True,
        "totalBytesRewritten": made["size"],
        "objectSize": made["size"],
        "resource": made,
    }


def check_generation(call: Call) -> None:
    """The object as the caller saw it: `ifGenerationMatch=0` says that there must be none."""
    wanted = call.query.get("ifGenerationMatch")
    found = call.store.get(call.key)
    now = str(found.content.get("generation", "0")) if found else "0"
    if wanted is not None and wanted != now:
        raise Refused(412, "At least one of the pre-conditions you specified did not hold.")


def _present(call: Call) -> Resource:
    found = call.store.get(call.key)
    if found is None:
        raise Refused(
            404, f"No such object: {call.key.split('/', 2)[2].replace('/o/', '/').replace(SLASH, '/')}"
        )
    return found


def _put(call: Call, content: bytes, told: Json) -> Resource:
    bucket = call.key.split("/")[2]
    if before := call.store.get(call.key):
        storage_kept.keep(call, before)
    made = call.store.put(call.key, told)
    made.hidden["content"] = base64.b64encode(content).decode()
    generation, stamp = call.store.number(), call.world.clock.stamp()
    checksum = base64.b64encode(crc32c(content).to_bytes(4, "big")).decode()
    digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    made.content |= {
        "kind": "storage#object", "id": f"{bucket}/{told['name']}/{generation}", "bucket": bucket, "generation": generation, "metageneration": "1",
        "size": str(len(content)), "crc32c": checksum, "md5Hash": digest, "etag": made.etag, "storageClass": "STANDARD", "timeCreated": stamp, "updated": stamp,
    }  # fmt: skip
    return made


def _parts(call: Call) -> tuple[Json, bytes, str]:
    found = re.search(r'boundary="?([^";]+)', call.request.content_type)
    pieces = call.request.raw.split(b"--" + found[1].encode())[1:3] if found else []
    if len(pieces) != 2:
        raise invalid("", "A multipart upload has two parts: its metadata and its content.")
    (_, _, told), (head, _, content) = (
        piece.partition(b"\r\n\r\n" if b"\r\n\r\n" in piece else b"\n\n") for piece in pieces
    )
    mime = re.search(rb"content-type:\s*([^\r\n]+)", head, re.IGNORECASE)
    return (
        json.loads(told),
        content.removesuffix(b"\r\n").removesuffix(b"\n"),
        mime[1].decode() if mime else "",
    )
