"""Cloud Storage's objects: read, listed by prefix, copied, changed under conditions."""

import re

from gcpsim.crud import page
from gcpsim.errors import Refused, missing
from gcpsim.rules import Rules
from gcpsim.semantics import storage_kept
from gcpsim.semantics.storage_names import SLASH, folded
from gcpsim.semantics.storage_written import look, look_at, write
from gcpsim.store import Resource
from gcpsim.wire import Answer, Json
from gcpsim.world import Call, World

OBJECTS = "storage.objects."


def enter(rules: Rules) -> None:
    """Add what objects do to the API's rules."""
    rules.canonical = folded
    rules.check(*(OBJECTS + one for one in ("get", "delete", "patch", "update", "rewrite", "copy")))(see)
    rules.check(OBJECTS + "list")(see_all)
    rules.does(OBJECTS + "get")(get)
    rules.does(OBJECTS + "list")(list_objects)
    rules.does(OBJECTS + "rewrite", OBJECTS + "copy")(copy)
    rules.check(OBJECTS + "delete", OBJECTS + "patch", OBJECTS + "update")(check_generation)


def see(call: Call) -> None:
    """The object as its file stands now."""
    look_at(call.world, call.found.segments[1], call.found.segments[3].replace(SLASH, "/"))


def see_all(call: Call) -> None:
    """Only of a bucket that is there can be listed what stands in it now."""
    if call.store.get(call.key.removesuffix("/o")) is None:
        raise missing(call.name)
    look(call.world, call.found.segments[1])


def get(call: Call) -> Json:
    """Metadata, or with `alt=media` the bytes."""
    found = _present(call)
    check_generation(call)
    if call.request.asked("alt") == "media":
        call.answer = media(call.world, found, call.request.wanted_range)
    return dict(found.content)


def media(world: World, found: Resource, wanted_range: str) -> Answer:
    """The bytes, or those of a range."""
    raw, told = world.files.read(found), found.content
    headers = {
        "Content-Type": str(told.get("contentType", "application/octet-stream")),
        "ETag": str(told.get("etag", "")),
        "X-Goog-Hash": f"crc32c={told.get('crc32c', '')},md5={told.get('md5Hash', '')}",
        "X-Goog-Generation": str(told.get("generation", "")),
    }
    piece = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted_range)
    if piece is None:
        return Answer(200, media=raw, headers=headers)
    first, last = int(piece[1]), min(int(piece[2] or len(raw)), len(raw) - 1)
    if first >= len(raw):
        return Answer(416, media=b"", headers={"Content-Range": f"bytes */{len(raw)}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{len(raw)}"
    return Answer(206, media=raw[first : last + 1], headers=headers)


def list_objects(call: Call) -> Json:
    """By prefix, and folded at a delimiter."""
    prefix, delimiter = call.query.get("prefix", ""), call.query.get("delimiter", "")
    items, prefixes = [], _folders(call)
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
            prefixes.add(name[: cut + len(delimiter)])
        else:
            items.append(one)
    answer = {"kind": "storage#objects", **page(call, items)}
    return answer | {"prefixes": sorted(prefixes)} if prefixes else answer


def _folders(call: Call) -> set[str]:
    """The folders directly under a prefix, where the caller wants them beside what names of objects have in common."""
    prefix = call.query.get("prefix", "")
    if call.query.get("delimiter") != "/" or call.query.get("includeFoldersAsPrefixes") != "true":
        return set()
    names = (str(one.content["name"]) for one in call.store.under(f"{call.key.removesuffix('/o')}/folders"))
    return {name for name in names if name.startswith(prefix) and name[len(prefix) :].count("/") == 1}


def copy(call: Call) -> Json:
    """Another object with the same bytes."""
    parts = call.found.segments
    found = call.store.get(f"storage/b/{parts[1]}/o/{parts[3]}")
    if found is None or call.store.get(f"storage/b/{parts[6]}") is None:
        raise missing(call.name)
    told = {
        name: value
        for name, value in found.content.items()
        if name in {"contentType", "metadata", "cacheControl"}
    }
    name = parts[8].replace(SLASH, "/")
    content = call.world.files.read(found)
    made = dict(write(call.world, parts[6], name, content, {**told, **call.body}).content)
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
