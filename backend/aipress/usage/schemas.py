"""Use as the API takes and shows it."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_serializer

MOST_TOKENS = 1_000_000_000
Count = Annotated[int, Field(ge=0, le=MOST_TOKENS)]


def _as_it_is_written(value: object) -> object:
    """Numbers would be taken for seconds since 1970 otherwise."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise ValueError("write a day as YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_as_it_is_written)]


class GrantWish(BaseModel):
    """Which engine is about to answer, with which model."""

    model_config = ConfigDict(extra="forbid")

    engine: str = Field(min_length=1, max_length=64, examples=["google"])
    model: str = Field(min_length=1, max_length=128, examples=["gemini-3.8-flash"])


class GrantRead(BaseModel):
    """Whether an answer may be given, and how many tokens it may use; `tokens` is null where there is no limit.

    `used_up`: the day's budget is. `waiting`: what is left of it may still be used by answers that are being given. `free_at` is
    when the next day's budget begins.
    """

    state: Literal["granted", "used_up", "waiting"]
    id: str | None
    tokens: int | None
    tokens_per_day: int
    free_at: datetime


class UseWrite(BaseModel):
    """What the answer has used so far. Figures only grow: smaller ones than before change nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    tenant: str | None = Field(None, max_length=64, description="slug or id of the one site it was about")
    requests: Count = 0
    input_tokens: Count = 0
    cached_tokens: Count = 0
    output_tokens: Count = 0
    ended: bool = False


class Cost(BaseModel):
    """An amount with eight decimals, as text: a token costs less than a millionth of a dollar."""

    amount: Decimal
    currency: str = "USD"

    @field_serializer("amount")
    def _eight_decimals(self, amount: Decimal) -> str:
        return f"{amount:.8f}"


class Who(BaseModel):
    """Whose answers; the e-mail is null for somebody who is gone."""

    id: str
    email: str | None


class UseRead(BaseModel):
    """What one person's answers of one day used, by engine, model and the site they were about.

    `tokens` are input and output; `cached_tokens` are those of the input that the provider had kept. `cost` is null where the
    model's price is not known.
    """

    day: date
    person: Who
    tenant: str | None
    engine: str
    model: str
    answers: int
    requests: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    tokens: int
    cost: Cost | None


class Today(BaseModel):
    """What the caller used since midnight UTC, and what is left; `left` is null where there is no limit.

    Answers being given count with what they may use.
    """

    day: date
    tokens: int
    left: int | None
    free_at: datetime


class UsageRead(BaseModel):
    """Use by day, newest first, of the days from `since` to `until`; `is_whole` is false where there would be more rows."""

    source: Literal["control plane"] = "control plane"
    as_of: datetime
    since: date
    until: date
    tokens_per_day: int
    today: Today
    items: list[UseRead]
    is_whole: bool
