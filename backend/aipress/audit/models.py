"""The audit table and its one verb. Rows are only ever added, and each is chained to the one before it (`chain.py`)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal
from aipress.kit import clock, db, ids


class AuditEntry(db.Row):
    """Who did what, to what. `number` counts from 1 without a gap; `seal` covers all of it and the entry before."""

    __tablename__ = "audit"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    seal: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(db.Instant)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[str] = mapped_column(String(40), index=True)
    actor_email: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(80), default="", index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


Sight = Callable[[Principal], ColumnElement[bool]]
_sights: dict[str, Sight] = {}


def show_also(of_what: str, sight: Sight) -> None:
    """Let callers see the entries of which this is true for them, whoever did it. The room that knows the subjects says so."""
    _sights[of_what] = sight


def visible_to(principal: Principal) -> Select[AuditEntry]:
    """All of it for admins; for others what they did, or an agent in their name, and what was done to what is theirs."""
    everything = select(AuditEntry)
    theirs = [sight(principal) for sight in _sights.values()]
    return (
        everything
        if principal.is_admin
        else everything.where(or_(AuditEntry.actor_id == principal.id, *theirs))
    )


async def is_recorded(session: db.Session, actions: Sequence[str], subject: str) -> bool:
    """Whether any of these was done to `subject`. Rows can be written over; what is recorded here can't, unseen."""
    found = select(AuditEntry.id).where(AuditEntry.subject == subject, AuditEntry.action.in_(actions))
    return await session.scalar(found.limit(1)) is not None


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
