"""A Cloud SQL instance that is one environment's alone, its read replicas, and how both are changed: exact requests, without a password.

https://cloud.google.com/sql/docs/mysql/admin-api/rest/v1/instances
"""

from dataclasses import replace
from fractions import Fraction

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.databases import most_connections
from aipress.clouds.gcp.labels import billed, labels_of
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable, at
from aipress.clouds.gcp.sizes import size_for

KIND, VERSION = "Cloud SQL instance", "MYSQL_8_4"
ADMINISTRATOR = "root"
KEPT_BACK = 50  # connections of an instance for its administrator, exports and replicas
MOST_REPLICAS = 10  # of a primary: https://cloud.google.com/sql/docs/quotas
PLAIN = {"basic": "db-custom-1-3840", "standard": "db-custom-2-7680", "performance": "db-custom-4-15360"}
PLUS = {
    "basic": "db-perf-optimized-N-2",
    "standard": "db-perf-optimized-N-2",
    "performance": "db-perf-optimized-N-4",
}
"""Machines by the site's tier; of Enterprise Plus the smallest has two processors and 16 GB."""
TRUST = "log_bin_trust_function_creators"
"""Where there is a binary log, a site's own functions and triggers can be made only with this flag."""
POOLING = "settings.connectionPoolConfig.connectionPoolingEnabled"


def check(environment: EnvironmentSpec) -> None:
    """Raises Unbuildable, in words, for what only a database of its own can have."""
    options = environment.options
    if options.database != "own" and (options.replicas or options.pooling):
        what = "replicas to read from" if options.replicas else "pooling of connections"
        raise Unbuildable(
            f"A site on a shared database can't have {what}: an instance of its own can. Choose database = own, or leave it out. "
            "Nothing was made."
        )
    if not 0 <= options.replicas <= MOST_REPLICAS:
        raise Unbuildable(
            f"A database has 0 to {MOST_REPLICAS} replicas, not {options.replicas}. Nothing was made."
        )


def primary(environment: EnvironmentSpec, place: Place) -> Resource:
    """The instance that takes writes. Whoever sends this adds the administrator's password (`with_password`)."""
    settings = {
        **_settings(environment, place),
        "availabilityType": "REGIONAL" if size_for(environment).min_instances else "ZONAL",
        "backupConfiguration": {
            "enabled": True,
            "binaryLogEnabled": True,  # without it nobody replicates, and no moment can be gone back to
            "transactionLogRetentionDays": 7,
            "location": place.region,
        },
        "insightsConfig": {
            "queryInsightsEnabled": True,
            "queryStringLength": 1024,
            "recordApplicationTags": True,
        },
    }
    body: Json = {
        "name": place.instance.name,
        "region": place.region,
        "databaseVersion": VERSION,
        "settings": settings,
    }
    return _made(body, place)


def replica(environment: EnvironmentSpec, place: Place, name: str) -> Resource:
    """One that follows the primary. A primary's settings of backups would be refused."""
    body: Json = {
        "name": name,
        "region": place.region,
        "databaseVersion": VERSION,
        "masterInstanceName": place.instance.name,
        "instanceType": "READ_REPLICA_INSTANCE",
        "settings": {**_settings(environment, place), "availabilityType": "ZONAL"},
    }
    return _made(body, place)


def with_password(resource: Resource, password: str) -> Resource:
    """The request with what nobody may log or show: the first password of its administrator."""
    return replace(resource, body={**resource.body, "rootPassword": password})


def wanted(environment: EnvironmentSpec, place: Place) -> list[Resource]:
    """All of them, under names as good as any; none where the database is shared."""
    check(environment)
    if not place.instance.is_own:
        return []
    names = [f"{place.instance.name}-r{number:04d}" for number in range(environment.options.replicas)]
    return [primary(environment, place), *(replica(environment, place, name) for name in names)]


def unprotected(name: str, project: str) -> Resource:
    """It may be deleted from now on."""
    return _patch(name, project, {"deletionProtectionEnabled": False})


def changes(environment: EnvironmentSpec, there: Json, project: str) -> list[Resource]:
    """What makes a standing instance as it should be now, in order; nothing where it is.

    Pooling is changed by a request that changes nothing else, and only while the edition is Enterprise Plus: both are Google's rules.
    """
    name, options = str(there.get("name", "")), environment.options
    machine = _machine(environment)
    has_pooling = at(there, POOLING) is True
    told: list[Json] = []
    if has_pooling and not options.pooling:
        told.append(_pooling(False))
    if any(at(there, f"settings.{field}") != value for field, value in machine.items()):
        told.append(machine)
    if options.pooling and not has_pooling:
        told.append(_pooling(True))
    return [_patch(name, project, one) for one in told]


def machine_size(tier: str) -> tuple[int, Fraction]:
    """Processors and GiB of memory, as its name says them."""
    *_, vcpus, last = tier.split("-")
    if tier.startswith("db-custom-"):
        return int(vcpus), Fraction(int(last), 1024)
    return int(last), Fraction(8 * int(last))


def _settings(environment: EnvironmentSpec, place: Place) -> Json:
    most = most_connections(environment) + KEPT_BACK
    settings: Json = {
        **_machine(environment),
        "userLabels": labels_of(environment),
        "activationPolicy": "ALWAYS",
        "dataDiskType": "PD_SSD",
        "dataDiskSizeGb": "10",
        "storageAutoResize": True,
        "ipConfiguration": {
            "ipv4Enabled": False,
            "privateNetwork": place.network,
            "sslMode": "ENCRYPTED_ONLY",
        },
        "databaseFlags": [
            {"name": "max_connections", "value": str(most)},
            {"name": "performance_schema", "value": "on"},  # who kept it busy for how long
            {"name": TRUST, "value": "on"},
        ],
        "dataApiAccess": "ALLOW_DATA_API",
        "deletionProtectionEnabled": True,
    }
    return {**settings, **_pooling(True)} if environment.options.pooling else settings


def _machine(environment: EnvironmentSpec) -> Json:
    is_plus = environment.options.pooling
    return {
        "edition": "ENTERPRISE_PLUS" if is_plus else "ENTERPRISE",
        "tier": (PLUS if is_plus else PLAIN)[environment.tier],
    }


def _pooling(enabled: bool) -> Json:
    return {"connectionPoolConfig": {"connectionPoolingEnabled": enabled}}


def _made(body: Json, place: Place) -> Resource:
    path = f"/v1/projects/{place.project}/instances"
    return billed(Resource(KIND, str(body["name"]), "sqladmin", path, body))


def _patch(name: str, project: str, settings: Json) -> Resource:
    path = f"/v1/projects/{project}/instances/{name}"
    return Resource("change of an instance", name, "sqladmin", path, {"settings": settings}, verb="PATCH")
