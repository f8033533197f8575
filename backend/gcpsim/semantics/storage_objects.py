"""Cloud Storage's objects: uploaded whole or with their metadata, read, listed by prefix, overwritten under conditions."""

import base64
import hashlib
import json
import re

from gcpsim.checksums import crc32c
from gcpsim.crud import page
from gcpsim.errors import Refused, invalid, missing
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Answer, Json
from gcpsim.world import Call

OBJECTS = "storage.objects."


SLASH = "\N{DIVISION SLASH}"
"""Stands in a key for the slashes of an object's name, which are none to Google either."""


def folded(segments: tuple[str, ...]) -> tuple[str, ...]:
    """A path's parts as they are kept: slashes inside one are no slashes."""
    return tuple(segment.replace("/", SLASH) for segment in segments)


def enter(rules: Rules) -> None:
    """Add what objects do to the API's rules."""
    rules.canonical = folded
    rules.does(OBJECTS + "insert")(insert)
    rules.does(OBJECTS + "get")(get)
    rules.does(OBJECTS + "list")(list_objects)
    rules.does(OBJECTS + "rewrite", OBJECTS + "copy")(copy)
    rules.check(OBJECTS + "delete", OBJECTS + "patch", OBJECTS + "update")(check_generation)


def insert(call: Call) -> Json:
    """An upload: `media`, or `multipart` with its metadata first. Resumable ones are not modelled."""
    kind = call.request.asked("uploadType", "media")
    if kind == "resumable":
        raise Refused(501, "The simulator takes no resumable uploads yet.")
    told, content, mime = (
        _parts(call) if kind == "multipart" else ({}, call.request.raw, call.request.content_type)
    )
    name = call.query.get("name") or str(told.get("name", ""))
    if not name:
        raise invalid("name", "An object has a name.")
    call.key = f"{call.key}/{name.replace('/', SLASH)}"
    check_generation(call)
    return dict(
        _put(call, content, {"contentType": mime or "application/octet-stream", **told, "name": name}).content
    )


def get(call: Call) -> Json:
    """Metadata, or with `alt=media` the bytes."""
    found = _present(call)
    check_generation(call)
    if call.request.asked("alt") == "media":
        raw = base64.b64decode(found.hidden.get("content", ""))
        headers = {
            "Content-Type": str(found.content.get("contentType", "application/octet-stream")),
            "ETag": str(found.content.get("etag", "")),
        }
        headers |= {
            "X-Goog-Hash": f"crc32c={found.content.get('crc32c', '')}",
            "X-Goog-Generation": str(found.content.get("generation", "")),
        }
        call.answer = Answer(200, media=raw, headers=headers)
    return dict(found.content)


def list_objects(call: Call) -> Json:
    """By prefix, and folded at a delimiter."""
    if call.store.get(call.key.removesuffix("/o")) is None:
        raise missing(call.name)
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    items, folded = [], set()
    for one in call.store.under(call.key):
        name = str(one.content.get("name", ""))
        if not name.startswith(prefix):
            continue
        cut = name.find(delimiter, len(prefix)) if delimiter else -1
        if cut >= 0:
            folded.add(name[: cut + len(delimiter)])
        else:
            items.append(dict(one.content))
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
