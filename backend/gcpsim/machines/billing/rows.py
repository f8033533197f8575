"""Rows of the detailed export, https://docs.cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from gcpsim.machines.billing.meter import Used, Window
from gcpsim.wire import Json

ACCOUNT = "0A1B2C-3D4E5F-678901"
PREFIX = "gcp_billing_export_resource_v1_"
LABELS = [{"key": "STRING", "value": "STRING"}]
SHAPE: dict[str, Any] = {
    "billing_account_id": "STRING",
    "service": {"id": "STRING", "description": "STRING"},
    "sku": {"id": "STRING", "description": "STRING"},
    "usage_start_time": "TIMESTAMP",
    "usage_end_time": "TIMESTAMP",
    "project": {
        "id": "STRING", "number": "STRING", "name": "STRING", "labels": LABELS, "ancestry_numbers": "STRING",
        "ancestors": [{"resource_name": "STRING", "display_name": "STRING"}],
    },
    "labels": LABELS,
    "system_labels": LABELS,
    "location": {"location": "STRING", "country": "STRING", "region": "STRING", "zone": "STRING"},
    "resource": {"name": "STRING", "global_name": "STRING"},
    "tags": [{"key": "STRING", "value": "STRING", "inherited": "BOOLEAN", "namespace": "STRING"}],
    "price": {
        "effective_price": "NUMERIC", "tier_start_amount": "NUMERIC", "unit": "STRING", "pricing_unit_quantity": "NUMERIC",
    },
    "transaction_type": "STRING",
    "seller_name": "STRING",
    "subscription": {"instance_id": "STRING"},
    "export_time": "TIMESTAMP",
    "cost": "FLOAT",
    "currency": "STRING",
    "currency_conversion_rate": "FLOAT",
    "usage": {"amount": "FLOAT", "unit": "STRING", "amount_in_pricing_units": "FLOAT", "pricing_unit": "STRING"},
    "credits": [{"name": "STRING", "amount": "FLOAT", "full_name": "STRING", "id": "STRING", "type": "STRING"}],
    "invoice": {"month": "STRING", "publisher_type": "STRING"},
    "cost_type": "STRING",
    "adjustment_info": {"id": "STRING", "description": "STRING", "mode": "STRING", "type": "STRING"},
    "cost_at_list": "FLOAT",
}  # fmt: skip


@dataclass(frozen=True)
class Price:
    """What one unit of something costs."""

    service: str
    sku: str
    unit: str
    amount: Decimal


@cache
def prices() -> dict[str, Price]:
    """The list prices, by what they are for."""
    told = tomllib.loads((Path(__file__).parent / "prices.toml").read_text())
    return {
        name: Price(one["service"], one["sku"], one["unit"], Decimal(one["amount"]))
        for name, one in told["price"].items()
    }


def schema() -> list[Json]:
    """The export's columns as BigQuery has them."""
    return [_column(name, kind) for name, kind in SHAPE.items()]


def _column(name: str, kind: Any) -> Json:
    if isinstance(kind, list):
        return {**_column(name, kind[0]), "mode": "REPEATED"}
    if isinstance(kind, dict):
        return {
            "name": name,
            "type": "RECORD",
            "fields": [_column(inner, one) for inner, one in kind.items()],
        }
    return {"name": name, "type": kind}


def row_of(used: Used, window: Window, exported_at: float) -> Json:
    """One line of the bill."""
    price, start = prices()[used.price], _moment(window.start)
    api, _, name = used.key.partition("/")
    project = name.split("/")[1] if name.startswith("projects/") else ""
    cost, amount = _money(used.amount * Fraction(price.amount)), float(used.amount)
    return {
        "billing_account_id": ACCOUNT,
        "service": {"id": _id(price.service), "description": price.service},
        "sku": {"id": _id(price.sku), "description": price.sku},
        "usage_start_time": start.isoformat(),
        "usage_end_time": _moment(window.end).isoformat(),
        "project": {"id": project, "number": "123456789012", "name": project},
        "labels": [{"key": key, "value": value} for key, value in sorted(used.labels.items())],
        "location": {"location": used.place, "region": used.place},
        "resource": {"name": name, "global_name": f"//{api}.googleapis.com/{name}"},
        "price": {"effective_price": f"{price.amount:f}", "tier_start_amount": "0", "unit": price.unit, "pricing_unit_quantity": "1"},
        "transaction_type": "GOOGLE",
        "seller_name": "Google",
        "export_time": _moment(exported_at).isoformat(),
        "cost": cost,
        "cost_at_list": cost,
        "currency": "USD",
        "currency_conversion_rate": 1.0,
        "usage": {"amount": amount, "unit": price.unit, "amount_in_pricing_units": amount, "pricing_unit": price.unit},
        "invoice": {"month": f"{start:%Y%m}", "publisher_type": "GOOGLE"},
        "cost_type": "regular",
    }  # fmt: skip


def _money(amount: Fraction) -> float:
    """To twelve decimals, half up."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return float(exact.quantize(Decimal("1e-12"), ROUND_HALF_UP))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _id(name: str) -> str:
    """Google's ids have this form; these are only ours."""
    digits = sha256(name.encode()).hexdigest().upper()
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}"
