"""Secret Manager: a secret for each name, kept in the shard's region alone, its values as numbered versions."""

import base64
import re
from collections.abc import Mapping, Sequence

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.labels import billed, labels_of
from aipress.clouds.gcp.names import owners_secret_id, secret_id
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.gcp.services import PLATFORM_SECRETS
from aipress.errors import CloudBusy

ALIAS = re.compile(r"v\d+")
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


def opened(answer: Json, id: str) -> str:
    """The value in what `versions.access` answers. Raises CloudBusy for one that was damaged on its way."""
    payload = answer.get("payload")
    told = payload if isinstance(payload, dict) else {}
    value = base64.b64decode(str(told.get("data", "")))
    if str(told.get("dataCrc32c", "")) != str(crc32c(value)):
        raise CloudBusy(f"The value of {id} came damaged from Google; ask again.")
    return value.decode()


def numbers_of(secret: Json) -> dict[int, int]:
    """Google's number of each of our versions of a secret: ours have gaps, Google counts 1, 2, 3, and an alias `v<ours>` tells."""
    aliases = secret.get("versionAliases")
    told = aliases if isinstance(aliases, dict) else {}
    return {int(alias[1:]): int(number) for alias, number in told.items() if ALIAS.fullmatch(alias)}


def numbered(secret: Json, numbers: Mapping[int, int]) -> Resource:
    """The secret with exactly these versions named, if it is as it was read. The mask names what an empty list must reach too."""
    aliases = {f"v{ours}": str(number) for ours, number in sorted(numbers.items())}
    body: Json = {"versionAliases": aliases, "etag": secret["etag"]}
    name = str(secret["name"])
    mask = {"updateMask": "versionAliases"}
    return Resource("secret", name.rsplit("/", 1)[-1], "secretmanager", f"/v1/{name}", body, mask, "PATCH")


def destroyed(version_name: str) -> Resource:
    """A version without its value, for good."""
    return Resource(
        "secret version",
        version_name.split("/secrets/")[1],
        "secretmanager",
        f"/v1/{version_name}:destroy",
        {},
    )


def crc32c(content: bytes) -> int:
    """CRC-32C (RFC 3720, appendix B.4)."""
    value = 0xFFFFFFFF
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF
