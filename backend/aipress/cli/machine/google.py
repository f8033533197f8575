"""What Terraform makes on Google Cloud once for all sites, made at the simulator by the same requests. What is there already stays.

The platform's file says in the end what there is.
"""

import asyncio
import base64
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from aipress.cli.installation import Installation
from aipress.cli.machine import google_order, simulator
from aipress.cli.machine.files import write_if_changed
from aipress.cli.machine.simulator import PROJECT, REGION
from aipress.cli.trouble import Trouble
from aipress.clouds.gcp import armor, caches, routing
from aipress.clouds.gcp.answers import Taken
from aipress.clouds.gcp.audit import SHARED
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.places import Instance, Place
from aipress.clouds.gcp.platform import read_platform
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.sql_instances import TRUST
from aipress.errors import CloudBusy

SECONDS = 60
NETWORK = f"projects/{PROJECT}/global/networks/sites"
SUBNETWORK = f"projects/{PROJECT}/regions/{REGION}/subnetworks/sites"
COMPUTE = f"/compute/v1/projects/{PROJECT}"
INSTANCE, CACHE = "pool-1", "sites"
FILE = """\
# Written by `./aipress up --gcp-sim`, in Terraform's place: what stands at the simulator for all sites.
billing_table = "{billing}"

[[shards]]
project = "{project}"
region = "{region}"
domain = "{domain}"
image = "{image}"
network = "{network}"
subnetwork = "{subnetwork}"
url_map = "sites"
addresses = ["127.0.0.1"]
cache = {{ name = "{cache}", address = "{cache_address}" }}
instances = [{{ name = "{instance}", address = "{instance_address}", max_connections = {connections} }}]
"""
CONNECTIONS = 1000
SECRETS = f"/v1/projects/{PROJECT}/secrets"
ADMIN_SECRET, SWEEPER = f"aipress-sql-admin-{INSTANCE}", f"aipress-cache-sweeper-{CACHE}"
VALKEY_PORT = 6379
DATASET = "billing"
BILLING_TABLE = f"{PROJECT}.{DATASET}.gcp_billing_export_resource_v1_{PROJECT.replace('-', '_').upper()}"
VALKEY: Json = {
    "labels": {SHARED: CACHE},
    "mode": "CLUSTER_DISABLED",
    "shardCount": 1,
    "replicaCount": 0,
    "nodeType": "SHARED_CORE_NANO",
    "engineVersion": "VALKEY_8_0",
    "authorizationMode": "TOKEN_AUTH",
    "pscAutoConnections": [{"projectId": PROJECT, "network": NETWORK}],
    "aclPolicy": caches.list_of(PROJECT, REGION, CACHE),
}


def ensure_platform(place: Installation, image: str) -> bool:
    """Wait for the simulator, make what is missing, and write the platform's file; True when the file changed."""
    return asyncio.run(_ensure(place, image))


async def _ensure(place: Installation, image: str) -> bool:
    google = Google(place.settings.gcp_endpoint)
    try:
        await _patiently(lambda: check_ours(place.settings.gcp_endpoint, simulator.folder(place.data)))
        await _patiently(lambda: google_order.enable_apis(google))
        await _make(google, _network())
        for one in (_subnetwork(), _instance()):
            await _make(google, one)
        await _administrator(google, place.settings.gcp_sql_account)
        cache_address = await _cache(google)
        instance_address = await _address(google)
        await _front(google, _place(place, image, cache_address, instance_address))
        await _billing(google)
        text = FILE.format(
            billing=BILLING_TABLE,
            project=PROJECT,
            region=REGION,
            domain=place.settings.host,
            image=image,
            network=NETWORK,
            subnetwork=SUBNETWORK,
            cache=CACHE,
            cache_address=cache_address,
            instance=INSTANCE,
            instance_address=instance_address,
            connections=CONNECTIONS,
        )
    finally:
        await google.aclose()
    return _write(simulator.platform_file(place.data), text)


async def _patiently(work: Callable[[], Awaitable[object]]) -> None:
    """Until the simulator listens."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            await work()
            return
        except CloudBusy as error:
            if time.monotonic() > deadline:
                raise Trouble(
                    f"The simulator of Google Cloud did not start: {error}", "See ./aipress logs gcpsim."
                ) from error


async def check_ours(endpoint: str, folder: Path) -> None:
    """Raises Trouble where somebody else answers at our simulator's port, CloudBusy while nobody does."""
    async with httpx.AsyncClient(timeout=SECONDS) as visitor:
        try:
            answer = await visitor.get(f"{endpoint}/_gcpsim/folder")
            kept_in = answer.json().get("folder") if answer.is_success else ""
        except httpx.TransportError as error:
            await asyncio.sleep(0.2)
            raise CloudBusy(f"nobody listens at {endpoint} yet.") from error
        except ValueError:
            kept_in = ""
    if kept_in != str(folder):
        whose = f"the simulator in {kept_in}" if kept_in else "something else"
        raise Trouble(
            f"At {endpoint} answers {whose}, not this platform's simulator. Nothing was made there.",
            f"Choose a --port whose + {simulator.API} and + {simulator.VISITORS} are free.",
        )


async def _make(google: Google, resource: Resource) -> bool:
    """True when it was not there yet."""
    try:
        await google.make(resource)
    except Taken:
        return False
    return True


def _network() -> Resource:
    body: Json = {"name": "sites", "autoCreateSubnetworks": False}
    return Resource("network", "sites", "compute", f"{COMPUTE}/global/networks", body)


def _subnetwork() -> Resource:
    body: Json = {"name": "sites", "network": NETWORK, "ipCidrRange": "10.10.0.0/16"}
    return Resource("subnetwork", "sites", "compute", f"{COMPUTE}/regions/{REGION}/subnetworks", body)


def _instance() -> Resource:
    body: Json = {
        "name": INSTANCE,
        "region": REGION,
        "databaseVersion": "MYSQL_8_4",
        "rootPassword": secrets.token_urlsafe(24),
        "settings": {
            "tier": "db-custom-2-8192",
            "userLabels": {SHARED: INSTANCE},
            "edition": "ENTERPRISE",
            "ipConfiguration": {
                "ipv4Enabled": False,
                "privateNetwork": NETWORK,
                "sslMode": "ENCRYPTED_ONLY",
            },
            "backupConfiguration": {"enabled": True, "binaryLogEnabled": True},
            "databaseFlags": [
                {"name": "max_connections", "value": str(CONNECTIONS)},
                {"name": "performance_schema", "value": "on"},  # who kept it busy for how long
                {"name": TRUST, "value": "on"},
            ],
        },
    }
    return Resource("Cloud SQL instance", INSTANCE, "sqladmin", f"/v1/projects/{PROJECT}/instances", body)


async def _administrator(google: Google, account: str) -> None:
    """The control plane's user on the instance, and its password in Secret Manager, which is written last: who finds it there is done."""
    if not await _is_to_be_kept(google, ADMIN_SECRET):
        return
    password = secrets.token_urlsafe(32)
    users = f"/v1/projects/{PROJECT}/instances/{INSTANCE}/users"
    user: Json = {"name": account, "host": "%", "password": password}
    if not await _make(google, Resource("user", account, "sqladmin", users, user)):
        named = {"name": account, "host": "%"}
        await google.make(Resource("user", account, "sqladmin", users, user, named, "PUT"))
    await _keep(google, ADMIN_SECRET, password)


async def _is_to_be_kept(google: Google, id: str) -> bool:
    """Make the secret where it is missing; whether it has no value yet."""
    body: Json = {"replication": {"userManaged": {"replicas": [{"location": REGION}]}}}
    await _make(google, Resource("secret", id, "secretmanager", SECRETS, body, {"secretId": id}))
    return not await google.read_all("secretmanager", f"{SECRETS}/{id}/versions", "versions")


async def _keep(google: Google, id: str, value: str) -> None:
    payload: Json = {"payload": {"data": base64.b64encode(value.encode()).decode()}}
    await google.ask(Resource("secret version", id, "secretmanager", f"{SECRETS}/{id}:addVersion", payload))


async def _address(google: Google) -> str:
    told = await google.read("sqladmin", f"/v1/projects/{PROJECT}/instances/{INSTANCE}")
    for one in _listed(told, "ipAddresses"):
        return str(one["ipAddress"])
    raise Trouble("The simulator's Cloud SQL instance has no address.", "See ./aipress logs gcpsim.")


async def _cache(google: Google) -> str:
    """A Valkey without a cluster, the list its users come from, and the sweeper's password; host:port."""
    here = f"/v1/projects/{PROJECT}/locations/{REGION}"
    rules: Json = {"rules": [caches.CLOSED]}
    await _make(
        google,
        Resource("cache rules", CACHE, caches.API, f"{here}/aclPolicies", rules, {"aclPolicyId": CACHE}),
    )
    valkey = Resource("cache", CACHE, caches.API, f"{here}/instances", VALKEY, {"instanceId": CACHE})
    await _make(google, valkey)
    path = f"{here}/instances/{CACHE}"
    there = await google.read(caches.API, path)
    if not _endpoint(there) or there.get("aclPolicy") != VALKEY["aclPolicy"]:
        await google.delete(caches.API, path)  # an earlier simulator's; a cache holds nothing that lasts
        await google.make(valkey)
        there = await google.read(caches.API, path)
    if await _is_to_be_kept(google, SWEEPER):
        await _keep(google, SWEEPER, secrets.token_urlsafe(32))
    if address := _endpoint(there):
        return address
    raise Trouble("The simulator's Valkey has no address.", "See ./aipress logs gcpsim.")


def _endpoint(valkey: Json) -> str:
    for one in _listed(valkey, "endpoints"):
        for connection in _listed(one, "connections"):
            told = connection.get("pscAutoConnection")
            if isinstance(told, dict) and told.get("ipAddress"):
                return f"{told['ipAddress']}:{told.get('port') or VALKEY_PORT}"
    for one in _listed(valkey, "discoveryEndpoints"):
        if one.get("address"):
            return f"{one['address']}:{one.get('port') or VALKEY_PORT}"
    return ""


def _listed(of: Json, name: str) -> list[Json]:
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


async def _front(google: Google, place: Place) -> None:
    """Firewall, endpoint group with its mask, backend with its cache, the map that leads all platform hosts there, a certificate."""
    for one in (armor.policy(place), routing.group(place), routing.backend(place), _url_map(place)):
        await _make(google, one)
    await google_order.certify(google, place)


async def _billing(google: Google) -> None:
    """The dataset, and the table that Google makes in it once an account's export is turned on, which is no API's."""
    reference: Json = {"projectId": PROJECT, "datasetId": DATASET}
    path = f"/bigquery/v2/projects/{PROJECT}/datasets"
    body: Json = {"datasetReference": reference, "location": REGION}
    await _make(google, Resource("dataset", DATASET, "bigquery", path, body))
    await google.ask(Resource("bill", BILLING_TABLE, "_gcpsim", "/bill", {"table": BILLING_TABLE}))


def _url_map(place: Place) -> Resource:
    backend = f"projects/{PROJECT}/global/backendServices/{routing.SHARED}"
    body: Json = {
        "name": "sites",
        "defaultService": backend,
        "hostRules": [{"hosts": [f"*.{place.domain}"], "pathMatcher": "sites"}],
        "pathMatchers": [{"name": "sites", "defaultService": backend}],
    }
    return Resource("URL map", "sites", "compute", f"{COMPUTE}/global/urlMaps", body)


def _place(place: Installation, image: str, cache: str, instance: str) -> Place:
    return Place(
        project=PROJECT,
        region=REGION,
        image=image,
        network=NETWORK,
        subnetwork=SUBNETWORK,
        instance=Instance(INSTANCE, instance),
        cache=cache,
        domain=place.settings.host,
    )


def _write(path: Path, text: str) -> bool:
    changed = write_if_changed(path, text, 0o644)
    read_platform(path)
    return changed
