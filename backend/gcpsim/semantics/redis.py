"""Memorystore for Redis Cluster, whose users are those of an ACL policy, and single instances with one password for all."""

import secrets

from gcpsim.crud import present
from gcpsim.rules import Rules
from gcpsim.semantics import cache_servers, cache_users
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()
CLUSTERS = "redis.projects.locations.clusters"
INSTANCES = "redis.projects.locations.instances."
cache_users.enter(RULES, CLUSTERS)
cache_servers.enter(RULES, CLUSTERS)


@RULES.made(f"{CLUSTERS}.create")
def complete_cluster(call: Call, cluster: Resource) -> None:
    """Where it answers, in the network it is asked for."""
    content = cluster.content
    content.setdefault("shardCount", 1)
    content.setdefault("authorizationMode", "AUTH_MODE_DISABLED")
    content.setdefault("transitEncryptionMode", "TRANSIT_ENCRYPTION_MODE_DISABLED")
    cache_servers.begin(call, cluster)
    address, port = call.world.caches.address(cluster.key), call.world.caches.port
    configs = content.get("pscConfigs") or [{}]
    content["discoveryEndpoints"] = [{"address": address, "port": port, "pscConfig": configs[0]}]
    content["pscConnections"] = [
        {"address": address, "port": port, "connectionType": "CONNECTION_TYPE_DISCOVERY", **one}
        for one in configs
    ]


@RULES.made(INSTANCES + "create")
def complete_instance(call: Call, instance: Resource) -> None:
    """One server, and with `authEnabled` one password."""
    content = instance.content
    instance.hidden["auth"] = secrets.token_urlsafe(24) if content.get("authEnabled") else ""
    call.goes_on = (
        None
        if call.fault == "operation"
        else call.world.caches.begins(instance, cache_users.users_of(call.store, instance))
    )
    if call.goes_on:
        content["state"] = "CREATING"
    content |= {"host": call.world.caches.address(instance.key), "port": call.world.caches.port}


@RULES.made(INSTANCES + "patch")
def change_instance(call: Call, instance: Resource) -> None:
    """The password is switched on and off."""
    if bool(instance.content.get("authEnabled")) != bool(instance.hidden.get("auth")):
        instance.hidden["auth"] = secrets.token_urlsafe(24) if instance.content.get("authEnabled") else ""
    if call.fault != "operation":
        call.world.caches.set_users(instance.key, cache_users.users_of(call.store, instance))
        call.goes_on = call.world.caches.changes(instance)


@RULES.does(INSTANCES + "delete")
def delete_instance(call: Call) -> Json:
    """With its server."""
    return cache_servers.end(call)


@RULES.does(INSTANCES + "getAuthString")
def auth_string(call: Call) -> Json:
    """The one password."""
    call.key = call.key.removesuffix("/authString")
    return {"authString": present(call).hidden.get("auth", "")}
