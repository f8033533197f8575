"""Memorystore for Valkey: an instance answers in the networks it is asked for, to the users of its ACL policy."""

from gcpsim.rules import Rules
from gcpsim.semantics import cache_servers, cache_users
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()
INSTANCES = "memorystore.projects.locations.instances"
cache_users.enter(RULES, INSTANCES)
cache_servers.enter(RULES, INSTANCES)


@RULES.made(f"{INSTANCES}.create")
def complete_instance(call: Call, instance: Resource) -> None:
    """Defaults, and where it answers: `endpoints` by connection, the older fields beside."""
    content = instance.content
    for field, value in {
        "mode": "CLUSTER",
        "engineVersion": "VALKEY_8_0",
        "authorizationMode": "AUTH_DISABLED",
        "transitEncryptionMode": "TRANSIT_ENCRYPTION_DISABLED",
        "nodeType": "HIGHMEM_MEDIUM",
        "replicaCount": 0,
    }.items():
        content.setdefault(field, value)
    cache_servers.begin(call, instance)
    address, port = call.world.caches.address(instance.key), call.world.caches.port
    kind = "CONNECTION_TYPE_DISCOVERY" if content["mode"] == "CLUSTER" else "CONNECTION_TYPE_PRIMARY"
    told: Json = {"ipAddress": address, "port": port, "connectionType": kind, "pscConnectionStatus": "ACTIVE"}
    wanted = _wanted(content)
    content["endpoints"] = [{"connections": [{"pscAutoConnection": {**one, **told}}]} for one in wanted]
    content["pscAutoConnections"] = [{**one, **told} for one in wanted]
    content["discoveryEndpoints"] = [
        {"address": address, "port": port, "network": str(one.get("network", ""))} for one in wanted
    ]


def _wanted(content: Json) -> list[Json]:
    """The networks it is to be reached from, in either way of asking; one, where none is named."""
    asked = [
        connection.get("pscAutoConnection", {})
        for endpoint in content.get("endpoints", [])
        for connection in endpoint.get("connections", [])
    ]
    return asked or content.get("pscAutoConnections") or [{}]
