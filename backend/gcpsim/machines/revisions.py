"""A revision as an instance of it needs it: read from the store when the instance starts, so `latest` of a secret is what it is then."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gcpsim.machines.buckets import Buckets
from gcpsim.machines.options import Images
from gcpsim.machines.probes import Probe, liveness_probe, startup_probe
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import World

NOT_FOUND, FAILED_PRECONDITION = 5, 9
UNITS = {"m": 1e-3, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}


class CannotStart(Exception):
    """Why a container does not run, in Google's words; `code` is one of google.rpc.Code's numbers."""

    def __init__(self, message: str, code: int = FAILED_PRECONDITION) -> None:
        super().__init__(message)
        self.message, self.code = message, code


@dataclass(frozen=True)
class Mount:
    """What is seen at a path of the container: a folder or socket of this machine, files written for it alone, or an empty place

    in memory, which holds `most` bytes if that is said.
    """

    path: str
    folder: Path | None = None
    files: Mapping[str, bytes] | None = None
    read_only: bool = False
    most: int = 0


@dataclass(frozen=True)
class Recipe:
    """All a container is told. `values` may hold secrets."""

    image: str
    command: tuple[str, ...]
    arguments: tuple[str, ...]
    values: Mapping[str, str] = field(repr=False)
    mounts: tuple[Mount, ...] = field(repr=False)
    memory: float
    cpu: float
    cpu_idle: bool
    timeout: float
    startup: Probe
    liveness: Probe | None


@dataclass(frozen=True)
class Name:
    """Who a revision is: `key` in the store, and the parts of it."""

    key: str

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """Project, location, service and revision."""
        parts = self.key.split("/")
        return parts[2], parts[4], parts[6], parts[8]

    @property
    def service_key(self) -> str:
        """The key of its service."""
        return self.key.rsplit("/", 2)[0]


def recipe(world: World, images: Images, name: Name) -> Recipe:
    """Read it, in the world's turn; raises CannotStart for what is not there."""
    revision = world.store.get(name.key)
    if revision is None or not revision.content.get("containers"):
        raise CannotStart(f"Revision '{name.parts[3]}' was not found.", NOT_FOUND)
    container = revision.content["containers"][0]
    image = images.find(str(container.get("image", "")))
    if not image:
        raise CannotStart(
            f"Revision '{name.parts[3]}' is not ready and cannot serve traffic. Image '{container.get('image')}' not found.",
            NOT_FOUND,
        )
    resources = container.get("resources", {})
    limits = resources.get("limits", {})
    return Recipe(
        image,
        tuple(str(word) for word in container.get("command", [])),
        tuple(str(word) for word in container.get("args", [])),
        dict(_values(world, name, container)),
        tuple(_mounts(world, name, revision, container)),
        amount(str(limits.get("memory", "512Mi"))),
        amount(str(limits.get("cpu", "1"))),
        bool(resources.get("cpuIdle")),
        float(str(revision.content.get("timeout", "300s")).removesuffix("s")),
        startup_probe(container.get("startupProbe")),
        liveness_probe(container.get("livenessProbe")),
    )


def amount(told: str) -> float:
    """A Kubernetes quantity: `512Mi`, `1Gi`, `1G`, `1000m`."""
    for unit, size in UNITS.items():
        if told.endswith(unit):
            return float(told.removesuffix(unit)) * size
    return float(told)


def _values(world: World, name: Name, container: Json) -> Iterator[tuple[str, str]]:
    project, _, service, revision = name.parts
    for one in container.get("env", []):
        reference = one.get("valueSource", {}).get("secretKeyRef")
        if reference:
            value = _secret(
                world, project, str(reference["secret"]), str(reference.get("version") or "latest")
            )
            yield str(one["name"]), value.decode("utf-8", "surrogateescape")
        else:
            yield str(one["name"]), str(one.get("value", ""))
    yield from {"K_SERVICE": service, "K_REVISION": revision, "K_CONFIGURATION": service}.items()


def _secret(world: World, project: str, secret: str, version: str) -> bytes:
    whole = secret if "/" in secret else f"projects/{project}/secrets/{secret}"
    holder = world.store.get(f"secretmanager/{whole}")
    number = str(holder.hidden.get("versions", 0)) if holder and version == "latest" else version
    found = world.store.get(f"secretmanager/{whole}/versions/{number}")
    if found is None or found.content.get("state", "ENABLED") != "ENABLED" or "data" not in found.hidden:
        raise CannotStart(f"Secret {whole}/versions/{version} was not found or is not enabled")
    return base64.b64decode(found.hidden["data"])


def _mounts(world: World, name: Name, revision: Resource, container: Json) -> Iterator[Mount]:
    volumes = {str(one.get("name")): one for one in revision.content.get("volumes", [])}
    for mount in container.get("volumeMounts", []):
        volume, path = volumes[str(mount["name"])], str(mount["mountPath"])
        if "gcs" in volume:
            yield _bucket(world, volume["gcs"], path)
        elif "secret" in volume:
            yield Mount(path, files=dict(_secret_files(world, name, volume["secret"])), read_only=True)
        elif "cloudSqlInstance" in volume:
            yield from _sockets(world, volume["cloudSqlInstance"], path)
        else:
            limit = volume.get("emptyDir", {}).get("sizeLimit")
            yield Mount(path, most=int(amount(str(limit))) if limit else 0)


def _bucket(world: World, told: Json, path: str) -> Mount:
    bucket = str(told.get("bucket", ""))
    if world.store.get(f"storage/b/{bucket}") is None:
        raise CannotStart(f"Mounting volume failed: bucket {bucket} does not exist.", NOT_FOUND)
    options = dict(one.partition("=")[::2] for one in map(str, told.get("mountOptions", [])))
    own = {side: int(options[side]) for side in ("uid", "gid") if side in options}
    if not isinstance(world.files, Buckets):
        raise CannotStart("Mounting volume failed: objects are not files here.")
    folder = world.files.mounted(bucket, options.get("only-dir", ""), **own)
    return Mount(path, folder, read_only=bool(told.get("readOnly")) or "ro" in options)


def _secret_files(world: World, name: Name, told: Json) -> Iterator[tuple[str, bytes]]:
    secret = str(told["secret"])
    items = told.get("items") or [{"path": secret.rsplit("/", 1)[-1], "version": "latest"}]
    for item in items:
        version = str(item.get("version") or "latest")
        yield str(item["path"]), _secret(world, name.parts[0], secret, version)


def _sockets(world: World, told: Json, path: str) -> Iterator[Mount]:
    """As Cloud Run's proxy has them: a socket named after its connection, `PROJECT:REGION:INSTANCE`."""
    for connection in map(str, told.get("instances", [])):
        project, _, instance = connection.split(":")
        socket = world.sql.socket(f"sqladmin/projects/{project}/instances/{instance}")
        if socket is None:
            raise CannotStart(f"Cloud SQL instance {connection} was not found or is not running.", NOT_FOUND)
        yield Mount(f"{path}/{connection}", socket)
