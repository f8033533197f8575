"""What all APIs do alike: make, show, list, change and take away resources, at once or by an operation."""

from copy import deepcopy

from gcpsim import naming
from gcpsim.defaults import TAGS, dress_changed, dress_new, properties_of
from gcpsim.errors import Refused, invalid, missing, stale, taken
from gcpsim.labels import check_labels
from gcpsim.masks import apply_mask, check_mask, clear, merge, replace
from gcpsim.operations import Operation, any_type, family_of, operation_key, package_of, shown
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

ASIDE = {"unreachable", "warnings", "executionErrors"}
"""Lists in an answer that are not what was asked for."""


def create(call: Call) -> Json:
    """Make a resource; Refused 409 when its name is taken."""
    if not call.method.on_item:
        name = call.rules.identities.get(call.method.id, naming.created_id)(call)
        call.key = f"{call.key}/{name or call.store.number()}"
    there = call.store.get(call.key)
    if there is not None and not there.supposed:
        raise taken(call.name)
    check_labels(call)
    resource = call.store.put(call.key, call.body)
    dress_new(call, resource)
    _complete(call, resource)
    return finished(call, resource)


def get(call: Call) -> Json:
    """Show a resource."""
    return deepcopy(present(call).content)


def change(call: Call) -> Json:
    """Change a resource by its mask, by merging, or by putting another in its place."""
    if call.store.get(call.key) is None and call.query.get("allowMissing") == "true":
        return create_at(call)
    resource = present(call)
    check_tags(call, resource)
    mask = call.query.get("updateMask", "")
    if mask:
        check_mask(mask, properties_of(call))
    check_labels(call)
    kept = deepcopy(resource)
    body = {name: value for name, value in call.body.items() if name not in TAGS}
    if call.rules.merges and call.method.http == "PATCH":
        merge(resource.content, body)
        clear(resource.content, call.request.body or {})
    elif call.method.http == "PUT" and not mask:
        replace(resource.content, body, properties_of(call))
    else:
        apply_mask(resource.content, body, mask)
    resource.generation += 1
    dress_changed(call, resource)
    try:
        _complete(call, resource)
    except Refused:
        call.store.restore(kept)
        raise
    return finished(call, resource, undo=kept)


def create_at(call: Call) -> Json:
    """Make a resource under the name the path already has."""
    resource = call.store.put(call.key, call.body)
    dress_new(call, resource)
    _complete(call, resource)
    return finished(call, resource)


def delete(call: Call) -> Json:
    """Take a resource away with all that is under it."""
    resource = present(call)
    refuse_protected(call, resource)
    given = call.query.get("etag")
    if given and given != resource.content.get("etag", given):
        raise stale(call.name)
    soft = call.rules.soft.get(call.key.split("/")[-2])
    if soft:
        resource.content[soft[0]] = soft[1]
        return finished(call, resource, undo=resource)
    gone = call.store.remove(call.key, call.world.clock.now())
    return finished(call, resource, back=gone)


def refuse_protected(call: Call, resource: Resource) -> None:
    """What is protected from deletion is not deleted, in any API that has a field for it."""
    if (
        resource.content.get("deletionProtectionEnabled")
        or resource.content.get("deletionProtection") is True
    ):
        raise Refused(
            400, f"'{call.name}' is protected from deletion.", status="FAILED_PRECONDITION", reason="invalid"
        )


def listed(call: Call) -> Json:
    """A page of a collection; the list's field is named after what the schema says is repeated."""
    found = [deepcopy(resource.content) for resource in call.store.under(call.key)]
    return page(call, found)


def page(call: Call, found: list[Json]) -> Json:
    """The part of a list that a token and a size mean; a token is the place to go on."""
    token = call.query.get("pageToken", "")
    if token and not token.isdigit():
        raise invalid("page_token", "The page token is not one this list gave.")
    size = int(call.query.get("pageSize") or call.query.get("maxResults") or 0) or 500
    start = int(token or 0)
    properties = call.method.document.schemas.get(call.method.response, {}).get("properties", {})
    lists = [name for name, inner in properties.items() if inner.get("type") == "array"]
    collection = call.key.rsplit("/", 1)[-1]
    field = (
        collection if collection in lists else next((name for name in lists if name not in ASIDE), "items")
    )
    body: Json = {field: found[start : start + size]} if found[start : start + size] else {}
    if "default" in properties.get("kind", {}):
        body["kind"] = properties["kind"]["default"]
    if start + size < len(found):
        body["nextPageToken"] = str(start + size)
    return body


def custom(call: Call) -> Json:
    """A verb nobody has written out: it needs its resource, makes what the rules say it makes, and says what its schema says."""
    if made := call.rules.makes.get(call.method.id):
        dress_new(call, call.store.put(made(call), {"name": made(call).rsplit("/", 1)[-1]}))
    target = call.key if call.method.verb and call.method.on_item else ""
    if target and naming.is_made(call):
        present(call)
    resource = call.store.get(call.key) if target else None
    if family_of(call.method):
        return started(call, resource.content if resource else {})
    answers_resource = resource is not None and "name" in call.method.document.schemas.get(
        call.method.response, {}
    ).get("properties", {})
    return deepcopy(resource.content) if resource and answers_resource else {}


def present(call: Call) -> Resource:
    """The resource a call is about; Refused 404 (or what the API says) when it is not there."""
    resource = call.store.get(call.key)
    if resource is None and naming.is_made(call):
        code = call.rules.missing.get(call.key.split("/")[-2], 404)
        raise missing(call.name) if code == 404 else Refused(code, "The caller does not have permission")
    return resource or Resource(call.key, {"name": call.name})


def check_tags(call: Call, resource: Resource) -> None:
    """Refuse a change that was made on the basis of an older version."""
    for tag in TAGS:
        given = call.body.get(tag)
        if given and resource.content.get(tag) and given != resource.content[tag]:
            if call.api == "compute":
                raise Refused(412, "Supplied fingerprint does not match current metadata fingerprint.")
            raise stale(call.name)


def finished(
    call: Call, resource: Resource, *, back: list[Resource] | None = None, undo: Resource | None = None
) -> Json:
    """The answer to a change: the resource, nothing, or the operation that ends with it.

    An operation that is to fail (a fault) leaves things as they were: `back` are those to bring back, `undo` the one to restore.
    """
    if not family_of(call.method):
        return (
            {} if call.method.last == "delete" and not _answers_resource(call) else deepcopy(resource.content)
        )
    if call.fault == "operation":
        for one in [*(back or []), *([undo] if undo else [])]:
            call.store.restore(one)
        if not back and not undo:
            call.store.remove(resource.key, call.world.clock.now())
    return started(call, resource.content)


def _answers_resource(call: Call) -> bool:
    return bool(
        call.method.document.schemas.get(call.method.response, {}).get("properties")
    ) and call.method.response not in {"Empty", "GoogleProtobufEmpty"}


def started(call: Call, result: Json, message: str = "") -> Json:
    """Begin the operation that a method answers with, and show it; `message`: what it ends with, where that is not to be guessed."""
    world = call.world
    key = operation_key(call.api, call.key, world.operations.next_id())
    kind = any_type(call.method, message)
    ends_with = {"@type": kind} if kind.endswith("Empty") else {"@type": kind, **deepcopy(result)}
    operation = Operation(
        key,
        family_of(call.method),
        call.method.last,
        call.key,
        world.clock.stamp(),
        world.clock.now() + world.latency,
        ends_with,
    )
    operation.metadata = _metadata(call, ends_with)
    operation.error = "The operation failed inside Google." if call.fault == "operation" else ""
    world.operations.start(operation)
    if call.goes_on and not operation.error:
        operation.going = True
        call.goes_on(operation)
    return shown(operation, world.clock)


def _metadata(call: Call, result: Json) -> Json:
    if call.api == "run":
        return result
    package = package_of(call.method)
    return {
        "@type": f"type.googleapis.com/{package}.OperationMetadata",
        "target": call.name,
        "verb": call.method.last,
        "apiVersion": call.method.document.version,
    }


def operation(call: Call) -> Json:
    """Show, wait for, list or forget operations."""
    if not call.method.on_item and not call.method.verb:
        scope = call.key if call.key.endswith("perations") else call.key.rsplit("/", 2)[0]
        if call.method.last == "list":
            return page(call, [shown(one, call.world.clock) for one in call.world.operations.under(scope)])
    key = call.key.removesuffix("/wait").removesuffix("/cancel")
    found = call.world.operations.get(key)
    if found is None and call.store.get(key) is not None:
        return {"name": call.name, "done": True}
    if found is None:
        raise missing(call.name)
    if call.method.last == "wait":
        call.world.clock.pass_time(max(0.0, found.ends_at - call.world.clock.now()))
    return {} if call.method.last in {"cancel", "delete"} else shown(found, call.world.clock)


def _complete(call: Call, resource: Resource) -> None:
    try:
        for complete in call.rules.completed.get(call.method.id, []):
            complete(call, resource)
    except Refused:
        if resource.generation == 1:
            call.store.remove(resource.key, call.world.clock.now())
        raise
