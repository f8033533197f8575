"""Costs as the API shows them. Amounts are exact, up to nine decimals: the parts of a whole add up to it to the last digit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

LARGEST = 1_000_000


def _spelled(amount: Decimal) -> str:
    """With two decimals at least, and none at the end that says nothing."""
    whole, _, rest = f"{amount:.9f}".partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(2, '0')}"


Amount = Annotated[Decimal, PlainSerializer(_spelled, return_type=str)]


class ExactMoney(BaseModel):
    """An amount with two to nine decimals, as text, and its ISO 4217 currency."""

    amount: Amount
    currency: str


class ServiceCost(BaseModel):
    """What one service cost in the month."""

    service: str
    amount: Amount


class DayCost(BaseModel):
    """What one day (UTC) cost."""

    day: date
    amount: Amount


class Reason(BaseModel):
    """One kind of thing that cost more or less than before, by how much, and why: of `used` of a `unit`, before and now."""

    service: str
    sku: str
    difference: Amount
    by_use: Amount
    by_price: Amount
    by_credits: Amount
    unit: str
    used_before: Amount
    used_now: Amount
    text: str


class ChangeRead(BaseModel):
    """This month beside the same days of the month before. The reasons' differences add up to the difference."""

    before: Amount
    now: Amount
    difference: Amount
    through_day: int
    reasons: list[Reason]


class ForecastRead(BaseModel):
    """What the month will have cost if the days to come are as the last ones were, and what that rests on."""

    amount: Amount
    basis: str


class BillRead(BaseModel):
    """A month in one currency. `forecast` is null while there is no whole day to go by, `change` while there was no such month
    before."""

    currency: str
    month_to_date: Amount
    forecast: ForecastRead | None
    by_service: list[ServiceCost]
    by_day: list[DayCost]
    change: ChangeRead | None


class BudgetWrite(BaseModel):
    """A month's budget, and at which parts of it (percent) the owner is told by mail, once each month."""

    model_config = ConfigDict(extra="forbid")

    amount: Decimal = Field(gt=0, le=LARGEST, max_digits=16, decimal_places=9, examples=["20.00"])
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$")
    thresholds: list[Annotated[int, Field(ge=1, le=1000, strict=True)]] = Field(
        [50, 90, 100], min_length=1, max_length=5, description="percent of the amount"
    )


class BudgetRead(BaseModel):
    """A site's budget, what of it is spent this month, in percent, and the thresholds the owner was told of."""

    amount: Amount
    currency: str
    thresholds: list[int]
    spent_percent: int
    told: list[int]


class BillingRead(BaseModel):
    """What a site costs in a month: a bill for each currency; none while nothing was counted. `as_of` is the newest thing counted."""

    month: str
    as_of: datetime | None
    bills: list[BillRead]
    budget: BudgetRead | None


class SiteCost(BaseModel):
    """What one site cost in the month; `name` is null for a label nobody here has."""

    tenant: str
    name: str | None
    slug: str | None
    amount: Amount


class PlatformBillRead(BaseModel):
    """All sites and what is nobody's, in one currency: `sites` and `unallocated` add up to `total`."""

    currency: str
    total: Amount
    unallocated: Amount
    sites: list[SiteCost]
    by_service: list[ServiceCost]
    by_day: list[DayCost]


class SiteBudget(BaseModel):
    """One site's budget, and what of it is spent this month, in percent."""

    tenant: str
    name: str
    slug: str
    amount: Amount
    currency: str
    spent_percent: int


class PlatformBillingRead(BaseModel):
    """What everything costs in a month, and the budgets there are, the fullest first: those are of this month, whichever is asked
    for."""

    month: str
    as_of: datetime | None
    bills: list[PlatformBillRead]
    budgets: list[SiteBudget]


class Figure(BaseModel):
    """One number that a piece of advice rests on, with its unit: from the bill, the price sheet, or what was measured."""

    name: str
    value: Amount
    unit: str
    source: Literal["bill", "prices", "metrics"]


class AdviceItem(BaseModel):
    """One way to another cost, by the month. `saving` is negative where the site needs more than it has; `tier` is the size to
    change to, null where another size is not the way."""

    kind: Literal["another_size", "too_small", "idle", "beyond_included"]
    tier: Literal["basic", "standard", "performance"] | None
    saving: Amount
    currency: str
    text: str
    figures: list[Figure]


class AdviceRead(BaseModel):
    """How a site could cost less: what saves most first, nothing where it is as it should be.

    `days` are the whole days on its present size that were looked at; with fewer than 7 nothing is advised. `measured`: whether a
    week of metrics was there too; without it a smaller size is never advised.
    """

    tenant: str
    name: str
    slug: str
    tier: str
    days: int
    measured: bool
    items: list[AdviceItem]


class CommitmentRead(BaseModel):
    """A promise to a provider to spend `a_day` of what it covers, for years: what 30 of the days looked at cost, and would have cost with it.

    `steady_percent` of all that was spent lies within it, and `used_percent` of it would have been used. It pays while at least
    `pays_from_percent` of it is used; if use ends early, it has paid if that is after `pays_after_months`.
    """

    service: str
    covers: list[str]
    years: int
    discount_percent: Amount
    currency: str
    days: int
    a_day: Amount
    steady_percent: Amount
    used_percent: Amount
    cost: Amount
    cost_with: Amount
    saving: Amount
    pays_from_percent: Amount
    pays_after_months: Amount
    source: str


class PlatformAdviceRead(BaseModel):
    """Every site for which there is advice, what saves most first, and commitments that would have paid for all of them together.

    `left_out` is how many sites were too many to look at; `savings` adds up what can be saved on each at most, by currency.
    """

    sites: list[AdviceRead]
    left_out: int
    commitments: list[CommitmentRead]
    savings: list[ExactMoney]
