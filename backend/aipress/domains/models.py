"""A domain's row: whose it is, how far it is, and what was found when it was last looked at."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, Select, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from aipress.kit import clock, db

State = Literal["waiting", "proved", "connected", "failed"]
PROVED = text("proved_at IS NOT NULL")


class Domain(db.Row):
    """A domain that a site has, or is to have. Many sites may wait for one domain; one has proved it.

    `looks` are records with what was found of each; `proof_lost_at` is since when the proof is gone of one that was proved.
    """

    __tablename__ = "domains"
    __table_args__ = (
        UniqueConstraint("tenant_id", "domain"),
        Index("uq_domains_proved", "domain", unique=True, sqlite_where=PROVED, postgresql_where=PROVED),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    domain: Mapped[str] = mapped_column(String(253))
    token: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    why: Mapped[str] = mapped_column(String(600), default="")
    certificate: Mapped[str] = mapped_column(String(16), default="none")
    certificate_ends: Mapped[datetime | None] = mapped_column(db.Instant, default=None)
    looks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    checks: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    checked_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)
    next_check_at: Mapped[datetime | None] = mapped_column(db.Instant, index=True, default=clock.now)
    proved_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)
    proof_lost_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)


def of_site(tenant_id: str) -> Select[Domain]:
    """The domains that a site has, or is to have."""
    return select(Domain).where(Domain.tenant_id == tenant_id)


def proved(domain: str) -> Select[Domain]:
    """The one row of this domain whose site has proved it."""
    return select(Domain).where(Domain.domain == domain, Domain.proved_at.is_not(None))
