"""The plans table, and the verbs on its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, String, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal
from aipress.kit import clock, db


class Plan(db.Row):
    """A proposed action, exactly as it would be done. Its terms never change; only its state does."""

    __tablename__ = "plans"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(32))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="proposed")
    operation_id: Mapped[str | None] = mapped_column(String(40), default=None)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(db.Instant)

    @property
    def state_now(self) -> str:
        """The state, time included."""
        return "expired" if self.state == "proposed" and clock.now() >= self.expires_at else self.state


def visible_to(principal: Principal) -> Select[Plan]:
    """The plans made for this person. Not even an admin confirms another's."""
    return select(Plan).where(Plan.owner_id == principal.id)


async def use_up(session: db.Session, plan: Plan, state: str) -> bool:
    """Take the plan out of `proposed`, once: of many who try, one succeeds. `plan` is as it is now either way."""
    wanted = update(Plan).where(Plan.id == plan.id, Plan.state == "proposed", Plan.expires_at > clock.now())
    taken = await session.execute(
        wanted.values(state=state), execution_options={"synchronize_session": False}
    )
    await session.refresh(plan)
    is_taken = isinstance(taken, CursorResult) and taken.rowcount == 1
    if is_taken:
        session.note(plan)
    return is_taken
