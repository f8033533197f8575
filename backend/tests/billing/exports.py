"""Billing exports as Google might send them, and worse: nested labels, credits, negative adjustments, several currencies, rows that
come late, and rows that say of nobody whose they are."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
TENANT, POOL = "aipress-tenant-id", "aipress-pool"
TENANTS = ("ten_a", "ten_b", "ten_c", "ten_é'\"\\")
FIRST = date(2026, 9, 1)
CURRENCIES = ("USD", "EUR", "JPY")
SERVICES = (
    ("Cloud Run", "CPU"),
    ("Cloud Run", "Memory"),
    ("Cloud SQL", "Storage"),
    ("Tax", ""),
    (None, None),
)


class Number(str):
    """An amount by its digits, which stands in JSON as a number with just these."""

    __slots__ = ()


exact = st.decimals(min_value=-(10**9), max_value=10**9, places=9).map(lambda one: f"{one:f}")
as_floats = st.floats(min_value=-1e6, max_value=1e6, allow_subnormal=False).map(
    lambda one: f"{Decimal(repr(one)):f}"
)
small = st.floats(min_value=-1e-5, max_value=1e-5, allow_subnormal=False).map(
    lambda one: f"{Decimal(repr(one)):f}"
)
amounts = st.one_of(
    exact, as_floats, small, st.sampled_from(("0", "0.000000001", "-0.000000001", "0.1", "0.7"))
)
pairs = st.fixed_dictionaries(
    {"key": st.sampled_from(("env", "team", "aipress-environment-id")), "value": st.text(max_size=5)}
)
# Few moments, so that rows meet: two of a day, and both sides of midnight, of a month's end and of New York's midnight.
MOMENTS = (
    "2026-09-05T08",
    "2026-09-05T23",
    "2026-09-30T23",
    "2026-10-01T00",
    "2026-11-28T00",
    "2026-11-28T04",
)
moments = st.sampled_from(MOMENTS).map(lambda hour: datetime.fromisoformat(f"{hour}:59:59+00:00"))


@st.composite
def labels(draw: st.DrawFn) -> list[dict[str, str]]:
    """Somebody's, a pool's, or nobody's, among others of any order."""
    own = draw(st.sampled_from(("tenant", "pool", "none", "empty")))
    named = {
        "tenant": [{"key": TENANT, "value": draw(st.sampled_from(TENANTS))}],
        "pool": [{"key": POOL, "value": draw(st.sampled_from(("sql-1", "machine")))}],
        "none": [],
        "empty": [{"key": TENANT, "value": ""}],
    }[own]
    others = draw(st.lists(pairs, max_size=3, unique_by=lambda one: one["key"]))
    return draw(st.permutations([*named, *others]))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """One row; what may be missing in an export is missing at times."""
    start = draw(moments)
    service, sku = draw(st.sampled_from(SERVICES))
    late = draw(st.sampled_from((timedelta(hours=1), timedelta(days=1), timedelta(days=40))))
    month = draw(st.sampled_from((f"{start:%Y%m}", "202612", None)))
    credits = [
        {"name": "c", "amount": Number(one), "type": "DISCOUNT"}
        for one in draw(st.lists(amounts, max_size=3))
    ]
    return {
        "service": {"id": service, "description": service},
        "sku": {"id": sku, "description": sku},
        "usage_start_time": start.isoformat(),
        "usage_end_time": (start + timedelta(hours=1)).isoformat(),
        "project": {"id": "p", "labels": [{"key": TENANT, "value": "ten_of_the_project"}]},
        "labels": draw(st.none() | labels()),
        "system_labels": [{"key": TENANT, "value": "ten_of_the_system"}],
        "export_time": (start + late).isoformat(),
        "cost": draw(amounts.map(draw(st.sampled_from((Number, str))))),
        "currency": draw(st.sampled_from(CURRENCIES)),
        "usage": draw(st.none() | usages),
        "credits": draw(st.sampled_from((credits, None))),
        "invoice": {"month": month},
        "cost_type": draw(st.sampled_from(("regular", "tax", "adjustment", "rounding_error", None))),
    }


usages = st.fixed_dictionaries(
    {
        "amount_in_pricing_units": st.none() | amounts.map(Number),
        "pricing_unit": st.sampled_from(("hour", "gibibyte month")),
    }
)


@st.composite
def exports_of_rows(draw: st.DrawFn) -> list[Row]:
    """Some of the rows come again with another amount, as a correction does, so that lines sum several."""
    first = draw(st.lists(rows(), min_size=1, max_size=14))
    again = draw(st.lists(st.tuples(st.sampled_from(first), amounts), max_size=6))
    return [*first, *(row | {"cost": Number(amount)} for row, amount in again)]


exports = exports_of_rows()
TWICE = {
    "service": {"id": "Cloud Run", "description": "Cloud Run"},
    "sku": {"id": "CPU", "description": "CPU"},
    "usage_start_time": "2026-09-05T08:59:59+00:00",
    "usage_end_time": "2026-09-05T09:59:59+00:00",
    "project": {"id": "p", "labels": []},
    "labels": [{"key": TENANT, "value": "ten_a"}],
    "system_labels": [],
    "export_time": "2026-09-05T09:59:59+00:00",
    "cost": "-0.1",
    "currency": "USD",
    "usage": None,
    "credits": [{"name": "c", "amount": Number("-0.000000001"), "type": "DISCOUNT"}],
    "invoice": {"month": "202609"},
    "cost_type": "adjustment",
}


def write(path: Path, export: list[Row]) -> Path:
    """The export as a file of one document a line."""
    path.write_text("".join(_as_json(row) + "\n" for row in export))
    return path


def _as_json(told: object) -> str:
    if isinstance(told, Number):
        return told
    if isinstance(told, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_as_json(value)}" for key, value in told.items()) + "}"
    if isinstance(told, list):
        return "[" + ", ".join(map(_as_json, told)) + "]"
    return json.dumps(told)
