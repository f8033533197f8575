"""The bucket of an environment: uploads, and backups that grow colder with time.

A bucket each, because Google bills by a bucket's labels and by nothing below it.
"""

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.labels import billed, labels_of
from aipress.clouds.gcp.names import bucket_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource

WEEK = 7 * 24 * 3600
BACKUPS = "backups/"
COOLING = ((30, "NEARLINE"), (90, "COLDLINE"))  # days
KEPT = 365


def bucket(environment: EnvironmentSpec, place: Place) -> Resource:
    """A private bucket whose folders can be renamed at once, which WordPress does at every update; that rules out versions of objects.

    What is deleted can be brought back for a week, and is paid for as long: said, since Google's default may change.
    """
    name = bucket_name(environment.id, place.project)
    body: Json = {
        "name": name,
        "location": place.region.upper(),
        "storageClass": "STANDARD",
        "labels": labels_of(environment),
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
        "hierarchicalNamespace": {"enabled": True},
        "softDeletePolicy": {"retentionDurationSeconds": str(WEEK)},
        "lifecycle": {"rule": _rules()},
    }
    return billed(Resource("bucket", name, "storage", "/storage/v1/b", body, {"project": place.project}))


def _rules() -> list[Json]:
    cooler = [
        {
            "action": {"type": "SetStorageClass", "storageClass": kind},
            "condition": {"age": days, "matchesPrefix": [BACKUPS]},
        }
        for days, kind in COOLING
    ]
    gone = {"action": {"type": "Delete"}, "condition": {"age": KEPT, "matchesPrefix": [BACKUPS]}}
    broken_off = {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}
    return [*cooler, gone, broken_off]
