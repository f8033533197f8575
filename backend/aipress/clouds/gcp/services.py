"""The Cloud Run service of an environment (run v2, `projects.locations.services`): its exact body, and what of it may be changed.

Where a field is Google's default it is said all the same, if the default would cost money or open a door.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aipress.clouds.base import SECRET_NAMES, Bucket, Cache, Database, EnvironmentSpec, Supply
from aipress.clouds.gcp import media
from aipress.clouds.gcp.buckets import WAITING
from aipress.clouds.gcp.code import FOLDER, Code
from aipress.clouds.gcp.labels import billed, labels_of
from aipress.clouds.gcp.names import account_email, owners_secret_id, secret_id, service_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.gcp.sizes import PHP_MEMORY_MB, Size, size_for

PORT = 8080
HEALTH = "/.aipress/health"  # nginx alone answers it: the database's troubles restart nobody (docs/image.md)
WITHDRAWN, PUBLISHED = "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
"""The load balancer's URL mask finds every service of the shard; who is withdrawn takes no request of it."""

BUILT, SUPPLY = (
    "aipress-built",
    "aipress-supply",
)  # annotations: a digest of what we asked for; the revision of its owner's secrets
OWNERS = "AIPRESS_SECRET_"
PROXIES = 2  # the load balancer and Cloud Run's own front
PLATFORM_SECRETS = (*SECRET_NAMES, "AIPRESS_KEY")
UPLOADS = "/srv/content/uploads"
SPOOL = "/srv/mail"
OWNED = ("uid=33", "gid=33")
MOUNT_OPTIONS = (
    "only-dir=uploads",
    *OWNED,
    "file-mode=0644",
    "dir-mode=0755",
    "metadata-cache-ttl-secs=600",
    "metadata-cache-negative-ttl-secs=5",
    "stat-cache-max-size-mb=32",
)
"""gcsfuse v3's words. The bucket has a hierarchical namespace, so folders exist and `implicit-dirs` is not needed."""
SPOOL_OPTIONS = (f"only-dir={WAITING.rstrip('/')}", *OWNED, "file-mode=0600", "dir-mode=0700")
"""Where PHP lays down what it wants sent; the platform takes it from the bucket."""
CODE, OWN = "/srv/code", "/srv/own"
CODE_OPTIONS = (f"only-dir={FOLDER.rstrip('/')}", *OWNED, "file-mode=0444", "dir-mode=0555")
"""Where the archive of a site's own plugins and themes is read from, and where its start unpacks it."""


@dataclass(frozen=True)
class Parts:
    """What a service is put together of: all of it is there before the service.

    `pins`: each of the platform's secrets' version. `supply` names versions of the owner's by Google's numbers. `code`: what of
    plugins and themes is its own. `signs_at`: a simulator's address, which signs what Google would.
    """

    environment: EnvironmentSpec
    bucket: Bucket
    database: Database
    cache: Cache
    pins: Mapping[str, int]
    supply: Supply = field(default_factory=Supply)
    code: Code | None = None
    signs_at: str = ""


def service(parts: Parts, place: Place) -> Resource:
    """The service to create, withdrawn. Raises Unlabelled, or Unbuildable where a secret has no version to pin."""
    name = service_name(parts.environment)
    path = f"/v2/{place.parent}/services"
    body = {**_body(parts, place), "ingress": WITHDRAWN}
    return billed(Resource("Cloud Run service", name, "run", path, body, {"serviceId": name}))


def change(parts: Parts, place: Place, etag: str) -> Resource:
    """The same service as it should be now. The mask names what a zero must reach too; the etag is that of the service as read.

    Whether it is published stays as it is.
    """
    wanted = service(parts, place)
    mask = (
        "labels,annotations,template,scaling.minInstanceCount,defaultUriDisabled,invokerIamDisabled,traffic"
    )
    path = f"{wanted.path}/{wanted.name}"
    body = {**_body(parts, place), "etag": etag}
    return billed(Resource(wanted.kind, wanted.name, "run", path, body, {"updateMask": mask}, "PATCH"))


def _body(parts: Parts, place: Place) -> Json:
    size = size_for(parts.environment)
    without_owners = _told(replace(parts, supply=Supply()), place, size)
    digest = hashlib.sha256(json.dumps(without_owners, sort_keys=True).encode()).hexdigest()[:32]
    notes = {BUILT: digest, SUPPLY: str(parts.supply.revision)}
    return {**_told(parts, place, size), "annotations": notes}


def _told(parts: Parts, place: Place, size: Size) -> Json:
    return {
        "labels": labels_of(parts.environment),
        "defaultUriDisabled": True,
        "invokerIamDisabled": True,
        "scaling": {"minInstanceCount": size.min_instances},
        "template": _template(parts, place, size),
        "traffic": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
    }


def _template(parts: Parts, place: Place, size: Size) -> Json:
    return {
        "labels": labels_of(parts.environment),
        "serviceAccount": account_email(parts.environment.id, place.project),
        "executionEnvironment": "EXECUTION_ENVIRONMENT_GEN2",
        "timeout": "300s",
        "maxInstanceRequestConcurrency": size.concurrency,
        "scaling": {"maxInstanceCount": size.max_instances},
        "vpcAccess": {
            "networkInterfaces": [
                {"network": place.network, "subnetwork": place.subnetwork, "tags": ["aipress-site"]}
            ],
            "egress": "PRIVATE_RANGES_ONLY",
        },
        "volumes": _volumes(parts, place),
        "containers": [_container(parts, place, size)],
    }


def _volumes(parts: Parts, place: Place) -> list[Json]:
    mounted = _files("uploads", parts.bucket, MOUNT_OPTIONS)
    files = [
        media.passing("uploads") if media.is_signed(parts.environment) else mounted,
        _files("mail", parts.bucket, SPOOL_OPTIONS),
    ]
    if parts.code:
        memory = {"medium": "MEMORY", "sizeLimit": f"{parts.code.memory_mb}Mi"}
        files += [
            _files("code", parts.bucket, CODE_OPTIONS, read_only=True),
            {"name": "own", "emptyDir": memory},
        ]
    sockets: Json = {"name": "cloudsql", "cloudSqlInstance": {"instances": [place.connection]}}
    return [*files, sockets] if place.instance.way == "socket" else files


def _files(name: str, bucket: Bucket, options: Sequence[str], *, read_only: bool = False) -> Json:
    told = {"bucket": bucket.name, "readOnly": read_only, "mountOptions": list(options)}
    return {"name": name, "gcs": told}


def _container(parts: Parts, place: Place, size: Size) -> Json:
    mounts: list[Json] = [{"name": "uploads", "mountPath": UPLOADS}, {"name": "mail", "mountPath": SPOOL}]
    if place.instance.way == "socket":
        mounts.append({"name": "cloudsql", "mountPath": "/cloudsql"})
    if parts.code:
        mounts += [{"name": "code", "mountPath": CODE}, {"name": "own", "mountPath": OWN}]
    in_memory = media.room(parts.environment) + (parts.code.memory_mb if parts.code else 0)
    look = {"path": HEALTH, "port": PORT}
    return {
        "image": place.image,
        "ports": [{"name": "http1", "containerPort": PORT}],
        "env": [*_settings(parts, place, size), *_secrets(parts)],
        "resources": {
            "limits": {"cpu": str(size.cpu), "memory": f"{size.memory_mb + in_memory}Mi"},
            "cpuIdle": True,  # unsaid, whoever gives limits pays for instances that wait
            "startupCpuBoost": True,
        },
        "startupProbe": {"httpGet": look, "periodSeconds": 1, "timeoutSeconds": 1, "failureThreshold": 60},
        "livenessProbe": {"httpGet": look, "periodSeconds": 30, "timeoutSeconds": 5, "failureThreshold": 3},
        "volumeMounts": mounts,
    }


def _settings(parts: Parts, place: Place, size: Size) -> list[Json]:
    told = {
        "AIPRESS_ENVIRONMENT": parts.environment.id,
        "AIPRESS_TENANT": parts.environment.tenant,
        "AIPRESS_CODE": parts.code.sha256 if parts.code else "",
        "AIPRESS_PHP_CHILDREN": str(size.children),
        "AIPRESS_PHP_MEMORY_MB": str(PHP_MEMORY_MB),
        "AIPRESS_PROXIES": str(PROXIES),
        "AIPRESS_SPOOL": SPOOL,
        "AIPRESS_FRONT_KEY": place.front_key,
        "DB_NAME": parts.database.name,
        "DB_USER": parts.database.user,
        "DB_HOST": place.database_host,
        "DB_READ_HOST": place.read_hosts,
        "DB_TLS": "encrypted" if place.instance.way == "network" else "",
        "GOOGLE_CLOUD_PROJECT": place.project,
        "REDIS_SOCKET": f"tcp://{place.cache}",
        "REDIS_USER": parts.cache.user,
        "REDIS_PREFIX": parts.cache.prefix,
        **media.settings(parts.environment, parts.bucket, place, parts.signs_at),
    }
    return [{"name": name, "value": value} for name, value in told.items() if value]


def _secrets(parts: Parts) -> list[Json]:
    """Each by its number: `latest` is read when an instance starts, so two instances could differ, and a change would reach nobody."""
    unpinned = [name for name in PLATFORM_SECRETS if name not in parts.pins]
    if unpinned:
        raise Unbuildable(
            f"There is no version of {', '.join(unpinned)} to pin. Make the environment's secrets first."
        )
    id = parts.environment.id
    ours = [_pinned(name, secret_id(id, name), parts.pins[name]) for name in PLATFORM_SECRETS]
    return ours + owners_secrets(id, parts.supply)


def owners_secrets(id: str, supply: Supply) -> list[Json]:
    """The variables that hold what a site's owner gave it, under names nothing else goes by."""
    return [_pinned(f"{OWNERS}{name}", owners_secret_id(id, name), n) for name, n in sorted(supply.items)]


def _pinned(name: str, secret: str, version: int) -> Json:
    if version < 1:
        raise Unbuildable(f"{name} has no version {version}: versions are numbered from 1.")
    return {"name": name, "valueSource": {"secretKeyRef": {"secret": secret, "version": str(version)}}}
