"""Holds a request against its method: the query's names and types, the body against its schema."""

from gcpsim.discovery.methods import Match, Method
from gcpsim.discovery.values import Fault, Reading, can_be_zero, read_object, read_value, snake
from gcpsim.errors import Refused
from gcpsim.wire import Json, Request

LAX = {"storage"}
"""APIs that let unknown names by instead of refusing them."""

EVERYWHERE = {
    "$.xgafv",
    "$alt",
    "$callback",
    "$fields",
    "$key",
    "$prettyPrint",
    "$userProject",
    "userProject",
    "access_token",
    "alt",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "prettyPrint",
    "quotaUser",
    "uploadType",
    "upload_protocol",
    "userIp",
    "upload_id",
    "name",
    "enum-encoding",
}


def read_body(request: Request, found: Match) -> Json:
    """The body as the document spells it; raises Refused with all that is wrong."""
    method = found.method
    given = request.body or {}
    schema = method.document.schemas.get(method.request)
    if schema is None:
        return dict(given)
    faults: list[Fault] = []
    reading = Reading(
        method.document.schemas,
        creating=method.creates,
        lax=method.document.api in LAX,
        bound=frozenset({"parent", "name", *method.parameters, *(snake(name) for name in method.parameters)}),
    )
    body = read_object(given, schema, reading, "", faults)
    faults.extend(_annotated(schema, body, given, method))
    _refuse(faults, "Invalid JSON payload received. ")
    return body


def read_query(request: Request, method: Method) -> dict[str, str]:
    """The query by the document's names, the last value of each; raises Refused with all that is wrong."""
    if method.document.unwritten:
        return {name: values[-1] for name, values in request.query.items()}
    known = {
        **{snake(name): name for name in method.parameters},
        **{name: name for name in method.parameters},
    }
    faults: list[Fault] = []
    read: dict[str, str] = {}
    for given, values in request.query.items():
        name = known.get(given)
        if name is None:
            if given not in EVERYWHERE and method.document.api not in LAX:
                faults.append(
                    (
                        given,
                        f'Unknown name "{given}": Cannot bind query parameter. Field could not be found in request message.',
                    )
                )
            continue
        read[name] = values[-1]
        for value in values:
            _read_parameter(value, method.parameters[name], name, faults)
    for name, schema in method.parameters.items():
        if schema.get("required") and schema.get("location") == "query" and name not in read:
            faults.append((name, f"Required parameter: {name}"))
    _refuse(faults, "Invalid request. ")
    return read


def _read_parameter(value: str, schema: Json, name: str, faults: list[Fault]) -> None:
    if schema.get("type") == "boolean":
        if value.lower() not in {"true", "false", "1", "0", ""}:
            faults.append((name, f"Invalid value ({value!r}): a boolean is wanted."))
        return
    number = int(value) if value.isdigit() and "enum" in schema else value
    one = {key: inner for key, inner in schema.items() if key != "repeated"}
    if value or schema.get("type") != "integer":
        read_value(number, one, Reading({}), name, faults)


def _annotated(schema: Json, body: Json, given: Json, method: Method) -> list[Fault]:
    """Older documents say for which methods a field is required."""
    return [
        (name, f"Required field '{name}' not specified")
        for name, inner in schema.get("properties", {}).items()
        if method.id in inner.get("annotations", {}).get("required", ())
        and not can_be_zero(inner)
        and name not in body
        and name not in given
        and method.http == "POST"
    ]


def _refuse(faults: list[Fault], opening: str) -> None:
    if faults:
        raise Refused(400, opening + " ".join(what for _, what in faults), fields=dict(faults))
