"""What a value must look like to be of a schema: proto's JSON rules, with every fault found rather than the first."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gcpsim.wire import Json

Fault = tuple[str, str]
"""Where, and what is wrong there."""

WHOLE = {"int32": (-(2**31), 2**31), "uint32": (0, 2**32), "int64": (-(2**63), 2**63), "uint64": (0, 2**64)}
DURATION = re.compile(r"-?\d{1,12}(\.\d{1,9})?s")
DATETIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")
GAPS = {
    ("LAUNCH_STAGE_UNSPECIFIED", "UNIMPLEMENTED"): (0, 6, 7, 1, 2, 3, 4, 5),
    ("SECRET_TYPE_UNSPECIFIED", "CLOUD_SQL_DB_CREDENTIALS"): (0, 1, 2, 3, 4, 50),
    ("KEY_ALGORITHM_UNSPECIFIED", "RSA_2048"): (0, 1, 4),
    ("TIER_UNSPECIFIED", "BASIC"): (0, 1, 3),
    ("RESCHEDULE_TYPE_UNSPECIFIED", "IMMEDIATE"): (0, 1, 3),
}
"""Numbers of enums that callers write and whose numbers are not their places in the document, by their first two names.

Compared with the protos of Google's Python clients for run, secretmanager, certificatemanager, redis and memorystore.
"""


@dataclass(frozen=True)
class Reading:
    """How strictly to read: `creating` asks for what is required, `lax` lets unknown names by (as Cloud Storage does)."""

    schemas: Json
    creating: bool = False
    lax: bool = False
    bound: frozenset[str] = frozenset()


def snake(name: str) -> str:
    """`minInstanceCount` as protos spell it."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


def read_object(value: Json, schema: Json, reading: Reading, where: str, faults: list[Fault]) -> Json:
    """The object with names as the document spells them, without nulls and without what only Google writes; adds to `faults`."""
    properties: Json = schema.get("properties", {})
    spelled = {snake(name): name for name in properties}
    read: Json = {}
    for given, inner in value.items():
        name = given if given in properties else spelled.get(given, "")
        at = f"{where}.{given}" if where else given
        if name:
            if inner is not None and not properties[name].get("readOnly"):
                read[name] = read_value(inner, properties[name], reading, at, faults)
        elif "additionalProperties" in schema and inner is None:
            continue
        elif "additionalProperties" in schema:
            read[given] = read_value(inner, schema["additionalProperties"], reading, at, faults)
        elif not (reading.lax or given == "@type" or (not where and given in reading.bound)):
            faults.append((at, f"Unknown name \"{given}\" at '{where or 'body'}': Cannot find field."))
    if reading.creating:
        faults.extend(_absent(properties, read, value, where))
    return read


def _absent(properties: Json, read: Json, value: Json, where: str) -> Iterator[Fault]:
    """Required fields that are not there. A zero is absent on the wire, so no number and no boolean can be missed; a name is in the path."""
    for name, schema in properties.items():
        told = str(schema.get("description", "")).startswith("Required.") and not schema.get("readOnly")
        if told and not can_be_zero(schema) and name != "name" and name not in read and name not in value:
            at = f"{where}.{name}" if where else name
            yield at, f"The field '{at}' is required."


def can_be_zero(schema: Json) -> bool:
    """Whether it is a number or a boolean, of which zero and false may be left out on the wire."""
    return schema.get("type") in {"boolean", "integer", "number"} or schema.get("format") in WHOLE


def read_value(value: Any, schema: Json, reading: Reading, where: str, faults: list[Fault]) -> Any:
    """The value as it is kept: an enum's number becomes its name, a whole number in text stays text where the document says so."""
    if "$ref" in schema:
        schema = reading.schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "object":
        if isinstance(value, dict):
            return read_object(value, schema, reading, where, faults)
        faults.append(
            (
                where,
                "Proto field is not repeating, cannot start list."
                if isinstance(value, list)
                else "An object is wanted.",
            )
        )
        return value
    if kind == "array":
        return _read_list(value, schema, reading, where, faults)
    if kind == "any" or value is None:
        return value
    if "enum" in schema:
        value = _named(value, schema)
    if problem := _scalar_fault(value, kind, schema):
        faults.append((where, problem))
    return value


def _read_list(value: Any, schema: Json, reading: Reading, where: str, faults: list[Fault]) -> Any:
    if not isinstance(value, list):
        faults.append((where, "A list is wanted."))
        return value
    return [
        read_value(one, schema["items"], reading, f"{where}[{at}]", faults) for at, one in enumerate(value)
    ]


def _named(value: Any, schema: Json) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    names = schema["enum"]
    numbers = schema.get("enumNumbers") or GAPS.get(tuple(names[:2]), ())
    if len(numbers) != len(names):
        numbers = range(len(names))
    return dict(zip(numbers, names, strict=True)).get(value, value)


def _scalar_fault(value: Any, kind: str, schema: Json) -> str:
    if "enum" in schema:
        known = (
            value in schema["enum"] or value == "" or (isinstance(value, int) and not isinstance(value, bool))
        )
        return "" if known else f'Invalid value "{value}": it is none of the enum\'s names.'
    return SCALARS[kind](value, str(schema.get("format", "")), schema)


def _boolean(value: Any, _form: str, _schema: Json) -> str:
    return "" if isinstance(value, bool) else f"Invalid value ({value!r}): a boolean is wanted."


def _integer(value: Any, form: str, _schema: Json) -> str:
    try:
        if isinstance(value, bool) or (isinstance(value, float) and value != int(value)):
            raise ValueError
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return f"Invalid value ({value!r}): a whole number is wanted."
    low, high = WHOLE.get(form, WHOLE["int64"])
    return "" if low <= number < high else f"Value out of range: {value}"


def _number(value: Any, _form: str, _schema: Json) -> str:
    if isinstance(value, bool):
        return "A number is wanted."
    try:
        float(value)
    except (TypeError, ValueError):
        return f"Invalid value ({value!r}): a number is wanted."
    return ""


def _string(value: Any, form: str, schema: Json) -> str:
    if form in WHOLE:
        return _integer(value, form, schema)
    if not isinstance(value, str):
        return f"Invalid value ({value!r}): a string is wanted."
    if value and not FORMS.get(form, _any)(value):
        return f"Illegal {form}: {value!r}"
    pattern = schema.get("pattern")
    if value and pattern and not re.fullmatch(str(pattern), value):
        return f"Must be a match of regex '{pattern}': {value!r}"
    return ""


def _any(_value: str) -> bool:
    return True


def _base64(value: str) -> bool:
    plain = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


SCALARS: dict[str, Callable[[Any, str, Json], str]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "string": _string,
}
FORMS: dict[str, Callable[[str], bool]] = {
    "byte": _base64,
    "google-duration": lambda value: bool(DURATION.fullmatch(value)),
    "google-datetime": lambda value: bool(DATETIME.fullmatch(value)),
    "date-time": lambda value: bool(DATETIME.fullmatch(value)),
    "date": lambda value: bool(DATE.fullmatch(value)),
    "google-fieldmask": lambda value: not re.search(r"[^\w.,*`\-/\s]", value),
}
