"""A bill from the beginning: a real site with visitors is measured, its use priced and written down, counted, and shown to everybody."""

import json
from calendar import monthrange
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.platform import Platform, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(300)]
DAY = 86_400_000


def counted(platform: Platform, path: str) -> dict[str, Any]:
    with platform.operator(timeout=60) as client:
        answer = client.get(f"/api{path}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def count(platform: Platform) -> None:
    with platform.operator(timeout=60) as client:
        assert client.post("/api/billing/counts").status_code == 202


def test_a_site_with_visitors_gets_a_bill_that_adds_up_wherever_it_is_shown(platform: Platform) -> None:
    made = platform.create("Ledger", tier="standard")
    site = made["tenant"]["id"]
    try:
        count(platform)
        for _ in range(10):
            assert platform.visit("ledger").status_code == 200

        def has_a_bill() -> bool:
            count(platform)
            bills = counted(platform, "/tenants/ledger/billing")["bills"]
            services = {one["service"] for bill in bills for one in bill["by_service"]}
            return services >= {"Hosting", "Storage", "Databases", "Runtime"}

        wait_for(has_a_bill, 60, "a bill", pause=1.0)
        (bill,) = counted(platform, "/tenants/ledger/billing")["bills"]
        month = Decimal(bill["month_to_date"])
        assert month > 0
        assert sum(Decimal(one["amount"]) for one in bill["by_service"]) == month
        assert sum(Decimal(one["amount"]) for one in bill["by_day"]) == month
        assert abs(Fraction(month) - price_of_time_there(platform.data, site)) <= price_of_a_minute()
        said = json.loads(platform.aipress("sites", "costs", "ledger", "--json").stdout)
        assert Decimal(said["bills"][0]["month_to_date"]) >= month
        (whole,) = counted(platform, "/billing")["bills"]
        parts = sum(Decimal(one["amount"]) for one in whole["sites"]) + Decimal(whole["unallocated"])
        assert parts == Decimal(whole["total"])
        assert "Ledger" in [one["name"] for one in whole["sites"]]
        advice = counted(platform, "/tenants/ledger/billing/advice")
        assert (advice["tier"], advice["days"], advice["items"]) == ("standard", 0, [])
    finally:
        platform.remove("ledger")


def price_of_time_there(data: Path, site: str) -> Fraction:
    """9 dollars a month by the milliseconds that were noted of it, in plain arithmetic; within its size, all else is free."""
    total = Fraction(0)
    for file in (data / "control/billing/usage").glob("*.json"):
        day = date.fromisoformat(file.stem)
        used = json.loads(file.read_text())["used"]
        there = sum(one["live"] for one in used if one["tenant"] == site)
        total += Fraction(9 * there, monthrange(day.year, day.month)[1] * DAY)
    return total


def price_of_a_minute() -> Fraction:
    """It may be noted once more between what was counted and what is read."""
    return Fraction(9, 28 * 24 * 60)
