"""Which thing a request means: the name a create gives, and which parts of a path are things somebody made."""

import re
from functools import cache

from gcpsim.discovery import conventions
from gcpsim.discovery.documents import read
from gcpsim.discovery.methods import methods_of
from gcpsim.wire import Json
from gcpsim.world import Call

OF_OPERATIONS = {"get", "list", "wait", "cancel", "delete"}
Shape = tuple[str | None, ...]


def kind_of(call: Call) -> str:
    """What a call does, in the words all APIs share: create, get, list, change, delete, policy, operation, custom."""
    method = call.method
    if method.last in OF_OPERATIONS and any(part and part.endswith("perations") for part in call.found.kinds):
        return "operation"
    if method.last in {"getIamPolicy", "setIamPolicy", "testIamPermissions"}:
        return "policy"
    if method.verb and not method.creates:
        return "custom"
    return _plain_kind(call)


def _plain_kind(call: Call) -> str:
    method = call.method
    if method.creates:
        return "create"
    on_item = {"GET": "get", "PATCH": "change", "PUT": "change", "DELETE": "delete"}
    if method.on_item:
        return on_item.get(method.http, "custom")
    if method.http == "GET" and (
        method.last.lower().startswith(("list", "aggregatedlist", "search")) or method.last == "query"
    ):
        return "list"
    return "custom"


def created_id(call: Call) -> str:
    """The id a create asks for, from its query or body; empty where Google gives the name."""
    if call.method.on_item:
        return call.key.rsplit("/", 1)[-1]
    for name, value in call.query.items():
        if name.endswith("Id") and name != "requestId" and value:
            return value
    return _id_in_body(call.body, call.found.segments[-1])


def _id_in_body(body: Json, collection: str) -> str:
    single = re.sub("ie$", "y", collection.removesuffix("s"))
    for name, inner in body.items():
        if (
            name.endswith("Reference")
            and isinstance(inner, dict)
            and single.startswith(name.removesuffix("Reference")[:4])
        ):
            return str(inner.get(name.removesuffix("Reference") + "Id", ""))
    wrapped = body.get(single)
    for holder, name in (
        (body, "name"),
        (body, f"{single}Id"),
        (body, f"{single}Name"),
        (wrapped, "name"),
        (body.get("metadata"), "name"),
        *((body, name) for name in body if name.endswith("Id")),
    ):
        if isinstance(holder, dict) and isinstance(holder.get(name), str) and holder[name]:
            return str(holder[name]).rsplit("/", 1)[-1]
    return ""


def made_ancestors(call: Call) -> list[str]:
    """The keys of all things above the call's own that somebody has to have made."""
    shapes, parts, kinds = (
        made_shapes(call.api, call.method.document.version),
        call.found.segments,
        call.found.kinds,
    )
    ends = [at + 1 for at in range(len(parts) - 1) if kinds[at] is None and parts[at] != "-"]
    return ["/".join([call.api, *parts[:end]]) for end in ends if kinds[:end] in shapes]


def is_made(call: Call) -> bool:
    """Whether what a call's path names is something that somebody makes, rather than Google's own that is always there."""
    if call.method.document.unwritten:
        return conventions.is_made(call.found)
    return call.found.kinds in made_shapes(call.api, call.method.document.version)


@cache
def made_shapes(api: str, version: str) -> frozenset[Shape]:
    """The shapes of names that come from a create: whatever else a path names is Google's own and always there."""
    document = read(api, version)
    making = [m for m in methods_of(document) if m.creates] if document else []
    return frozenset(m.shape if m.on_item else (*m.shape, None) for m in making)
