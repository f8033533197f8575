"""Recordings name nobody: what stood for a project, a number or an id is a placeholder. Here they get plausible values again."""

import re

from gcpsim.discovery.methods import Method
from gcpsim.discovery.values import DATETIME, WHOLE
from gcpsim.wire import Json

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
KNOWN = {
    "projectId": "example-project",
    "uniqueId": "a1b2c3d4e5",
    "projectNumber": "123456789012",
    "organizationID": "234567890123",
    "folderID": "345678901234",
    "billingAccountID": "012345-567890-ABCDEF",
    "ipAddress": "10.10.10.10",
    "creatorID": "456789012345",
    "pscProjectNumber": "567890123456",
}
"""Placeholders that stand for the same thing wherever they are."""

MASK = "masked"
"""Begins the value of every other placeholder: it stood for an id, and not always for the same one."""


def fill(text: str) -> str:
    """The text with values in the placeholders' places."""
    return PLACEHOLDER.sub(lambda found: KNOWN.get(found[1]) or MASK + found[1].lower(), text)


def filled(value: object) -> object:
    """The same for everything inside a JSON value."""
    if isinstance(value, dict):
        return {fill(str(name)): filled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(one) for one in value]
    return fill(value) if isinstance(value, str) else value


def filled_object(value: Json | None) -> Json | None:
    """`filled` for what is an object or absent."""
    result = filled(value)
    return result if isinstance(result, dict) else None


def unblanked(body: Json | None, method: Method) -> Json | None:
    """The body with numbers where its schema wants some and the recorder left a fixed time or a placeholder."""
    schema = method.document.schemas.get(method.request)
    if body is None or schema is None:
        return body
    result = _unblanked(body, schema, method.document.schemas)
    return result if isinstance(result, dict) else body


def _unblanked(value: object, schema: Json, schemas: Json) -> object:
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    if isinstance(value, dict):
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
        return {name: _unblanked(inner, properties.get(name, rest), schemas) for name, inner in value.items()}
    if isinstance(value, list):
        return [_unblanked(one, schema.get("items", {}), schemas) for one in value]
    number = schema.get("format") in WHOLE or schema.get("type") in {"integer", "number"}
    blanked = isinstance(value, str) and (DATETIME.fullmatch(value) or MASK in value)
    return "1725194096123" if number and blanked else value
