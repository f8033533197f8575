"""Secret Manager: a secret for each name, kept in the shard's region alone, its values as numbered versions."""

import base64
from collections.abc import Sequence

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.labels import billed, labels_of
from aipress.clouds.gcp.names import owners_secret_id, secret_id
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.gcp.services import PLATFORM_SECRETS

LARGEST_BYTES = 64 * 1024


def secrets_of(environment: EnvironmentSpec, place: Place, owners: Sequence[str] = ()) -> list[Resource]:
    """Every secret an environment has: the platform's, and those of its owner by name."""
    ids = [secret_id(environment.id, name) for name in PLATFORM_SECRETS]
    ids += [owners_secret_id(environment.id, name) for name in sorted(owners)]
    return [secret(environment, place, id) for id in ids]


def secret(environment: EnvironmentSpec, place: Place, id: str) -> Resource:
    """A secret without a value yet."""
    body: Json = {
        "labels": labels_of(environment),
        "replication": {"userManaged": {"replicas": [{"location": place.region}]}},
    }
    path = f"/v1/projects/{place.project}/secrets"
    return billed(Resource("secret", id, "secretmanager", path, body, {"secretId": id}))


def version(place: Place, id: str, value: bytes) -> Resource:
    """A value, with a checksum that Google holds against it. Never to be logged or shown.

    Raises Unbuildable, without quoting it, for a value Secret Manager takes no version of.
    """
    if not 0 < len(value) <= LARGEST_BYTES:
        raise Unbuildable(
            f"A value of {id} has {len(value)} bytes; a version has 1 to {LARGEST_BYTES}. Nothing was kept."
        )
    payload = {"data": base64.b64encode(value).decode(), "dataCrc32c": str(crc32c(value))}
    path = f"/v1/projects/{place.project}/secrets/{id}:addVersion"
    return Resource("secret version", id, "secretmanager", path, {"payload": payload})


def crc32c(content: bytes) -> int:
    """CRC-32C (RFC 3720, appendix B.4)."""
    value = 0xFFFFFFFF
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF
