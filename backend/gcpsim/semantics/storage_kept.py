"""Cloud Storage's soft deletion: what is deleted or written over is kept, and paid for, as long as its bucket says.

https://cloud.google.com/storage/docs/soft-delete
"""

from collections.abc import Iterator

from gcpsim.crud import finished, present
from gcpsim.errors import Refused, missing
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RESTORING = ("storage.buckets.restore", "storage.objects.restore")


def enter(rules: Rules) -> None:
    """Add what becomes of deleted things to the API's rules."""
    rules.alone |= frozenset(RESTORING)
    rules.does("storage.buckets.delete", "storage.objects.delete")(delete)
    rules.does(*RESTORING)(restore)


def delete(call: Call) -> Json:
    """Gone from sight; kept where the bucket's policy says so."""
    resource = present(call)
    keep(call, resource)
    call.store.remove(call.key, call.world.clock.now())
    return finished(call, resource)


def keep(call: Call, resource: Resource) -> None:
    """Remember something for as long as its bucket's policy says, under its name and generation."""
    seconds = _seconds(call, resource)
    if seconds <= 0 or resource.supposed:
        return
    now = call.world.clock
    resource.content |= {"softDeleteTime": now.stamp(), "hardDeleteTime": now.stamp(seconds)}
    call.world.remembered[f"{resource.key}#{resource.content.get('generation')}"] = (
        now.now() + seconds,
        resource,
    )


def kept(call: Call, collection: str) -> Iterator[Json]:
    """What is still remembered of a collection."""
    for until, resource in call.world.remembered.values():
        if resource.key.rpartition("/")[0] == collection and until > call.world.clock.now():
            yield dict(resource.content)


def restore(call: Call) -> Json:
    """Bring a generation back, as long as it is remembered and, for a bucket, nobody took its name."""
    key = call.key.removesuffix("/restore")
    until, resource = call.world.remembered.get(f"{key}#{call.query.get('generation', '')}", (0.0, None))
    if resource is None or until <= call.world.clock.now():
        raise missing(key)
    if "/o/" not in key and call.store.get(key) is not None:
        raise Refused(409, f"There is another bucket of the name '{resource.id}'.", reason="conflict")
    del call.world.remembered[f"{key}#{call.query.get('generation', '')}"]
    for name in ("softDeleteTime", "hardDeleteTime"):
        resource.content.pop(name, None)
    call.store.restore(resource)
    return dict(resource.content)


def _seconds(call: Call, resource: Resource) -> float:
    bucket = call.store.get("/".join(resource.key.split("/")[:3])) or resource
    policy = bucket.content.get("softDeletePolicy", {})
    return float(policy.get("retentionDurationSeconds", 0))
