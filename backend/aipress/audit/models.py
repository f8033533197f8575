"""The audit table and its one verb."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal
from aipress.kit import clock, db, ids


class AuditEntry(db.Row):
    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(db.Instant)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(40))
    actor_email: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(session: db.Session, who: Principal, action: str, subject: str = "", **detail: str) -> None:
    """Note that `who` did `action` to `subject`, in the transaction that does it. Details never hold secrets."""
    session.add(
        AuditEntry(
            id=ids.new("aud"),
            at=clock.now(),
            actor_kind=who.kind,
            actor_id=who.id,
            actor_email=who.email,
            action=action,
            subject=subject,
            detail=detail,
        )
    )
