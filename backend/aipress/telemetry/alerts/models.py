"""The tables of alerts: what is or was wrong, how each figure is watched, what is to be sent to whom, and what admins wish."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Double, ForeignKey, Index, Select, String, Text, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal
from aipress.kit import clock, db
from aipress.telemetry.alerts.rules import RULES, Rule
from aipress.tenants import models as tenants
from aipress.tenants.models import Tenant

OPEN = text("state = 'open'")
MACHINE = "machine"  # stands in an environment's place where it is the machine itself


class Alert(db.Row):
    """One thing that is or was wrong with a site, or with the machine (no tenant). `worst` is the worst value while it was open."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_open",
            "environment_id",
            "kind",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str | None] = mapped_column(ForeignKey("tenants.id"), index=True, default=None)
    environment_id: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(32))
    state: Mapped[Literal["open", "closed"]] = mapped_column(String(16), default="open")
    value: Mapped[float] = mapped_column(Double)
    worst: Mapped[float] = mapped_column(Double)
    opened_at: Mapped[datetime] = mapped_column(db.Instant)
    closed_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)
    acknowledged_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)
    acknowledged_by_email: Mapped[str] = mapped_column(String(254), default="")

    @property
    def rule(self) -> Rule:
        return RULES[self.kind]


class AlertWatch(db.Row):
    """A figure that is neither at ease nor told of yet: for how many minutes on end it was to be otherwise."""

    __tablename__ = "alert_watches"

    environment_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    minutes: Mapped[int]


class AlertRound(db.Row):
    """Up to which minute figures were watched; one row for the whole platform, which whoever watches holds."""

    __tablename__ = "alert_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    watched_until: Mapped[datetime] = mapped_column(db.Instant)


class AlertDelivery(db.Row):
    """One message that is to be sent, once: written with what it tells. `next_at` is when it is tried (again)."""

    __tablename__ = "alert_deliveries"
    __table_args__ = (Index("ix_alert_deliveries_due", "state", "next_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    channel: Mapped[Literal["mail", "webhook"]] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(254))
    message: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[Literal["pending", "sent", "given_up"]] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    trouble: Mapped[str] = mapped_column(String(200), default="")


class AlertSettings(db.Row):
    """What an admin wishes to hear, and how: by mail of the machine, by webhook of everything.

    A webhook's address may itself be a secret, so it is sealed with the one it is signed with; its host is shown.
    """

    __tablename__ = "alert_settings"

    user_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    by_mail: Mapped[bool] = mapped_column(default=True)
    webhook_host: Mapped[str] = mapped_column(String(254), default="")
    webhook_sealed: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now, onupdate=clock.now)


def visible_to(principal: Principal) -> Select[Alert]:
    """The alerts of sites this caller may know of; for admins the machine's too. Those of removed sites are no more."""
    sites = Alert.tenant_id.in_(tenants.visible_to(principal).with_only_columns(Tenant.id))
    return select(Alert).where(or_(sites, Alert.tenant_id.is_(None)) if principal.is_admin else sites)
