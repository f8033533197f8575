"""Usage × price sheet → rows as Google's detailed billing export has them (`clouds/billing_export.sql`). Amounts stand there as text."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, time
from fractions import Fraction
from typing import Any

from aipress.clouds.local.meter import DayOfUse, Used
from aipress.clouds.pricing import METERS, Price, PriceSheet, charge, exact, size_sku

Row = dict[str, Any]
HOUR, DAY = 3_600_000, 86_400_000  # milliseconds
GIB = 2**30
MACHINE = "machine"


def rows_of(day: DayOfUse, sheet: PriceSheet, exported_at: datetime) -> Iterator[Row]:
    """The rows of one day: each environment's tier, what it used, and the machine under all of them."""
    frame = _frame(day, sheet, exported_at)
    month = monthrange(day.day.year, day.day.month)[1] * DAY
    for used in day.used:
        yield from _of_environment(frame, used, sheet, month)
    if sheet.machine and day.machine:
        amount = Fraction(day.machine, month)
        price = Price("Machine", "This machine", "month", sheet.machine)
        yield frame | _resource(MACHINE, {"aipress-pool": MACHINE}) | _charge(price, amount, None)


def _of_environment(frame: Row, used: Used, sheet: PriceSheet, month: int) -> Iterator[Row]:
    tier = sheet.tiers.get(used.tier) if used.tenant else None
    labels = {"aipress-tenant-id": used.tenant} if used.tenant else {}
    labels |= {"aipress-environment-id": used.environment, "aipress-tier": used.tier}
    resource = frame | _resource(used.environment, labels)
    if tier is not None:
        size = Price("Hosting", size_sku(used.tier), "month", tier.monthly)
        yield resource | _charge(size, Fraction(used.live, month), None)
    for meter in METERS:
        if amount := _units(used, meter, month):
            there = Fraction(used.live, month), Fraction(used.live, HOUR)
            included = tier.included(meter, *there) if tier else None
            yield resource | _charge(sheet.usage[meter], amount, included)


def _units(used: Used, meter: str, month: int) -> Fraction:
    """What was used, in the units it is priced in."""
    per = {"disk": GIB * month, "database": GIB * month, "memory": GIB * HOUR, "cpu": HOUR * 1000}
    return Fraction(getattr(used, meter), per[meter])


def _charge(price: Price, amount: Fraction, included: Fraction | None) -> Row:
    """What an amount costs, and what of it the tier includes."""
    cost, off = charge(price.price, amount, included)
    credit = {
        "name": "Included in the size",
        "amount": f"{-off:f}",
        "full_name": "Included in the size of the site",
        "id": "included",
        "type": "SUBSCRIPTION_BENEFIT",
    }
    units = f"{exact(amount):f}"
    return {
        "service": {"id": price.service.lower(), "description": price.service},
        "sku": {"id": price.sku.lower().replace(" ", "-"), "description": price.sku},
        "price": {
            "effective_price": f"{price.price:f}",
            "tier_start_amount": "0",
            "unit": price.unit,
            "pricing_unit_quantity": "1",
        },
        "cost": f"{cost:f}",
        "cost_at_list": f"{cost:f}",
        "usage": {
            "amount": units,
            "unit": price.unit,
            "amount_in_pricing_units": units,
            "pricing_unit": price.unit,
        },
        "credits": [credit] if off else [],
    }


def _frame(day: DayOfUse, sheet: PriceSheet, exported_at: datetime) -> Row:
    """What all rows of a day have in common."""
    place = {"location": "local", "country": None, "region": "local", "zone": None}
    return {
        "billing_account_id": "local",
        "usage_start_time": datetime.combine(day.day, time(), UTC).isoformat(),
        "usage_end_time": day.until.isoformat(),
        "project": {"id": "aipress", "number": "0", "name": sheet.name, "labels": [], "ancestors": []},
        "system_labels": [],
        "location": place,
        "tags": [],
        "transaction_type": "LOCAL",
        "seller_name": "",
        "export_time": exported_at.isoformat(),
        "currency": sheet.currency,
        "currency_conversion_rate": "1",
        "invoice": {"month": f"{day.day:%Y%m}", "publisher_type": "LOCAL"},
        "cost_type": "regular",
    }


def _resource(name: str, labels: dict[str, str]) -> Row:
    listed = [{"key": key, "value": value} for key, value in labels.items()]
    return {"resource": {"name": name, "global_name": f"//aipress/local/{name}"}, "labels": listed}
