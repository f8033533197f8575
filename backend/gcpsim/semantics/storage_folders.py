"""Cloud Storage's folders: things of their own in a bucket with a hierarchical namespace, renamed at once with all that is in them.

https://cloud.google.com/storage/docs/hns-overview. In any other bucket there are none: slashes are part of objects' names.
"""

from gcpsim.crud import page, present, started
from gcpsim.errors import Refused, invalid, missing, taken
from gcpsim.rules import Rules
from gcpsim.semantics.storage_names import SLASH, bucket_key, folded, folder_key, is_hierarchical
from gcpsim.semantics.storage_written import describe_folder, ensure_folders, look, rename
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call, World

FOLDERS = "storage.folders."
ALL = ("insert", "get", "list", "delete", "deleteRecursive", "rename")


def enter(rules: Rules) -> None:
    """Add what folders do to the API's rules."""
    rules.names(FOLDERS + "insert", "storage.managedFolders.insert")(folder_name)
    rules.check(*(FOLDERS + one for one in ALL))(check_kind)
    rules.check(FOLDERS + "insert")(check_above)
    rules.made(FOLDERS + "insert")(complete)
    rules.does(FOLDERS + "list")(list_folders)
    rules.does(FOLDERS + "delete")(delete)
    rules.does(FOLDERS + "rename")(rename_folder)
    rules.does(FOLDERS + "deleteRecursive")(delete_recursive)


def folder_name(call: Call) -> str:
    """A folder's name may end with a slash, and have others in it."""
    return folded((str(call.body.get("name", "")).rstrip("/"),))[0]


def check_kind(call: Call) -> None:
    """Only a bucket with a hierarchical namespace has folders; what stands in one may be newer than what is known."""
    bucket = call.found.segments[1]
    there = call.store.get(bucket_key(bucket))
    if there is not None and not there.supposed and not is_hierarchical(there):
        raise Refused(409, "The bucket does not support hierarchical namespace.", reason="conflict")
    look(call.world, bucket)


def check_above(call: Call) -> None:
    """A folder stands in one that is there, unless the caller wants those above it as well."""
    name, bucket = str(call.body.get("name", "")).rstrip("/"), call.found.segments[1]
    if not name or any(part in ("", ".", "..") for part in name.split("/")):
        raise invalid("name", f"'{name}' is no folder's name.")
    above = name.rpartition("/")[0]
    if call.query.get("recursive") == "true":
        ensure_folders(call.world, bucket, above)
    elif above and call.store.get(folder_key(bucket, above)) is None:
        raise missing(f"{bucket}/{above}/")


def complete(call: Call, folder: Resource) -> None:
    """As Google shows it, and where files are, on the disk."""
    bucket, name = call.found.segments[1], str(call.body["name"])
    describe_folder(call.world, folder, bucket, name)
    call.world.files.make_folder(bucket, name)


def list_folders(call: Call) -> Json:
    """By prefix, each below the others it stands in."""
    prefix = call.query.get("prefix", "")
    found = [dict(one.content) for one in call.store.under(call.key)]
    return {
        "kind": "storage#folders",
        **page(call, [one for one in found if str(one["name"]).startswith(prefix)]),
    }


def delete(call: Call) -> Json:
    """Only an empty folder goes."""
    folder, bucket = present(call), call.found.segments[1]
    name = str(folder.content["name"])
    if _inside(call.world, bucket, name) or not call.world.files.drop_folder(bucket, name):
        raise Refused(
            409, "The folder you tried to delete is not empty.", status="ABORTED", reason="conflict"
        )
    call.store.remove(folder.key, call.world.clock.now())
    return {}


def rename_folder(call: Call) -> Json:
    """All objects and folders in it at once, keeping what they are; nothing is written over."""
    _, bucket, _, source, _, _, target = (part.replace(SLASH, "/") for part in call.found.segments)
    source, target = (f"{name.rstrip('/')}/" for name in (source, target))
    folder = call.store.get(folder_key(bucket, source))
    if folder is None:
        raise missing(f"{bucket}/{source}")
    above = target.rstrip("/").rpartition("/")[0]
    if above and call.store.get(folder_key(bucket, above)) is None:
        raise missing(f"{bucket}/{above}/")
    inside = _inside(call.world, bucket, source)
    if target.startswith(source):
        raise invalid("destinationFolder", "A folder cannot be moved into itself.")
    if call.fault == "operation":
        return started(call, folder.content, "Folder")
    there = call.store.get(folder_key(bucket, target)) or _inside(call.world, bucket, target)
    if there or not call.world.files.rename_folder(bucket, source, target):
        raise taken(f"{bucket}/{target}")
    for one in (folder, *inside):
        _move(call.world, one, bucket, target + str(one.content["name"])[len(source) :])
    call.key = folder_key(bucket, target)
    return started(call, folder.content, "Folder")


def _move(world: World, one: Resource, bucket: str, name: str) -> None:
    if "/o/" in one.key:
        rename(world, one, bucket, name)
        return
    world.store.remove(one.key, world.clock.now())
    one.key = folder_key(bucket, name)
    describe_folder(world, one, bucket, name)
    world.store.restore(one)


def delete_recursive(call: Call) -> Json:
    """A folder with the empty folders in it; objects are not deleted along."""
    folder, bucket = present(call), call.found.segments[1]
    inside = _inside(call.world, bucket, str(folder.content["name"]))
    if any("/o/" in one.key for one in inside):
        raise Refused(
            409, "The folder you tried to delete is not empty.", status="ABORTED", reason="conflict"
        )
    for one in sorted([folder, *inside], key=lambda one: one.key, reverse=True):
        call.world.files.drop_folder(bucket, str(one.content["name"]))
        call.store.remove(one.key, call.world.clock.now())
    return started(call, {}, "Empty")


def _inside(world: World, bucket: str, name: str) -> list[Resource]:
    everything = world.store.under(f"{bucket_key(bucket)}/o") + world.store.under(
        f"{bucket_key(bucket)}/folders"
    )
    return [
        one
        for one in everything
        if str(one.content.get("name", "")).startswith(name) and one.content.get("name") != name
    ]
