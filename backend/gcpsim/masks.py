"""Update masks: which fields of a body a change means."""

from gcpsim.discovery.values import snake
from gcpsim.errors import invalid
from gcpsim.wire import Json

KEPT = {
    "name",
    "id",
    "kind",
    "selfLink",
    "creationTimestamp",
    "timeCreated",
    "creationTime",
    "createTime",
    "metageneration",
}
"""What a whole replacement leaves alone: older documents don't say that it is only Google's."""


def apply_mask(current: Json, body: Json, mask: str) -> None:
    """Change `current` by `body`: with a mask exactly its fields (absent ones are cleared), without one whatever the body has."""
    if not mask:
        current.update(body)
        return
    if mask.strip() == "*":
        kept = {name: current[name] for name in ("name",) if name in current}
        current.clear()
        current.update({**body, **kept})
        return
    for path in mask.split(","):
        _set(current, body, [_camel(part) for part in path.strip().split(".")])


def merge(current: Json, body: Json) -> None:
    """JSON merge patch, as the older APIs do it: objects are merged, null clears, lists are replaced."""
    for name, value in body.items():
        if isinstance(value, dict) and isinstance(current.get(name), dict):
            merge(current[name], value)
        else:
            current[name] = value


def clear(current: Json, body: Json) -> None:
    """Take away what a merge patch says null of."""
    for name, value in body.items():
        if value is None:
            current.pop(name, None)
        elif isinstance(value, dict) and isinstance(current.get(name), dict):
            clear(current[name], value)


def replace(current: Json, body: Json, properties: Json) -> None:
    """Put another in the place of all that callers may write; what only Google writes stays."""
    for name in [
        name for name in current if not properties.get(name, {}).get("readOnly") and name not in KEPT
    ]:
        del current[name]
    current.update(body)


def check_mask(mask: str, properties: Json) -> None:
    """Refuse a mask that names a field there is not; only its first part is looked at."""
    for path in mask.split(","):
        first = path.strip().split(".")[0]
        if (
            first not in ("", "*")
            and properties
            and first not in properties
            and _camel(first) not in properties
        ):
            raise invalid("update_mask", f"The field mask has no field '{first}'")


def _set(current: Json, body: Json, parts: list[str]) -> None:
    first, *rest = parts
    if first not in body:
        current.pop(first, None)
    elif rest and isinstance(body[first], dict) and isinstance(current.setdefault(first, {}), dict):
        _set(current[first], body[first], rest)
    else:
        current[first] = body[first]


def _camel(name: str) -> str:
    if name != snake(name):
        return name
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)
