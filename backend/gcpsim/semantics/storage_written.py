"""Cloud Storage's objects come to be: by an upload, as a copy, or because a container wrote a file into a mounted bucket.

Before anything is said of a bucket whose files others can write, `look` brings what is known in line with what stands there.
"""

import mimetypes

from gcpsim.checksums import checksums
from gcpsim.files import Mark, Seen
from gcpsim.semantics import storage_kept
from gcpsim.semantics.storage_names import bucket_key, folder_key, is_hierarchical, object_key
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import World

Known = dict[str, Resource]


def write(world: World, bucket: str, name: str, content: bytes, told: Json) -> Resource:
    """A whole object in the place of what had its name."""
    storage_kept.forget(world)
    key = object_key(bucket, name)
    if before := world.store.get(key):
        storage_kept.keep(world, before)
    made = _described(world, bucket, name, content, told)
    folders = world.files.keep(made, content)
    there = world.store.get(bucket_key(bucket))
    if is_hierarchical(there):
        ensure_folders(world, bucket, name.rpartition("/")[0])
    elif there is not None and folders:
        there.hidden.setdefault("directories", {}).update(folders)
    return made


def ensure_folders(world: World, bucket: str, name: str) -> None:
    """A folder of a bucket that has such, and all above it."""
    parts = [part for part in name.split("/") if part]
    for end in range(1, len(parts) + 1):
        inner = "/".join(parts[:end])
        if world.store.get(folder_key(bucket, inner)) is None:
            describe_folder(world, world.store.put(folder_key(bucket, inner), {}), bucket, inner)


def describe_folder(world: World, folder: Resource, bucket: str, name: str) -> None:
    """A folder as Google writes it."""
    stamp = world.clock.stamp()
    folder.content |= {
        "kind": "storage#folder", "bucket": bucket, "name": f"{name.rstrip('/')}/", "id": f"{bucket}/{name.rstrip('/')}/",
        "metageneration": "1", "createTime": stamp, "updateTime": stamp,
    }  # fmt: skip


def look_at(world: World, bucket: str, name: str) -> None:
    """Bring one object in line with its file; all of them if it is not what was known."""
    known = world.store.get(object_key(bucket, name))
    was = known.hidden.get("mark") if known else None
    if was != world.files.mark(bucket, name):
        look(world, bucket)


def look(world: World, bucket: str) -> None:
    """Bring what is known of a bucket in line with what stands in its folder."""
    there, seen = world.store.get(bucket_key(bucket)), world.files.seen(bucket)
    if there is None or seen is None:
        return
    known = {
        str(one.content["name"]): one for one in world.store.under(f"{there.key}/o") if "mark" in one.hidden
    }
    if is_hierarchical(there):
        known = _follow(world, bucket, known, seen)
        _see_folders(world, bucket, seen)
    else:
        seen = _undo_renames(world, there, known, seen)
        there.hidden["directories"] = dict(seen.folders)
        _see_placeholders(world, bucket, seen)
    for name in known.keys() - seen.files.keys():
        world.store.remove(known[name].key, world.clock.now())
    for name, mark in sorted(seen.files.items()):
        if name not in known or known[name].hidden["mark"] != mark:
            _see_file(world, bucket, name, mark)


def _see_file(world: World, bucket: str, name: str, mark: Mark) -> None:
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    made = world.store.put(object_key(bucket, name), {"bucket": bucket, "name": name})
    made.hidden["mark"] = mark
    try:
        content = world.files.read(made)
    except OSError:  # gone again since it was seen
        world.store.remove(made.key, world.clock.now())
        return
    _described(world, bucket, name, content, {"contentType": mime}).hidden["mark"] = mark


def _follow(world: World, bucket: str, known: Known, seen: Seen) -> Known:
    """Files that have another name now, as a folder that was renamed gives them, are the same objects."""
    gone = {tuple(known[name].hidden["mark"]): known[name] for name in known.keys() - seen.files.keys()}
    for name in seen.files.keys() - known.keys():
        moved = gone.pop(tuple(seen.files[name]), None)
        if moved is not None:
            del known[str(moved.content["name"])]
            known[name] = rename(world, moved, bucket, name)
    return known


def rename(world: World, one: Resource, bucket: str, name: str) -> Resource:
    """The same object under another name."""
    world.store.remove(one.key, world.clock.now())
    one.key = object_key(bucket, name)
    one.content |= {"name": name, "id": f"{bucket}/{name}/{one.content.get('generation')}"}
    world.store.restore(one)
    return one


def _see_folders(world: World, bucket: str, seen: Seen) -> None:
    for folder in world.store.under(f"{bucket_key(bucket)}/folders"):
        if str(folder.content.get("name", "")).rstrip("/") not in seen.folders:
            world.store.remove(folder.key, world.clock.now())
    for name in seen.folders:
        ensure_folders(world, bucket, name)


def _see_placeholders(world: World, bucket: str, seen: Seen) -> None:
    """Where folders are but a way of naming, an empty one is an object of its own, with a slash at its end, as gcsfuse makes it."""
    full = {name.rpartition("/")[0] for name in (*seen.files, *seen.folders)}
    empty = {f"{name}/" for name in seen.folders if name not in full}
    shown = {
        str(one.content["name"]): one
        for one in world.store.under(f"{bucket_key(bucket)}/o")
        if one.hidden.get("folder")
    }
    for name, one in shown.items():
        if name.rstrip("/") not in seen.folders:
            world.store.remove(one.key, world.clock.now())
    for name in empty - shown.keys():
        _described(world, bucket, name, b"", {"contentType": "text/plain"}).hidden["folder"] = True


def _undo_renames(world: World, there: Resource, known: Known, seen: Seen) -> Seen:
    """gcsfuse renames no folder with something in it where folders are but a way of naming: such a renaming is taken back."""
    was: dict[str, int] = there.hidden.get("directories", {})
    for name in sorted(was.keys() - seen.folders.keys()):
        now = next((one for one, number in seen.folders.items() if number == was[name] != was.get(one)), None)
        if now and _moved(known, seen, name, now) and world.files.rename_folder(there.id, now, name):
            seen = world.files.seen(there.id) or seen
    return seen


def _moved(known: Known, seen: Seen, source: str, target: str) -> bool:
    """Whether a file of one folder is now in the other: numbers of folders are given again."""
    inside = (name for name in known if name.startswith(f"{source}/"))
    return any(seen.files.get(target + name[len(source) :]) == known[name].hidden["mark"] for name in inside)


def _described(world: World, bucket: str, name: str, content: bytes, told: Json) -> Resource:
    """An object's resource, as Google shows it, in the place of what had its name."""
    made = world.store.put(object_key(bucket, name), {**told, "name": name})
    generation, stamp = world.store.number(), world.clock.stamp()
    made.content |= {
        "kind": "storage#object", "id": f"{bucket}/{name}/{generation}", "bucket": bucket, "generation": generation, "metageneration": "1",
        "size": str(len(content)), **checksums(content), "etag": made.etag, "storageClass": "STANDARD", "timeCreated": stamp, "updated": stamp,
    }  # fmt: skip
    return made
