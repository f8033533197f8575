"""Cloud Storage's soft deletion: what is deleted or written over is kept, and paid for, as long as its bucket says.

https://cloud.google.com/storage/docs/soft-delete
"""

from collections.abc import Iterator

from gcpsim.crud import finished, present
from gcpsim.errors import Refused, missing
from gcpsim.rules import Rules
from gcpsim.semantics.storage_names import bucket_key, is_hierarchical, object_key
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call, World

RESTORING = ("storage.buckets.restore", "storage.objects.restore")


def enter(rules: Rules) -> None:
    """Add what becomes of deleted things to the API's rules."""
    rules.alone |= frozenset(RESTORING)
    rules.does("storage.buckets.delete", "storage.objects.delete")(delete)
    rules.does(*RESTORING)(restore)


def delete(call: Call) -> Json:
    """Gone from sight; kept where the bucket's policy says so."""
    resource = present(call)
    remove(call.world, resource)
    return finished(call, resource)


def remove(world: World, resource: Resource) -> None:
    """Take an object or a bucket away."""
    forget(world)
    keep(world, resource)
    world.store.remove(resource.key, world.clock.now())
    if "/o/" not in resource.key:
        world.files.drop_bucket(resource.id)
    elif not resource.supposed:
        _tidy(world, str(resource.content["bucket"]), str(resource.content["name"]))


def keep(world: World, resource: Resource) -> None:
    """Remember something for as long as its bucket's policy says, under its name and generation; else its bytes go."""
    seconds, is_object = _seconds(world, resource), "/o/" in resource.key
    if resource.supposed:
        return
    if seconds <= 0:
        if is_object:
            world.files.drop(resource)
        return
    now = world.clock
    resource.content |= {"softDeleteTime": now.stamp(), "hardDeleteTime": now.stamp(seconds)}
    world.remembered[_at(resource.key, resource.content.get("generation"))] = (now.now() + seconds, resource)
    if is_object:
        world.files.put_aside(resource)


def forget(world: World) -> None:
    """Let go of what has been remembered long enough."""
    for at, (until, resource) in list(world.remembered.items()):
        if until <= world.clock.now() and resource.key.startswith("storage/"):
            del world.remembered[at]
            if "/o/" in resource.key:
                world.files.drop(resource)


def _tidy(world: World, bucket: str, name: str) -> None:
    """Where folders are but a way of naming, one that nothing is in any more is none, unless an object stands for it."""
    if is_hierarchical(world.store.get(bucket_key(bucket))):
        return
    while "/" in name.rstrip("/"):
        name = name.rstrip("/").rpartition("/")[0]
        stands = world.store.get(object_key(bucket, f"{name}/")) is not None
        if stands or not world.files.drop_folder(bucket, name):
            return


def kept(call: Call, collection: str) -> Iterator[Json]:
    """What is still remembered of a collection."""
    for until, resource in call.world.remembered.values():
        if resource.key.rpartition("/")[0] == collection and until > call.world.clock.now():
            yield dict(resource.content)


def restore(call: Call) -> Json:
    """Bring a generation back, as long as it is remembered and, for a bucket, nobody took its name."""
    key = call.key.removesuffix("/restore")
    at = _at(key, call.query.get("generation", ""))
    until, resource = call.world.remembered.get(at, (0.0, None))
    if resource is None or until <= call.world.clock.now():
        raise missing(key)
    if "/o/" not in key and call.store.get(key) is not None:
        raise Refused(409, f"There is another bucket of the name '{resource.id}'.", reason="conflict")
    del call.world.remembered[at]
    for name in ("softDeleteTime", "hardDeleteTime"):
        resource.content.pop(name, None)
    if "/o/" not in key:
        call.world.files.make_bucket(resource.id)
    else:
        if live := call.store.get(key):
            keep(call.world, live)
        call.world.files.bring_back(resource)
    call.store.restore(resource)
    return dict(resource.content)


def _at(key: str, generation: object) -> str:
    return f"{key}#{generation}"


def _seconds(world: World, resource: Resource) -> float:
    bucket = world.store.get("/".join(resource.key.split("/")[:3])) or resource
    policy = bucket.content.get("softDeletePolicy", {})
    return float(policy.get("retentionDurationSeconds", 0))
