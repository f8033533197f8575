"""Cloud Storage's buckets: names that are the world's, emptied before they go, changed only as far as the caller's conditions hold."""

import re

from gcpsim.crud import page, present
from gcpsim.errors import Refused, invalid
from gcpsim.rules import Rules
from gcpsim.semantics import storage_folders, storage_kept, storage_objects, storage_uploads
from gcpsim.semantics.storage_written import look
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(merges=True)
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
storage_objects.enter(RULES)
storage_uploads.enter(RULES)
storage_kept.enter(RULES)
storage_folders.enter(RULES)


@RULES.check("storage.buckets.insert")
def check_bucket(call: Call) -> None:
    """A bucket's name is a host name, more or less; folders that can be renamed need uniform access."""
    name = str(call.body.get("name", ""))
    labels = name.split(".")
    if (
        not NAME.fullmatch(name)
        or name.startswith("goog")
        or "google" in labels
        or any(len(label) > 63 for label in labels)
        or re.fullmatch(r"[\d.]+", name)
    ):
        raise invalid("name", f"Invalid bucket name: '{name}'")
    uniform = call.body.get("iamConfiguration", {}).get("uniformBucketLevelAccess", {}).get("enabled")
    if call.body.get("hierarchicalNamespace", {}).get("enabled") and not uniform:
        raise invalid("hierarchicalNamespace", "Hierarchical namespace needs uniform bucket-level access.")


@RULES.check("storage.buckets.patch", "storage.buckets.update", "storage.buckets.delete")
def check_conditions(call: Call) -> None:
    """What the caller saw must still be so."""
    bucket = present(call)
    wanted, unwanted = call.query.get("ifMetagenerationMatch"), call.query.get("ifMetagenerationNotMatch")
    now = str(bucket.content.get("metageneration", "1"))
    if (wanted is not None and wanted != now) or (unwanted is not None and unwanted == now):
        raise Refused(412, "At least one of the pre-conditions you specified did not hold.")


@RULES.check("storage.buckets.delete")
def check_empty(call: Call) -> None:
    """Only an empty bucket goes."""
    look(call.world, call.key.split("/")[2])
    if call.store.under(f"{call.key}/o"):
        raise Refused(
            409, "The bucket you tried to delete is not empty.", status="ABORTED", reason="conflict"
        )


@RULES.made("storage.buckets.insert")
def complete_bucket(call: Call, bucket: Resource) -> None:
    """Defaults as Google writes them."""
    content = bucket.content
    call.world.files.make_bucket(bucket.id)
    bucket.hidden["project"] = call.query["project"]
    location = str(content.get("location") or "US").upper()
    content |= {
        "id": bucket.id,
        "location": location,
        "metageneration": "1",
        "generation": call.store.number(),
        "projectNumber": "123456789012",
    }
    content["locationType"] = (
        "multi-region"
        if location in {"US", "EU", "ASIA"}
        else "dual-region"
        if re.fullmatch(r"[A-Z]{3,4}\d+|NAM4", location)
        else "region"
    )
    content.setdefault("storageClass", "STANDARD")
    access = content.setdefault("iamConfiguration", {})
    access.setdefault("publicAccessPrevention", "inherited")
    access.setdefault("uniformBucketLevelAccess", {"enabled": False})
    access["bucketPolicyOnly"] = dict(access["uniformBucketLevelAccess"])
    content.setdefault(
        "softDeletePolicy", {"retentionDurationSeconds": "604800", "effectiveTime": call.world.clock.stamp()}
    )


@RULES.made("storage.buckets.patch", "storage.buckets.update")
def count_change(call: Call, bucket: Resource) -> None:
    """A bucket's metadata has a number that every change raises."""
    bucket.content["metageneration"] = str(bucket.generation)


@RULES.does("storage.buckets.list")
def list_buckets(call: Call) -> Json:
    """A project's buckets; deleted ones on request."""
    if call.query.get("softDeleted") == "true":
        found = list(storage_kept.kept(call, call.key))
    else:
        owned = [
            one for one in call.store.under(call.key) if one.hidden.get("project") == call.query["project"]
        ]
        found = [dict(one.content) for one in owned]
    prefix = call.query.get("prefix", "")
    return {
        "kind": "storage#buckets",
        **page(call, [one for one in found if str(one.get("name", "")).startswith(prefix)]),
    }


@RULES.names("storage.anywhereCaches.insert")
def cache_zone(call: Call) -> str:
    """A cache is named after its zone."""
    return str(call.body.get("zone", ""))


@RULES.names(*(f"storage.{kind}AccessControls.insert" for kind in ("bucket", "defaultObject", "object")))
def entity(call: Call) -> str:
    """An access control is known by whom it is for."""
    return str(call.body.get("entity", ""))
