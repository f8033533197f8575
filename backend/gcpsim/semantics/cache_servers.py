"""A cache of Memorystore from its beginning to its end, the same for Redis clusters and Valkey instances."""

from gcpsim.crud import delete, present
from gcpsim.errors import Refused
from gcpsim.rules import Rules
from gcpsim.semantics import cache_users
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call


def enter(rules: Rules, kind: str) -> None:
    """Add what caches of a kind do to their API's rules."""
    rules.check(f"{kind}.create", f"{kind}.patch")(check_policy)
    rules.made(f"{kind}.patch")(change)
    rules.does(f"{kind}.delete")(end)
    rules.does(f"{kind}.getCertificateAuthority")(authority)


def check_policy(call: Call) -> None:
    """The ACL policy it is to go by is there."""
    policy = call.body.get("aclPolicy")
    if policy and call.store.get(f"{call.api}/{policy}") is None:
        raise Refused(404, f"Resource '{policy}' was not found")


def begin(call: Call, made: Resource) -> None:
    """Start its server with the users it is to have."""
    users = cache_users.users_of(call.store, made)
    call.goes_on = None if call.fault == "operation" else call.world.caches.begins(made, users)
    if call.goes_on:
        made.content["state"] = "CREATING"
    _tell(call, made)


def change(call: Call, changed: Resource) -> None:
    """Other users at once, other settings without a new start."""
    cache_users.set_users(call, changed)
    if call.fault != "operation":
        call.goes_on = call.world.caches.changes(changed)
    _tell(call, changed)


def end(call: Call) -> Json:
    """With its server and all that is in it."""
    gone = present(call)
    told = _ended(call)
    _tell_policies(call, gone)
    return told


def _ended(call: Call) -> Json:
    if call.fault != "operation":
        call.goes_on = call.world.caches.ends(call.key)
    return delete(call)


def authority(call: Call) -> Json:
    """What clients are to trust, where it speaks TLS."""
    call.key = call.key.removesuffix("/certificateAuthority")
    pem = call.world.caches.certificate(present(call).key)
    chains = [{"certificates": [pem]}] if pem else []
    return {"name": f"{call.name}/certificateAuthority", "managedServerCa": {"caCerts": chains}}


def _tell(call: Call, instance: Resource) -> None:
    cache_users.tell_policy(call.store, instance)
    _tell_policies(call, instance)


def _tell_policies(call: Call, instance: Resource) -> None:
    parent = instance.key.rsplit("/", 2)[0]
    for policy in call.store.under(f"{parent}/aclPolicies"):
        cache_users.tell_attachments(call.store, policy)
