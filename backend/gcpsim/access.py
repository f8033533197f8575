"""What a member may do with a resource: by its policy and its project's, once Google has heard of the grant.

Asked of service accounts where their rights decide whether something works, and of `World.caller` by testIamPermissions. Whoever calls
the simulator itself may do everything.
"""

from collections.abc import Iterator

from gcpsim.errors import Refused
from gcpsim.roles import allows
from gcpsim.store import Resource, Store
from gcpsim.wire import Json
from gcpsim.world import Call, World

EVERYBODY = ("allUsers", "allAuthenticatedUsers")


def may(world: World, member: str, permission: str, key: str) -> bool:
    """Whether a member (`serviceAccount:…`) has a permission on the resource of that key, or on its project."""
    holders = (world.store.get(one) for one in (key, _project_of(world.store, key)))
    return any(
        _has(world.store, role, permission)
        for holder in holders
        if holder is not None
        for role, granted in grants(holder, member)
        if world.clock.now() - granted >= world.iam_delay
    )


def grants(holder: Resource, member: str) -> Iterator[tuple[str, float]]:
    """The roles a resource's own policy gives a member, each with the moment since when."""
    since: dict[str, float] = holder.hidden.get("policy_since", {})
    for binding in _bindings(holder.hidden.get("policy", {})):
        for one in (member, *EVERYBODY):
            if one in binding.get("members", []):
                yield str(binding.get("role", "")), since.get(_grant(binding, one), 0.0)


def refuse_switched_off(call: Call) -> None:
    """An API that somebody switched off in a project answers nobody there; one nobody ever switched on does."""
    project = call.segment("projects")
    known = call.store.get(f"serviceusage/projects/{project}/services/{call.api}.googleapis.com")
    if known is not None and known.content.get("state") == "DISABLED" and call.api != "serviceusage":
        raise Refused(
            403,
            f"{call.api}.googleapis.com has not been used in project {project} before or it is disabled.",
            reason="accessNotConfigured",
        )


def note_grants(holder: Resource, policy: Json, now: float) -> None:
    """Remember since when each grant of a new policy holds: what was there before stays as old as it is."""
    before: dict[str, float] = holder.hidden.get("policy_since", {})
    new = [_grant(one, str(member)) for one in _bindings(policy) for member in one.get("members", [])]
    holder.hidden["policy_since"] = {grant: before.get(grant, now) for grant in new}


def _has(store: Store, role: str, permission: str) -> bool:
    if role.startswith("roles/"):
        return allows(role, permission)
    own = store.get(f"iam/{role}")
    return (
        own is not None
        and not own.content.get("deleted")
        and permission in own.content.get("includedPermissions", [])
    )


def _project_of(store: Store, key: str) -> str:
    parts = key.split("/")
    if parts[:2] == ["storage", "b"]:
        bucket = store.get("/".join(parts[:3]))
        return f"cloudresourcemanager/projects/{bucket.hidden.get('project', '')}" if bucket else ""
    return f"cloudresourcemanager/{'/'.join(parts[1:3])}"


def _bindings(policy: Json) -> list[Json]:
    found = policy.get("bindings", [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _grant(binding: Json, member: str) -> str:
    return f"{binding.get('role', '')} {member}"
