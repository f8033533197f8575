"""The table of what answers used."""

from datetime import date, datetime

from sqlalchemy import Date, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal
from aipress.kit import clock, db


class TokenUse(db.Row):
    """What one answer used, by its engine's own figures; it counts for the day, in UTC, on which it began.

    While it is being given it has a grant: it may use as many tokens as were `granted`, until `open_until`. `tenant_id` is the
    one site it was about, if it was about one.
    """

    __tablename__ = "token_use"
    __table_args__ = (Index("ix_token_use_person_day", "person_id", "day"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date, index=True)
    at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    engine: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(128))
    tenant_id: Mapped[str | None] = mapped_column(String(40), index=True, default=None)
    requests: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    cached_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    granted: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None] = mapped_column(db.Instant, default=None)


def visible_to(principal: Principal) -> Select[TokenUse]:
    """The caller's own answers, or everybody's for an admin."""
    everything = select(TokenUse)
    return everything if principal.is_admin else everything.where(TokenUse.person_id == principal.id)
