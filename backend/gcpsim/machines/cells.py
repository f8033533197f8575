"""BigQuery's values on the wire: every one a text, lists and records in their own shape; parameters the other way round."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from gcpsim.errors import Refused
from gcpsim.semantics.bigquery_values import Misfit, instant, row_of, type_of
from gcpsim.wire import Json

TYPES = {
    "varchar": "STRING", "blob": "BYTES", "double": "FLOAT", "float": "FLOAT", "decimal": "NUMERIC", "boolean": "BOOLEAN",
    "timestamp with time zone": "TIMESTAMP", "timestamp": "DATETIME", "date": "DATE", "time": "TIME", "json": "JSON", "sqlnull": "INTEGER",
    "uuid": "STRING", "enum": "STRING", "interval": "INTERVAL", '"null"': "INTEGER",
}  # fmt: skip
MAKES: dict[str, Callable[[Any], Any]] = {
    "NUMERIC": Decimal, "BIGNUMERIC": Decimal, "DATE": date.fromisoformat, "DATETIME": datetime.fromisoformat, "TIME": time.fromisoformat,
    "BYTES": bytes.fromhex, "JSON": json.dumps,
}  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def column_of(name: str, kind: Any) -> Json:
    """A column of an answer's schema, from DuckDB's type."""
    if kind.id in ("list", "array"):
        return {**column_of(name, kind.children[0][1]), "mode": "REPEATED"}
    if kind.id == "struct":
        fields = [column_of(inner, one) for inner, one in kind.children]
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": fields}
    found = TYPES.get(str(kind).lower()) or TYPES.get(kind.id, "INTEGER")
    return {"name": name, "type": found, "mode": "NULLABLE"}


def cell(value: Any, column: Json) -> Any:
    """One value as an answer has it: text, None, a list of `v`, a record of `f`."""
    if column.get("mode") == "REPEATED":
        single = {**column, "mode": "NULLABLE"}
        return [{"v": cell(one, single)} for one in value or []]
    if value is None:
        return None
    if column["type"] == "RECORD":
        return {"f": [{"v": cell(value.get(one["name"]), one)} for one in column["fields"]]}
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo is None else _seconds(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)


def _seconds(value: datetime) -> str:
    """Seconds since 1970 as Google writes them, in scientific notation with all digits there are."""
    micro = (value - EPOCH) // (datetime.resolution)
    return f"{Decimal(micro).scaleb(-6).normalize():E}".replace("E+", "E")


def parameters_of(given: tuple[Json, ...]) -> dict[str, Any] | list[Any]:
    """Values by name, or in their order where they have none. Raises Refused for one that is not of its type."""
    values = [_parameter(one) for one in given]
    names = [str(one.get("name", "")) for one in given]
    return dict(zip(names, values, strict=True)) if any(names) or not names else values


def _parameter(one: Json) -> Any:
    try:
        return _typed(one.get("parameterType", {}), one.get("parameterValue", {}))
    except Misfit as wrong:
        raise Refused(
            400, f"Invalid value for query parameter '{one.get('name', '')}': {wrong.what}", reason="invalid"
        ) from None


def _typed(kind: Json, value: Json) -> Any:
    name = str(kind.get("type", "")).upper()
    if name == "ARRAY":
        return [_typed(kind["arrayType"], inner) for inner in value.get("arrayValues", [])]
    if name == "STRUCT":
        given = value.get("structValues", {})
        return {one["name"]: _typed(one["type"], given.get(one["name"], {})) for one in kind["structTypes"]}
    raw = value.get("value")
    if raw is None:
        return None
    column = {"name": "value", "type": name}
    read = row_of([column], {"value": raw})["value"]
    found = type_of(column)
    if found == "TIMESTAMP":
        return instant(read)
    return MAKES[found](read) if found in MAKES else read
