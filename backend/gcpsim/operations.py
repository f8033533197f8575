"""Long-running operations of the three families Google has: google.longrunning, sqladmin's and compute's."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from zlib import crc32

from gcpsim.clock import Clock
from gcpsim.discovery.methods import Method
from gcpsim.wire import Json

LONGRUNNING, SQL, COMPUTE = "longrunning", "sql", "compute"

PACKAGES = {
    "run": "google.cloud.run.v2",
    "certificatemanager": "google.cloud.certificatemanager.v1",
    "redis": "google.cloud.redis.v1",
    "memorystore": "google.cloud.memorystore.v1",
    "artifactregistry": "google.devtools.artifactregistry.v1",
    "networkservices": "google.cloud.networkservices.v1",
    "cloudresourcemanager": "google.cloud.resourcemanager.v3",
    "logging": "google.logging.v2",
    "serviceusage": "google.api.serviceusage.v1",
}
"""Where a message's full name begins; discovery documents don't say it, and clients refuse an Any of another type."""


@dataclass
class Operation:
    """Something that takes its time. `result` is what it ends with; `error` what it fails with, and `code`; `going`: something real

    is not over yet, whatever the clock says.
    """

    key: str
    family: str
    verb: str
    target: str
    started: str
    ends_at: float
    result: Json = field(default_factory=dict)
    metadata: Json = field(default_factory=dict)
    error: str = ""
    code: int = 13
    going: bool = False

    def succeed(self, result: Json | None = None) -> None:
        """What went on is done; `result` where it is another than was thought."""
        self.going = False
        if result is not None:
            self.result = {"@type": self.result["@type"], **result} if "@type" in self.result else result

    def fail(self, error: str, code: int = 13) -> None:
        """What went on ended badly; the code is one of google.rpc.Code's numbers."""
        self.going, self.error, self.code = False, error, code

    @property
    def name(self) -> str:
        """The name as Google spells it: whole for google.longrunning, the last part for the others."""
        if self.family != LONGRUNNING:
            return self.key.rsplit("/", 1)[-1]
        return self.key.split("/", 1)[1].replace(
            "b/", "projects/_/buckets/", self.key.startswith("storage/b/")
        )


GoesOn = Callable[[Operation], object]
"""What begins something real beside the calls, and lets the operation succeed or fail when that is over."""


class Operations:
    """All operations there have been."""

    def __init__(self) -> None:
        self._all: dict[str, Operation] = {}

    def start(self, operation: Operation) -> Operation:
        """Begin one."""
        self._all[operation.key] = operation
        return operation

    def get(self, key: str) -> Operation | None:
        """One by its key."""
        return self._all.get(key)

    def newest(self) -> Operation | None:
        """The one that began last."""
        return next(reversed(self._all.values()), None)

    def also(self, key: str, operation: Operation) -> None:
        """Let one be found under another key as well."""
        self._all[key] = operation

    def everything(self) -> list[tuple[str, Operation]]:
        """All, with the keys they are found under."""
        return list(self._all.items())

    def under(self, scope: str) -> list[Operation]:
        """All within a scope."""
        return [operation for key, operation in self._all.items() if key.startswith(scope)]

    def next_id(self) -> str:
        """An id nobody had yet."""
        return f"operation-{len(self._all) + 1:08d}"


def family_of(method: Method) -> str:
    """Which family a method answers with, or '' when it answers at once."""
    properties = method.document.schemas.get(method.response, {}).get("properties", {})
    if "done" in properties and "response" in properties:
        return LONGRUNNING
    if "operationType" in properties and "targetLink" in properties:
        return SQL if method.document.api == "sqladmin" else COMPUTE
    return ""


def operation_key(api: str, target: str, operation_id: str) -> str:
    """Where an operation lives: beside what it is about, in the same project, region or zone."""
    parts = target.split("/")[1:]
    if api == "storage":
        return "/".join([api, *parts[:2], "operations", operation_id])
    if api == "sqladmin" or not parts:
        return f"{api}/projects/{parts[1]}/operations/{operation_id}"
    for scope in ("locations", "regions", "zones"):
        if scope in parts[:-1]:
            return "/".join([api, *parts[: parts.index(scope) + 2], "operations", operation_id])
    if "global" in parts:
        return "/".join([api, *parts[: parts.index("global") + 1], "operations", operation_id])
    return f"{api}/operations/{operation_id}"


def package_of(method: Method) -> str:
    """Where the full names of an API's messages begin."""
    document = method.document
    return PACKAGES.get(document.api, f"google.cloud.{document.api}.{document.version}")


def any_type(method: Method, message: str = "") -> str:
    """The full name of the message an operation of this method ends with: what it made or changed, or what answers its request."""
    if method.last == "delete" and method.document.api != "run":
        return "type.googleapis.com/google.protobuf.Empty"
    version = method.document.version.capitalize()
    return f"type.googleapis.com/{package_of(method)}.{message or _ends_with(method).split(version)[-1]}"


def _ends_with(method: Method) -> str:
    """The schema of an operation's end; documents don't name it."""
    kind = re.sub("ies$", "y", method.id.split(".")[-2]).removesuffix("s")
    noun = kind[0].upper() + kind[1:]
    if method.last == "delete":
        return noun
    answer = re.sub("Request$", "Response", method.request)
    if method.request.endswith("Request"):
        return answer if answer in method.document.schemas else noun
    return method.request


def shown(operation: Operation, clock: Clock) -> Json:
    """The operation as its family writes it, at this moment."""
    done = clock.now() >= operation.ends_at and not operation.going
    if operation.family == LONGRUNNING:
        return _longrunning(operation, done)
    return _older(operation, done, clock)


def _longrunning(operation: Operation, done: bool) -> Json:
    body: Json = {"name": operation.name, "metadata": operation.metadata}
    if done:
        body["done"] = True
        if operation.error:
            body["error"] = {"code": operation.code, "message": operation.error}
        else:
            body["response"] = operation.result
    return body


def _older(operation: Operation, done: bool, clock: Clock) -> Json:
    api, path = operation.target.split("/", 1)
    base = (
        "https://sqladmin.googleapis.com/sql/v1beta4/"
        if api == "sqladmin"
        else f"https://www.googleapis.com/{api}/v1/"
    )
    body: Json = {
        "kind": "sql#operation" if operation.family == SQL else "compute#operation",
        "name": operation.name,
        "operationType": operation.verb.upper() if operation.family == SQL else operation.verb,
        "status": "DONE" if done else "RUNNING",
        "insertTime": operation.started,
        "startTime": operation.started,
        "targetLink": base + path,
        "targetId": path.rsplit("/", 1)[-1] if operation.family == SQL else str(crc32(path.encode())),
        "selfLink": base + operation.key.split("/", 1)[1],
        "user": "simulated@example.com",
    }
    if operation.family == SQL:
        body["targetProject"] = path.split("/")[1]
        body |= {
            name: context
            for name, context in operation.metadata.items()
            if name in ("exportContext", "importContext")
        }
    else:
        body |= {"id": str(crc32(operation.key.encode())), "progress": 100 if done else 0}
    if done:
        body["endTime"] = clock.stamp()
        if operation.error:
            body["error"] = {"errors": [{"code": "INTERNAL_ERROR", "message": operation.error}]}
    return body
