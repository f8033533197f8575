"""Media of a site by signed URLs (`options.media = "bucket"`): what its service has in place of a mount, and what its plugin is told.

Objects are named as the mount names them (`uploads/…`), so a site can be changed from one to the other, and back, without carrying anything.
"""

from collections.abc import Mapping

from aipress.clouds.base import Bucket, EnvironmentSpec
from aipress.clouds.gcp.names import account_email
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json

ROOM_MB = 128  # for an upload, 64 MB at most, and the smaller pictures made of it, until the bucket has them
BUCKET = "AIPRESS_MEDIA_BUCKET"


def is_signed(environment: EnvironmentSpec) -> bool:
    """Whether uploads go to the bucket by signed URLs, and not through a mount."""
    return environment.options.media == "bucket"


def room(environment: EnvironmentSpec) -> int:
    """MB of memory that its uploads take beside what its size says."""
    return ROOM_MB if is_signed(environment) else 0


def passing(name: str) -> Json:
    """A volume in memory, where an upload lies until the bucket has it."""
    return {"name": name, "emptyDir": {"medium": "MEMORY", "sizeLimit": f"{ROOM_MB}Mi"}}


def settings(environment: EnvironmentSpec, bucket: Bucket, place: Place, signs_at: str) -> Mapping[str, str]:
    """What the plugin needs to draw up signed URLs; `signs_at` is a simulator's address."""
    if not is_signed(environment):
        return {}
    return {
        BUCKET: bucket.name,
        "AIPRESS_MEDIA_ACCOUNT": account_email(environment.id, place.project),
        "AIPRESS_MEDIA_ENDPOINT": signs_at,
    }
