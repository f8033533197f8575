"""Secret Manager: versions are numbered and never change, `latest` is the newest, a destroyed one is gone for good."""

import base64
import re

from gcpsim.checksums import crc32c
from gcpsim.crud import page
from gcpsim.errors import Refused, invalid, missing
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()
SECRET_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
LARGEST = 64 * 1024
BOTH = "secretmanager.projects.secrets.", "secretmanager.projects.locations.secrets."


def _both(word: str) -> tuple[str, str]:
    return BOTH[0] + word, BOTH[1] + word


@RULES.check(*_both("create"))
def check_secret(call: Call) -> None:
    """A secret has an id, and a global one says where it is kept."""
    if not SECRET_ID.fullmatch(call.query.get("secretId", "")):
        raise invalid("secret_id", "A secret's id has letters, digits, _ and -, at most 255.")
    if "replication" not in call.body and "locations" not in call.key.split("/"):
        raise invalid("secret.replication", "A secret says how it is replicated.")


@RULES.does(*_both("addVersion"))
def add_version(call: Call) -> Json:
    """The next number; the payload's checksum must be right where one is given."""
    secret = call.store.get(call.key)
    if secret is None:
        raise missing(call.name)
    payload = call.body.get("payload", {})
    given = base64.b64decode(str(payload.get("data", "")).replace("-", "+").replace("_", "/") + "==")
    if not given or len(given) > LARGEST:
        raise invalid("payload", f"A version has between 1 and {LARGEST} bytes.")
    if "dataCrc32c" in payload and int(payload["dataCrc32c"]) != crc32c(given):
        raise invalid("payload.data_crc32c", "The checksum does not match the data.")
    number = secret.hidden["versions"] = secret.hidden.get("versions", 0) + 1
    version = call.store.put(
        f"{call.key}/versions/{number}",
        {
            "name": f"{call.name}/versions/{number}",
            "createTime": call.world.clock.stamp(),
            "state": "ENABLED",
            "etag": f'"{number}.1"',
        },
    )
    version.hidden["data"] = base64.b64encode(given).decode()
    call.key = version.key
    return dict(version.content)


@RULES.does(*_both("versions.access"))
def access(call: Call) -> Json:
    """The payload of an enabled version, with its checksum."""
    version = _version(call)
    if version.content.get("state", "ENABLED") != "ENABLED":
        raise Refused(
            400,
            f"'{version.content['name']}' is in {version.content['state']} state.",
            status="FAILED_PRECONDITION",
        )
    data = version.hidden.get("data", "")
    return {
        "name": version.content.get("name", call.name),
        "payload": {"data": data, "dataCrc32c": str(crc32c(base64.b64decode(data)))},
    }


@RULES.does(*_both("versions.get"))
def get_version(call: Call) -> Json:
    """A version without its payload."""
    return dict(_version(call).content)


@RULES.does(*_both("versions.enable"), *_both("versions.disable"), *_both("versions.destroy"))
def turn(call: Call) -> Json:
    """Another state; from destroyed no way leads back, and the payload is gone."""
    version = _version(call)
    if version.content.get("state") == "DESTROYED":
        raise Refused(400, f"'{version.content['name']}' is destroyed.", status="FAILED_PRECONDITION")
    version.generation += 1
    version.content["state"] = {"enable": "ENABLED", "disable": "DISABLED", "destroy": "DESTROYED"}[
        call.method.last
    ]
    version.content["etag"] = f'"{version.id}.{version.generation}"'
    if call.method.last == "destroy":
        version.hidden.pop("data", None)
        version.content["destroyTime"] = call.world.clock.stamp()
    return dict(version.content)


@RULES.does(*_both("versions.list"))
def list_versions(call: Call) -> Json:
    """Newest first."""
    newest_first = sorted(call.store.under(call.key), key=lambda version: -int(version.id))
    return page(call, [dict(version.content) for version in newest_first]) | {"totalSize": len(newest_first)}


def _version(call: Call) -> Resource:
    collection, _, number = call.key.rpartition("/")
    if number == "latest":
        secret = call.store.get(collection.removesuffix("/versions"))
        number = str(secret.hidden.get("versions", 0)) if secret else "0"
    version = call.store.get(f"{collection}/{number}")
    if version is None:
        raise missing(call.name)
    return version
