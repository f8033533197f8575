"""What Google itself writes into a resource: names, times, etags, states; whatever the schema has a place for."""

from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

READY_STATES = ("ACTIVE", "READY", "ENABLED", "RUNNABLE", "CONDITION_SUCCEEDED", "RUNNING", "DONE")
BORN = ("createTime", "creationTime", "creationTimestamp", "timeCreated", "updateTime", "updated")
TAGS = ("etag", "fingerprint", "labelFingerprint")


def properties_of(call: Call) -> Json:
    """The fields of the resource a call is about: its body's schema, or its answer's."""
    schemas = call.method.document.schemas
    return schemas.get(call.method.request or call.method.response, {}).get("properties", {})  # type: ignore[no-any-return]


def dress_new(call: Call, resource: Resource) -> None:
    """Fill in what a new resource gets from Google."""
    properties, content = properties_of(call), resource.content
    path = resource.key.split("/", 1)[1]
    by_path = any("+" in part for part in [str(call.method.content["path"])])
    if "name" in properties and (by_path or "name" not in content):
        content["name"] = path if by_path else resource.id
    stamp = call.world.clock.stamp()
    content.update(
        {
            name: _as_told(stamp, properties[name], call)
            for name in BORN
            if properties.get(name, {}).get("type") == "string"
        }
    )
    for name in ("uid", "id"):
        if properties.get(name, {}).get("type") == "string" and name not in content:
            content[name] = call.store.number()
    if "kind" in properties and "default" in properties["kind"]:
        content["kind"] = properties["kind"]["default"]
    if "selfLink" in properties:
        content["selfLink"] = _self_link(call, path)
    states = [name for name in READY_STATES if name in properties.get("state", {}).get("enum", ())]
    if states:
        content["state"] = states[0]
    dress_changed(call, resource, stamp)


def dress_changed(call: Call, resource: Resource, stamp: str = "") -> None:
    """Fill in what every change makes new."""
    properties = properties_of(call)
    for tag in TAGS:
        if tag in properties:
            resource.content[tag] = resource.etag
    if properties.get("generation", {}).get("format") == "int64" and call.api != "storage":
        resource.content["generation"] = str(resource.generation)
    for name in ("updateTime", "updated"):
        if properties.get(name, {}).get("type") == "string":
            resource.content[name] = _as_told(stamp or call.world.clock.stamp(), properties[name], call)


def _as_told(stamp: str, schema: Json, call: Call) -> str:
    return str(int(call.world.clock.now() * 1000)) if schema.get("format") == "int64" else stamp


def _self_link(call: Call, path: str) -> str:
    content = call.method.document.content
    before = "" if content.get("servicePath") else call.request.path.strip("/").split("/projects")[0] + "/"
    return f"{content['rootUrl']}{content.get('servicePath', '')}{before}{path}"
