"""One thing at a time of a platform that stands at the simulator, spoilt; with what the doctor has to say of it."""

from collections.abc import Callable

from aipress.clouds.gcp import domains
from gcpsim.semantics.serviceusage import ACCOUNTS
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import DOMAIN as OWN_DOMAIN
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, ask
from tests.clouds.gcp.standing import DOMAIN, GLOBAL, HERE, PROJECT, REGION, TABLE, changed

Spoil = Callable[[Simulator], None]
SQL = f"sqladmin/projects/{PROJECT}/instances/pool-1"
BACKEND = f"compute/projects/{PROJECT}/global/backendServices/sites"
BUCKET = f"storage/b/{PROJECT}-w{ID}"
VALKEY = f"memorystore/{HERE}/instances/sites"
WILDCARD = f"certificate of *.{DOMAIN}"


def field(key: str, path: str, value: object) -> Spoil:
    return lambda simulator: changed(simulator, key, path, value)


def gone(key: str) -> Spoil:
    def take(simulator: Simulator) -> None:
        assert simulator.world.store.remove(key, 0), key

    return take


def limit(name: str, most: int) -> Spoil:
    return lambda simulator: simulator.world.limits.update({name: most})


def wait_for_proof(simulator: Simulator) -> None:
    simulator.world.elsewhere.clear()
    changed(simulator, f"certificatemanager/{GLOBAL}/certificates/sites", "managed.state", "PROVISIONING")


def lose_map(simulator: Simulator) -> None:
    """What shows the wildcard goes to another map, so that only own domains are without."""
    maps = f"certificatemanager/{GLOBAL}/certificateMaps"
    for one in [*simulator.world.store.under(maps), *simulator.world.store.below(maps)]:
        moved = one.key.replace("/certificateMaps/sites", "/certificateMaps/others")
        simulator.world.store.remove(one.key, 0)
        simulator.world.store.put(moved, {**one.content, "name": moved.split("/", 1)[1]})


def give_up(simulator: Simulator) -> None:
    for one in (domains.authorization, domains.certificate):
        assert ask(simulator, one(ENVIRONMENT, OWN_DOMAIN, PLACE)).status == 200
    simulator.world.clock.pass_time(simulator.world.issuing.patience)


TRUSTING = {"name": "log_bin_trust_function_creators", "value": "on"}
SPOILT: dict[str, tuple[Spoil, str, str]] = {
    "few accounts": (
        limit(f"{PROJECT}/{ACCOUNTS}", 100),
        "quota of service accounts",
        "is 100; a full shard has 950",
    ),
    "few backends": (
        limit(f"compute/projects/{PROJECT}/global/BACKEND_SERVICES", 1),
        "quota BACKEND_SERVICES",
        "1 of 1",
    ),
    "few groups": (
        limit(f"compute/projects/{PROJECT}/regions/{REGION}/NETWORK_ENDPOINT_GROUPS", 1),
        "quota NETWORK_ENDPOINT_GROUPS",
        "1 of 1",
    ),
    "a small network": (
        field(f"compute/projects/{PROJECT}/regions/{REGION}/subnetworks/sites", "ipCidrRange", "10.0.0.0/24"),
        "subnetwork sites",
        "252 addresses; 5120 are needed",
    ),
    "no network": (
        gone(f"compute/projects/{PROJECT}/regions/{REGION}/subnetworks/sites"),
        "subnetwork sites",
        "not there",
    ),
    "no instance": (gone(SQL), "Cloud SQL instance pool-1", "is not there"),
    "a stopped instance": (field(SQL, "state", "SUSPENDED"), "Cloud SQL instance pool-1", "is SUSPENDED"),
    "another database": (
        field(SQL, "databaseVersion", "POSTGRES_16"),
        "Cloud SQL instance pool-1",
        "not MySQL 8",
    ),
    "no TLS": (
        field(SQL, "settings.ipConfiguration.sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED"),
        "Cloud SQL instance pool-1",
        "without TLS",
    ),
    "a public address": (
        field(SQL, "settings.ipConfiguration.ipv4Enabled", True),
        "Cloud SQL instance pool-1",
        "public address",
    ),
    "another address": (
        field(SQL, "ipAddresses", [{"type": "PRIVATE", "ipAddress": "10.9.9.9"}]),
        "Cloud SQL instance pool-1",
        "is not at 10.0.0.3",
    ),
    "no backup": (
        field(SQL, "settings.backupConfiguration.enabled", False),
        "Cloud SQL instance pool-1",
        "not backed up",
    ),
    "few connections": (
        field(SQL, "settings.databaseFlags", [{"name": "max_connections", "value": "500"}, TRUSTING]),
        "Cloud SQL instance pool-1",
        "takes 500 connections; the platform's file counts on 4000",
    ),
    "no functions of sites": (
        field(SQL, "settings.databaseFlags", [{"name": "max_connections", "value": "4000"}]),
        "Cloud SQL instance pool-1",
        "functions and triggers can't be made",
    ),
    "no administrator": (
        gone(f"secretmanager/projects/{PROJECT}/secrets/aipress-sql-admin-pool-1"),
        "secret aipress-sql-admin-pool-1",
        "no password",
    ),
    "an administrator who is shut out": (
        field(
            f"secretmanager/projects/{PROJECT}/secrets/aipress-sql-admin-pool-1/versions/1",
            "state",
            "DISABLED",
        ),
        "secret aipress-sql-admin-pool-1",
        "no password",
    ),
    "no sweeper": (
        gone(f"secretmanager/projects/{PROJECT}/secrets/aipress-cache-sweeper-sites"),
        "secret aipress-cache-sweeper-sites",
        "no password of who sweeps",
    ),
    "no Valkey": (gone(VALKEY), "Valkey sites", "is not there"),
    "a cluster": (field(VALKEY, "mode", "CLUSTER"), "Valkey sites", "is a cluster"),
    "a Valkey with TLS": (
        field(VALKEY, "transitEncryptionMode", "SERVER_AUTHENTICATION"),
        "Valkey sites",
        "wants TLS",
    ),
    "a Valkey of anybody's": (field(VALKEY, "aclPolicy", None), "Valkey sites", "does not go by the list"),
    "a Valkey without names": (
        field(f"memorystore/{HERE}/aclPolicies/sites", "rules", []),
        "list of users sites",
        "says no name",
    ),
    "no list of users": (
        gone(f"memorystore/{HERE}/aclPolicies/sites"),
        "list of users sites",
        "is not there",
    ),
    "no map": (gone(f"compute/projects/{PROJECT}/global/urlMaps/sites"), "URL map sites", "is not there"),
    "a map that leads elsewhere": (
        field(f"compute/projects/{PROJECT}/global/urlMaps/sites", "hostRules", []),
        "URL map sites",
        f"does not lead *.{DOMAIN}",
    ),
    "no cache": (field(BACKEND, "enableCDN", False), "backend service sites", "has no cache"),
    "a cache without hosts": (
        field(BACKEND, "cdnPolicy.cacheKeyPolicy.includeHost", False),
        "backend service sites",
        "without their host",
    ),
    "a cache that keeps all": (
        field(BACKEND, "cdnPolicy.cacheMode", "FORCE_CACHE_ALL"),
        "backend service sites",
        "keeps what sites don't allow",
    ),
    "no firewall": (field(BACKEND, "securityPolicy", None), "backend service sites", "has no firewall"),
    "no endpoint group": (
        gone(f"compute/projects/{PROJECT}/regions/{REGION}/networkEndpointGroups/sites"),
        "endpoint group sites",
        "is not there",
    ),
    "another mask": (
        field(
            f"compute/projects/{PROJECT}/regions/{REGION}/networkEndpointGroups/sites",
            "cloudRun.urlMask",
            "a.b",
        ),
        "endpoint group sites",
        "finds services by a.b",
    ),
    "no map of certificates": (lose_map, "certificate map sites", "no own domain gets a certificate"),
    "a domain's certificate that was given up": (give_up, f"certificate of {OWN_DOMAIN}", "Google gave up"),
    "a URL map that is nearly full": (
        field(f"compute/projects/{PROJECT}/global/urlMaps/sites", "description", "x" * 900_000),
        "URL map sites",
        "of 1048576 bytes",
    ),
    "no certificate": (gone(f"certificatemanager/{GLOBAL}/certificates/sites"), WILDCARD, "is not there"),
    "a certificate that waits": (
        lambda simulator: wait_for_proof(simulator),
        WILDCARD,
        "is PROVISIONING",
    ),
    "a certificate nobody is shown": (
        gone(f"certificatemanager/{GLOBAL}/certificateMaps/sites/certificateMapEntries/sites"),
        WILDCARD,
        "in no certificate map",
    ),
    "rights of objects": (
        field(BUCKET, "iamConfiguration.uniformBucketLevelAccess.enabled", False),
        f"bucket {BUCKET.removeprefix('storage/b/')}",
        "rights of single objects",
    ),
    "a public bucket": (
        field(BUCKET, "iamConfiguration.publicAccessPrevention", "inherited"),
        f"bucket {BUCKET.removeprefix('storage/b/')}",
        "made public",
    ),
    "a flat bucket": (
        field(BUCKET, "hierarchicalNamespace", {"enabled": False}),
        f"bucket {BUCKET.removeprefix('storage/b/')}",
        "can't rename folders",
    ),
    "no export": (
        gone(f"bigquery/projects/{PROJECT}/datasets/billing/tables/gcp_billing_export_resource_v1_1"),
        f"billing export {TABLE}",
        "is not there",
    ),
    "the standard export": (
        field(
            f"bigquery/projects/{PROJECT}/datasets/billing/tables/gcp_billing_export_resource_v1_1",
            "schema",
            {"fields": [{"name": "cost"}]},
        ),
        f"billing export {TABLE}",
        "has no usage_start_time, labels",
    ),
}
