"""Rows as they come to BigQuery: each value held against its column, as Google reads JSON."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from gcpsim.wire import Json

NAMES = {
    "INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN", "STRUCT": "RECORD", "DECIMAL": "NUMERIC", "BIGDECIMAL": "BIGNUMERIC",
}  # fmt: skip
"""Types that have two names: a schema shows the older one."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST = Decimal("99999999999999999999999999999.999999999")


class Misfit(Exception):
    """A value that is none of its column's; `location` says which."""

    def __init__(self, location: str, what: str) -> None:
        super().__init__(what)
        self.location, self.what = location, what


def type_of(column: Json) -> str:
    """A column's type by its older name."""
    given = str(column.get("type", "")).upper()
    return NAMES.get(given, given)


def row_of(fields: list[Json], given: Json, *, lax: bool = False, path: str = "") -> Json:
    """A row by its columns' names, absent lists empty. Raises Misfit; `lax` lets unknown names by."""
    told = {name.lower(): (name, value) for name, value in given.items()}
    row: Json = {}
    for column in fields:
        name = str(column["name"])
        _, value = told.pop(name.lower(), ("", None))
        row[name] = _field(column, value, lax, f"{path}{name}")
    if told and not lax:
        name = next(iter(told.values()))[0]
        raise Misfit(f"{path}{name}", f"no such field: {path}{name}.")
    return row


def _field(column: Json, value: Any, lax: bool, path: str) -> Any:
    mode = str(column.get("mode") or "NULLABLE").upper()
    if mode == "REPEATED":
        if value is None:
            return []
        if not isinstance(value, list):
            raise Misfit(path, f"Array specified for non-repeated field: {path}.")
        if any(one is None for one in value):
            raise Misfit(path, "Only optional fields can be set to NULL.")
        return [_value(column, one, lax, path) for one in value]
    if value is None:
        if mode == "REQUIRED":
            raise Misfit(path, f"Missing required field: {path}.")
        return None
    return _value(column, value, lax, path)


def _value(column: Json, value: Any, lax: bool, path: str) -> Any:
    kind = type_of(column)
    if kind == "RECORD":
        if not isinstance(value, dict):
            raise Misfit(path, f"This field: {path} is not a record.")
        return row_of(column.get("fields", []), value, lax=lax, path=f"{path}.")
    if kind != "JSON" and isinstance(value, dict | list):
        raise Misfit(
            path, f"This field: {path} is not a {'repeated field' if isinstance(value, list) else 'record'}."
        )
    try:
        return READ[kind](value)
    except (ValueError, InvalidOperation, KeyError, TypeError, OverflowError):
        raise Misfit(path, f"Cannot convert value to {kind.lower()} (bad value): {str(value)[:80]}") from None


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and value != int(value)):
        raise ValueError
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return number


def _float(value: Any) -> float | str:
    number = float(value)
    return number if abs(number) < float("inf") else str(value)


def _numeric(value: Any) -> str:
    number = Decimal(str(value))
    if not abs(number) <= LARGEST:
        raise ValueError
    return f"{number:f}"


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        return {
            "true": True,
            "t": True,
            "1": True,
            "yes": True,
            "false": False,
            "f": False,
            "0": False,
            "no": False,
        }[value.lower()]
    return bool(value)


def _bytes(value: Any) -> str:
    try:
        return base64.b64decode(str(value), validate=True).hex()
    except binascii.Error:
        raise ValueError from None


def instant(value: Any) -> datetime:
    """A TIMESTAMP: text with or without its time zone (UTC), or seconds since 1970."""
    text = str(value).strip()
    if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        return EPOCH + timedelta(microseconds=int(Decimal(text) * 1_000_000))
    text = re.sub(r"\s*UTC$", "+00:00", text)
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def micros(value: Any, column: Json) -> Any:
    """A cell with its times as whole microseconds, which callers may want instead of seconds."""
    if value is None or type_of(column) not in ("TIMESTAMP", "RECORD"):
        return value
    if str(column.get("mode", "")).upper() == "REPEATED":
        single = {**column, "mode": "NULLABLE"}
        return [{"v": micros(one["v"], single)} for one in value]
    if type_of(column) == "TIMESTAMP":
        return str(int(Decimal(value) * 1_000_000))
    return {
        "f": [{"v": micros(one["v"], inner)} for one, inner in zip(value["f"], column["fields"], strict=True)]
    }


READ: dict[str, Callable[[Any], Any]] = {
    "STRING": str,
    "GEOGRAPHY": str,
    "INTEGER": _integer,
    "FLOAT": _float,
    "NUMERIC": _numeric,
    "BIGNUMERIC": _numeric,
    "BOOLEAN": _boolean,
    "BYTES": _bytes,
    "TIMESTAMP": lambda value: instant(value).isoformat(),
    "DATETIME": lambda value: datetime.fromisoformat(str(value)).replace(tzinfo=None).isoformat(),
    "DATE": lambda value: date.fromisoformat(str(value)).isoformat(),
    "TIME": lambda value: time.fromisoformat(str(value)).isoformat(),
    "JSON": lambda value: value,
}
"""From JSON to what the warehouse takes, by type."""
