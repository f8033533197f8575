"""Costs in a list: an hour of an environment costs one dollar. What is asked is answered by plain Python, whatever the SQL says."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.costs import CostLine, Window
from aipress.clouds.local.prices import read
from aipress.clouds.pricing import PriceSheet
from aipress.kit import clock
from tests.billing.aggregator import aggregate

Row = dict[str, Any]


def row(day: date | str, tenant: str = "", cost: str = "1", **fields: Any) -> Row:
    """One row of an export: what `tenant` cost on that day, exported at once unless told otherwise."""
    labels = [{"key": "aipress-tenant-id", "value": tenant}] if tenant else []
    return {
        "service": {"description": "Hosting"},
        "sku": {"description": "Hours"},
        "usage_start_time": f"{day}T12:00:00+00:00",
        "usage": {"amount_in_pricing_units": cost, "pricing_unit": "hour"},
        "labels": labels,
        "cost": cost,
        "currency": "USD",
        "credits": [],
        "cost_type": "regular",
        "export_time": clock.now().isoformat(),
    } | fields


class FakeCosts:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.metered_until: datetime | None = None
        self.shared: dict[str, dict[str, int]] = {}

    async def meter(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        since = self.metered_until
        if since is not None and now > since:
            hours = f"{(now - since) / timedelta(hours=1):.9f}"
            self.rows += [
                row(now.date(), env.tenant, hours, export_time=now.isoformat()) for env in environments
            ]
        self.metered_until = max(now, since or now)

    async def lines(self, query: str, window: Window) -> list[CostLine]:
        found = aggregate(self.rows, window.first, window.last, window.exported_since)
        return [CostLine(*line) for line in found]

    async def shares(self, day: date) -> Mapping[str, Mapping[str, int]]:
        return self.shared

    def prices(self) -> PriceSheet:
        return read()
