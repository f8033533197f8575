"""Plans as the API takes and shows them."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer


class Money(BaseModel):
    """An amount with four decimals, as text, and its ISO 4217 currency."""

    amount: Decimal = Decimal(0)
    currency: str = "USD"

    @field_serializer("amount")
    def _four_decimals(self, amount: Decimal) -> str:
        return f"{amount:.4f}"


class PlanSubject(BaseModel):
    """The site a plan is about, and the version of it that was looked at."""

    id: str
    slug: str
    name: str
    version: int


class Terms(BaseModel):
    """What would be done, what it touches and costs a month, and how it could be undone. Part of the hash."""

    title: str
    tier: Literal[2, 3]
    subject: PlanSubject | None = None
    steps: list[str] = Field(default_factory=list)
    touches: list[str] = Field(default_factory=list)
    price_before: Money = Field(default_factory=Money)
    price_after: Money = Field(default_factory=Money)
    undo: str | None = None
    typed_name: str | None = None


class PlanCreate(BaseModel):
    """An action to be proposed, with its arguments."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(max_length=32, examples=["DELETE_SITE"])
    arguments: dict[str, Any] = Field(default_factory=dict, examples=[{"tenant": "sunrise-bakery"}])


class Confirmation(BaseModel):
    """A person's yes: the hash of what they saw and, where asked, the name typed."""

    model_config = ConfigDict(extra="forbid")

    hash: str = Field(max_length=64)
    typed_name: str | None = Field(None, max_length=200)


class PlanTenant(BaseModel):
    id: str
    slug: str
    name: str


class PlanRead(BaseModel):
    """A plan, whole."""

    id: str
    action: str
    arguments: dict[str, Any]
    tier: int
    title: str
    state: Literal["proposed", "confirmed", "withdrawn", "expired"]
    steps: list[str]
    touches: list[str]
    price_before: Money
    price_after: Money
    undo: str | None
    typed_name: str | None
    hash: str
    expires_at: datetime
    operation_id: str | None
    tenant: PlanTenant | None
