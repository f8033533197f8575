"""IAM policies of resources: got, set with their etag, and asked what they allow. Who is nobody in particular may do everything."""

from copy import deepcopy

from gcpsim.access import may, note_grants
from gcpsim.crud import present
from gcpsim.errors import invalid, stale
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call


def policy(call: Call) -> Json:
    """getIamPolicy, setIamPolicy, testIamPermissions on whatever the path means."""
    holder = _holder(call)
    if call.method.last == "testIamPermissions":
        asked = call.body.get("permissions") or call.request.query.get("permissions", [])
        return {"permissions": [one for one in asked if _allowed(call, str(one))]}
    if call.method.last == "setIamPolicy":
        _set(call, holder)
    current: Json = deepcopy(holder.hidden.get("policy", {"version": 1}))
    current["etag"] = holder.hidden.get("policy_etag", "ACAB")
    return current


def _allowed(call: Call, permission: str) -> bool:
    return not call.world.caller or may(call.world, call.world.caller, permission, call.key)


def _set(call: Call, holder: Resource) -> None:
    given = call.body.get("policy", call.body)
    etag = given.get("etag")
    if etag and etag != holder.hidden.get("policy_etag", "ACAB"):
        raise stale(call.name)
    for at, binding in enumerate(given.get("bindings", [])):
        if not str(binding.get("role", "")).startswith(("roles/", "projects/", "organizations/")):
            raise invalid(
                f"policy.bindings[{at}].role", "A role is named roles/…, projects/… or organizations/…."
            )
    note_grants(holder, given, call.world.clock.now())
    holder.hidden["policy"] = {name: value for name, value in given.items() if name != "etag"}
    changes = holder.hidden["policy_changes"] = holder.hidden.get("policy_changes", 0) + 1
    holder.hidden["policy_etag"] = f"BwX{changes:04d}="


def _holder(call: Call) -> Resource:
    key = call.key.removesuffix("/iam").removesuffix("/testPermissions")
    call.key = key.removesuffix("/" + call.method.last)
    return call.store.get(call.key) or _written(call, present(call))


def _written(call: Call, resource: Resource) -> Resource:
    return call.store.put(call.key, resource.content)
