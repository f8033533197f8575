"""Alerts as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from aipress.telemetry.alerts.rules import Kind, Unit


class AlertsWanted(BaseModel):
    """Which alerts: those that are open, those that are over, or both; and which page of them."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["open", "closed"] | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class AlertSite(BaseModel):
    id: str
    slug: str
    name: str


class AcknowledgementRead(BaseModel):
    """Who has seen it, and when: no more mail is sent of it."""

    at: datetime
    by_email: str


class AlertRead(BaseModel):
    """What is or was wrong; `tenant` is null for the machine itself. `value` is the last one, `worst` the worst while it was open,
    `bound` the one from which on it is bad; all three in `unit`."""

    id: str
    kind: Kind
    title: str
    text: str
    tenant: AlertSite | None
    environment: str | None
    state: Literal["open", "closed"]
    value: float
    worst: float
    bound: float
    unit: Unit
    opened_at: datetime
    closed_at: datetime | None
    acknowledged: AcknowledgementRead | None


class RuleRead(BaseModel):
    """One kind of alert: it opens after so many minutes on end at or beyond `bad`, and closes after so many below `good`.

    `measured` is false for what can't be measured here yet: it never opens.
    """

    kind: Kind
    title: str
    unit: Unit
    bad: float
    good: float
    opens_after_minutes: int
    closes_after_minutes: int
    measured: bool


class RulesRead(BaseModel):
    items: list[RuleRead]


class WebhookWrite(BaseModel):
    """Where to post alerts, and the secret they are signed with. Both are write-only."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(
        examples=["https://hooks.example.com/aipress"]
    )
    secret: Annotated[str, StringConstraints(min_length=16, max_length=200)] = Field(
        description="at least 16 characters; never shown again", examples=["a-long-random-secret"]
    )


class AlertSettingsWrite(BaseModel):
    """What the calling admin wishes to hear. Without `webhook` the one there is stays; null takes it away."""

    model_config = ConfigDict(extra="forbid")

    by_mail: bool = Field(
        True, strict=True, description="whether to hear by mail of the machine's own alerts"
    )
    webhook: WebhookWrite | None = None


class WebhookRead(BaseModel):
    """The host it goes to; its address and secret are not shown. `trouble` says why the last message did not arrive, if so."""

    host: str
    trouble: str | None


class AlertSettingsRead(BaseModel):
    by_mail: bool
    webhook: WebhookRead | None
