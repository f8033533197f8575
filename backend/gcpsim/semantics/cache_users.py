"""Who may come in at a cache of Memorystore: the users of its ACL policy, those with tokens, and `default`.

Redis' and Valkey's APIs have the same: a policy is a resource of its own, attached by name, whose rules are words of ACL SETUSER. A rule
may hold a password (`>…`, or its SHA-256 as `#…`); a token is a password that Google makes, of a user its instance knows.
"""

import hashlib
import secrets

from gcpsim.crud import delete, finished, started
from gcpsim.errors import Refused, in_use, missing
from gcpsim.rules import Rules
from gcpsim.store import Resource, Store
from gcpsim.wire import Json
from gcpsim.world import Call

EVERYTHING = "~* &* +@all"
WITHOUT_PASSWORD = (
    "AUTH_MODE_DISABLED",
    "AUTH_MODE_UNSPECIFIED",
    "AUTH_DISABLED",
    "AUTHORIZATION_MODE_UNSPECIFIED",
    "",
)


def enter(rules: Rules, kind: str) -> None:
    """Add policies and users to an API whose caches are of this kind: `redis.….clusters`."""
    parent = kind.rsplit(".", 1)[0]
    policies, users = f"{parent}.aclPolicies.", f"{kind}.tokenAuthUsers."
    rules.check(policies + "create")(check_rules)
    rules.check(policies + "patch")(check_change)
    rules.made(policies + "create", policies + "patch")(apply_policy)
    rules.check(policies + "delete")(check_detached)
    rules.does(f"{kind}.addTokenAuthUser")(add_user)
    rules.does(users + "addAuthToken")(add_token)
    rules.check(
        users + "get", users + "authTokens.get", users + "authTokens.delete", users + "authTokens.list"
    )(check_there)
    rules.does(users + "delete")(delete_user)
    rules.does(users + "authTokens.delete")(delete_token)


def users_of(store: Store, instance: Resource) -> dict[str, str]:
    """Everybody who may come in, with their rules; of a Redis instance that is one, with its one password or none."""
    content = instance.content
    if "auth" in instance.hidden:
        return {"default": f"on {f'>{auth}' if (auth := instance.hidden['auth']) else 'nopass'} {EVERYTHING}"}
    users = {"default": f"on nopass {EVERYTHING}" if _is_open(content) else "off"}
    policy = store.get(f"{instance.key.split('/')[0]}/{content.get('aclPolicy')}")
    for one in policy.content.get("rules", []) if policy else []:
        users[str(one["username"])] = str(one["rule"])
    for user in store.under(f"{instance.key}/tokenAuthUsers"):
        tokens = [str(one.content["token"]) for one in store.under(f"{user.key}/authTokens")]
        known = " ".join(f"#{hashlib.sha256(token.encode()).hexdigest()}" for token in tokens)
        rule = users.get(user.id) if user.id != "default" else f"on {EVERYTHING}"
        users[user.id] = f"{rule or f'on {EVERYTHING}'} {known}".strip()
    return users


def _is_open(content: Json) -> bool:
    return str(content.get("authorizationMode", "")) in WITHOUT_PASSWORD


def check_rules(call: Call) -> None:
    """Each user once, each with a rule."""
    names = [str(one.get("username", "")) for one in call.body.get("rules", [])]
    if len(set(names)) != len(names):
        raise Refused(400, "A user stands in a policy once.")
    if not all(names) or not all(one.get("rule") for one in call.body.get("rules", [])):
        raise Refused(400, "A rule has a username and a rule.")


def check_change(call: Call) -> None:
    """Only its rules change."""
    if call.query.get("updateMask", "rules") != "rules":
        raise Refused(400, "Only 'rules' of an ACL policy can be changed.")
    check_rules(call)


def apply_policy(call: Call, policy: Resource) -> None:
    """Another revision, and the users of all that it is attached to, at once."""
    name = policy.key.split("/", 1)[1]
    policy.content |= {"name": name, "state": "ACTIVE", "version": str(policy.generation)}
    revision = {"name": f"{name}/revisions/{policy.generation}", "revisionNumber": str(policy.generation)}
    for instance in attached(call.store, policy):
        set_users(call, instance)
        tell_policy(call.store, instance)
    snapshot = {field: value for field, value in policy.content.items() if not field.endswith("Attachments")}
    call.store.put(
        f"{policy.key}/revisions/{policy.generation}",
        {**revision, "createTime": call.world.clock.stamp(), "snapshot": snapshot},
    )
    tell_attachments(call.store, policy)


def attached(store: Store, policy: Resource) -> list[Resource]:
    """The caches that go by a policy."""
    api, name = policy.key.split("/", 1)
    parent = policy.key.rsplit("/", 2)[0]
    return [
        one
        for one in store.below(parent)
        if one.content.get("aclPolicy") == name and one.key.startswith(f"{api}/")
    ]


def set_users(call: Call, instance: Resource) -> None:
    """Let the server know everybody who may come in now."""
    if call.fault != "operation":
        call.world.caches.set_users(instance.key, users_of(call.store, instance))


def tell_policy(store: Store, instance: Resource) -> None:
    """What an instance shows of the policy it goes by."""
    for name in ("aclPolicyInfo", "aclPolicyInSync"):
        instance.content.pop(name, None)
    named = instance.content.get("aclPolicy")
    policy = store.get(f"{instance.key.split('/')[0]}/{named}") if named else None
    if policy is None:
        return
    number, name = str(policy.generation), str(named)
    instance.content |= {
        "aclPolicyInSync": True,
        "aclPolicyInfo": {
            "appliedAclPolicy": name,
            "appliedAclPolicyRevision": f"{name}/revisions/{number}",
            "appliedAclPolicyRevisionNumber": number,
            "aclPolicyRevisionStatuses": [_status(name, number)],
        },
    }


def tell_attachments(store: Store, policy: Resource) -> None:
    """What a policy shows of those that go by it."""
    is_valkey = policy.key.startswith("memorystore/")
    field, whose = (
        ("instanceAclPolicyAttachments", "instance")
        if is_valkey
        else ("clusterAclPolicyAttachments", "cluster")
    )
    status = [_status(policy.content["name"], str(policy.generation))]
    policy.content[field] = [
        {whose: one.key.split("/", 1)[1], "aclPolicyRevisionStatuses": status}
        for one in attached(store, policy)
    ]


def _status(name: str, number: str) -> Json:
    return {
        "aclPolicyRevision": f"{name}/revisions/{number}",
        "aclPolicyRevisionNumber": number,
        "state": "APPLIED",
    }


def check_detached(call: Call) -> None:
    """Not while a cache goes by it."""
    policy = call.store.get(call.key)
    for instance in attached(call.store, policy) if policy else []:
        raise in_use(call.name, instance.key.split("/", 1)[1])


def add_user(call: Call) -> Json:
    """A user of a cache with tokens; has none yet."""
    instance, name = call.store.get(call.key), str(call.body.get("tokenAuthUser", ""))
    if instance is None:
        raise missing(call.name)
    if "TOKEN_AUTH" not in str(instance.content.get("authorizationMode", "")):
        raise Refused(400, "Token based authentication is not enabled.", status="FAILED_PRECONDITION")
    key = f"{instance.key}/tokenAuthUsers/{name}"
    if not name or "/" in name:
        raise Refused(400, "A user has a name.")
    if call.store.get(key) is not None:
        raise Refused(409, f"User '{name}' already exists.")
    call.store.put(key, {"name": key.split("/", 1)[1], "state": "ACTIVE"})
    set_users(call, instance)
    return finished(call, instance, undo=instance)


def add_token(call: Call) -> Json:
    """A password that Google makes; the user's earlier ones stay good."""
    user = call.store.get(call.key)
    if user is None:
        raise missing(call.name)
    wanted = str(call.body.get("authToken", {}).get("name", "")).rsplit("/", 1)[-1]
    key = f"{user.key}/authTokens/{wanted or call.store.number()}"
    made = {"name": key.split("/", 1)[1], "state": "ACTIVE", "createTime": call.world.clock.stamp()}
    call.store.put(key, {**made, "token": secrets.token_urlsafe(24)})
    set_users(call, _instance_of(call))
    return started(call, {"name": user.content["name"], "state": "ACTIVE"}, "TokenAuthUser")


def check_there(call: Call) -> None:
    """Users and tokens come by verbs of their own, which the common rules do not know."""
    key = call.key.removesuffix("/authTokens")
    if call.store.get(key) is None:
        raise missing(key.split("/", 1)[1])


def delete_user(call: Call) -> Json:
    """Not with tokens, unless they are to go too."""
    check_there(call)
    if call.store.under(f"{call.key}/authTokens") and call.query.get("force") != "true":
        raise Refused(400, "The user has tokens.", status="FAILED_PRECONDITION")
    told = delete(call)
    set_users(call, _instance_of(call))
    return told


def delete_token(call: Call) -> Json:
    """Nobody comes in by it any more."""
    told = delete(call)
    set_users(call, _instance_of(call))
    return told


def _instance_of(call: Call) -> Resource:
    instance = call.store.get("/".join(call.key.split("/")[:7]))
    if instance is None:
        raise missing(call.name)
    return instance
