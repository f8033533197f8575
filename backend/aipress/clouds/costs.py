"""Costs as every cloud has them: what each day cost each tenant, from a billing export, and what tiers and units cost now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from aipress.clouds.pricing import PriceSheet

if TYPE_CHECKING:
    from aipress.clouds.base import EnvironmentSpec


@dataclass(frozen=True)
class Window:
    """Which days (UTC) of a bill are wanted: from `first` to `last`, and every day of which a row came since `exported_since`."""

    first: date
    last: date
    exported_since: datetime


@dataclass(frozen=True)
class CostLine:
    """What one day cost a tenant, of one kind of thing: amounts are exact, credits negative. `tenant` and `shared` are empty where
    the export's rows have no such label; `lines` is how many rows it sums."""

    usage_date: date
    invoice_month: str
    tenant: str
    shared: str
    service: str
    sku: str
    unit: str
    kind: str
    currency: str
    amount: Decimal
    cost: Decimal
    credits: Decimal
    lines: int
    exported_at: datetime


class Costs(Protocol):
    async def meter(self, environments: Sequence["EnvironmentSpec"], now: datetime) -> None:
        """Note what these used up to `now`, where the cloud doesn't count by itself. Twice at one moment is once."""

    async def lines(self, query: str, window: Window) -> list[CostLine]:
        """What `query`, in BigQuery's dialect, finds in the cloud's billing export; its columns are a CostLine's."""

    async def shares(self, day: date) -> Mapping[str, Mapping[str, int]]:
        """Who used how much of each shared thing, on that day: its name → tenant → a number."""

    def prices(self) -> PriceSheet:
        """What tiers and units cost here now."""
