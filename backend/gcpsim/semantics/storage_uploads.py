"""Cloud Storage's uploads: whole, with their metadata first, or in pieces."""

import json
import re

from gcpsim.errors import Refused, invalid
from gcpsim.rules import Rules
from gcpsim.semantics.storage_names import folded, object_key
from gcpsim.semantics.storage_objects import check_generation
from gcpsim.semantics.storage_written import look_at, write
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import Call, Upload

INSERT = "storage.objects.insert"


def enter(rules: Rules) -> None:
    """Add what an upload does to the API's rules."""
    rules.names(INSERT)(object_name)
    rules.does(INSERT)(insert)


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
    bucket = call.key.split("/")[2]
    call.key = object_key(bucket, name)
    look_at(call.world, bucket, name)
    check_generation(call)
    told = {"contentType": mime or "application/octet-stream", **told}
    return dict(write(call.world, bucket, name, content, told).content)


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
    first, total = range_of(call.request)
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


def range_of(request: Request) -> tuple[int, int]:
    """Where a piece begins, and how long the whole is (-1: not said yet)."""
    found = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", request.content_range)
    if found is None:
        return 0, len(request.raw)
    return int(found[1] or 0), -1 if found[2] == "*" else int(found[2])


def object_name(call: Call) -> str:
    """An upload names its object in the query, or in its metadata."""
    named = call.query.get("name", "")
    if not named and b"boundary" in call.request.content_type.encode():
        named = str(_parts(call)[0].get("name", ""))
    return folded((named,))[0]


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
        re.sub(rb"\r?\n\Z", b"", content),
        mime[1].decode() if mime else "",
    )
