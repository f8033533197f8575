"""Everything that Terraform makes once, standing at the simulator, with nothing to complain of."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache

from aipress.clouds.gcp import armor, buckets, routing
from aipress.clouds.gcp.caches import CLOSED
from aipress.clouds.gcp.doctor import apis, billing, permissions
from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.resources import Json
from gcpsim.semantics.serviceusage import ACCOUNTS
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import ENVIRONMENT, PLACE, ask, say
from tests.clouds.gcp.simulated import PLATFORM

PROJECT, REGION, DOMAIN = PLACE.project, PLACE.region, PLACE.domain
OURS = f"serviceAccount:control@{PROJECT}.iam.gserviceaccount.com"
COMPUTE = f"/compute/v1/projects/{PROJECT}"
HERE, GLOBAL = f"projects/{PROJECT}/locations/{REGION}", f"projects/{PROJECT}/locations/global"
SQL = f"/sqladmin/v1/projects/{PROJECT}/instances"
SECRETS = f"/secretmanager/v1/projects/{PROJECT}/secrets"
CERTIFICATES = f"/certificatemanager/v1/{GLOBAL}"
TABLE = f"{PROJECT}.billing.gcp_billing_export_resource_v1_1"
COLUMNS = ("usage_start_time", "labels", "cost", "credits", "currency", "export_time", "service", "sku")
ADDRESS = "10.0.0.3"  # which every instance has that the simulator only writes down
STANDING: Platform = PLATFORM.model_copy(
    update={
        "billing_table": TABLE,
        "shards": (
            PLATFORM.shards[0].model_copy(
                update={
                    "instances": (PLATFORM.shards[0].instances[0].model_copy(update={"address": ADDRESS}),)
                }
            ),
        ),
    }
)
INSTANCE: Json = {
    "name": "pool-1",
    "region": REGION,
    "databaseVersion": "MYSQL_8_4",
    "settings": {
        "tier": "db-custom-4-15360",
        "ipConfiguration": {
            "ipv4Enabled": False,
            "privateNetwork": PLACE.network,
            "sslMode": "ENCRYPTED_ONLY",
        },
        "backupConfiguration": {"enabled": True, "binaryLogEnabled": True},
        "databaseFlags": [
            {"name": "max_connections", "value": "4000"},
            {"name": "log_bin_trust_function_creators", "value": "on"},
        ],
    },
}


PERMISSIONS = (*(one for names in permissions.NEEDED.values() for one in names), billing.ASKS)


def stand(simulator: Simulator) -> None:
    """Make all of it; once by asking, and then by copying what came of that."""
    world, made = simulator.world, _made().world
    for one in made.store.everything():
        world.store.restore(deepcopy(one))
    world.caller, world.limits, world.elsewhere = made.caller, dict(made.limits), dict(made.elsewhere)


@cache
def _made() -> Simulator:
    simulator = Simulator(new_world())
    _rights(simulator)
    _network(simulator)
    _data(simulator)
    _front(simulator)
    _certificate(simulator)
    assert ask(simulator, buckets.bucket(ENVIRONMENT, PLACE)).status == 200
    return simulator


def enable(simulator: Simulator, *names: str) -> None:
    say(
        simulator,
        "POST",
        f"/serviceusage/v1/projects/{PROJECT}/services:batchEnable",
        {"serviceIds": [f"{name}.googleapis.com" for name in names]},
    )


def allow(simulator: Simulator, *names: str) -> None:
    """The platform's own role has these permissions and no others."""
    role = f"iam/projects/{PROJECT}/roles/aipress"
    simulator.world.store.put(role, {"name": role.removeprefix("iam/"), "includedPermissions": list(names)})


def changed(simulator: Simulator, key: str, path: str, value: object) -> None:
    """A field of something that stands is another, as if somebody had changed it; None takes it away."""
    there = simulator.world.store.get(key)
    assert there is not None, key
    *outer, last = path.split(".")
    place: dict[str, object] = there.content
    for one in outer:
        place = place[one]  # type: ignore[assignment]
    if value is None:
        del place[last]
    else:
        place[last] = value


def _rights(simulator: Simulator) -> None:
    enable(simulator, *apis.NEEDED)
    simulator.world.caller = OURS
    allow(simulator, *PERMISSIONS)
    policy = {"bindings": [{"role": f"projects/{PROJECT}/roles/aipress", "members": [OURS]}]}
    say(simulator, "POST", f"/cloudresourcemanager/v1/projects/{PROJECT}:setIamPolicy", {"policy": policy})
    simulator.world.limits[f"{PROJECT}/{ACCOUNTS}"] = 950


def _network(simulator: Simulator) -> None:
    say(simulator, "POST", f"{COMPUTE}/global/networks", {"name": "sites", "autoCreateSubnetworks": False})
    body = {"name": "sites", "network": PLACE.network, "ipCidrRange": "10.10.0.0/19"}
    say(simulator, "POST", f"{COMPUTE}/regions/{REGION}/subnetworks", body)


def _data(simulator: Simulator) -> None:
    say(simulator, "POST", SQL, INSTANCE)
    for name in ("aipress-sql-admin-pool-1", "aipress-cache-sweeper-sites"):
        say(simulator, "POST", SECRETS, {"replication": {"automatic": {}}}, secretId=name)
        say(simulator, "POST", f"{SECRETS}/{name}:addVersion", {"payload": {"data": "eA=="}})
    valkey = {"mode": "CLUSTER_DISABLED", "shardCount": 1, "nodeType": "SHARED_CORE_NANO"}
    say(simulator, "POST", f"/memorystore/v1/{HERE}/aclPolicies", {"rules": [CLOSED]}, aclPolicyId="sites")
    valkey["aclPolicy"] = f"{HERE}/aclPolicies/sites"
    say(simulator, "POST", f"/memorystore/v1/{HERE}/instances", valkey, instanceId="sites")
    project, dataset, table = TABLE.split(".")
    here = f"/bigquery/v2/projects/{project}/datasets"
    reference = {"projectId": project, "datasetId": dataset}
    say(simulator, "POST", here, {"datasetReference": reference})
    fields = [{"name": name, "type": "STRING"} for name in COLUMNS]
    body: Mapping[str, object] = {
        "tableReference": {**reference, "tableId": table},
        "schema": {"fields": fields},
    }
    say(simulator, "POST", f"{here}/{dataset}/tables", body)


def _front(simulator: Simulator) -> None:
    for one in (armor.policy(PLACE), routing.group(PLACE), routing.backend(PLACE)):
        assert ask(simulator, one).status == 200
    backend = f"projects/{PROJECT}/global/backendServices/sites"
    body = {
        "name": "sites",
        "defaultService": backend,
        "hostRules": [{"hosts": [f"*.{DOMAIN}"], "pathMatcher": "sites"}],
        "pathMatchers": [{"name": "sites", "defaultService": backend}],
    }
    say(simulator, "POST", f"{COMPUTE}/global/urlMaps", body)


def _certificate(simulator: Simulator) -> None:
    proofs = f"{CERTIFICATES}/dnsAuthorizations"
    say(simulator, "POST", proofs, {"domain": DOMAIN}, dnsAuthorizationId="sites")
    record = say(simulator, "GET", f"{proofs}/sites")["dnsResourceRecord"]
    simulator.world.elsewhere[record["name"], record["type"]] = [record["data"]]
    managed = {"domains": [f"*.{DOMAIN}"], "dnsAuthorizations": [f"{GLOBAL}/dnsAuthorizations/sites"]}
    say(simulator, "POST", f"{CERTIFICATES}/certificates", {"managed": managed}, certificateId="sites")
    say(simulator, "POST", f"{CERTIFICATES}/certificateMaps", {}, certificateMapId="sites")
    entry = {"hostname": f"*.{DOMAIN}", "certificates": [f"{GLOBAL}/certificates/sites"]}
    entries = f"{CERTIFICATES}/certificateMaps/sites/certificateMapEntries"
    say(simulator, "POST", entries, entry, certificateMapEntryId="sites")
