"""The operations table, and the verbs on its rows."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal
from aipress.kit import clock, db
from aipress.users.models import shared_with

Kind = Literal["provision", "remove", "rename", "purge", "move", "adjust", "add_domain", "remove_domain"]
State = Literal["queued", "running", "succeeded", "failed"]
UNFINISHED = ("queued", "running")


class Operation(db.Row):
    """A watched workflow, or the receipt of what was done at once; such a one's workflow is itself.

    The site's name and slug are copied, so that it can be read after the site is gone. `undone_by` is the operation that undid it.
    """

    __tablename__ = "operations"
    __table_args__ = (Index("ix_operations_unfinished", "state", "created_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    owner_id: Mapped[str] = mapped_column(String(40), index=True)
    tenant_id: Mapped[str] = mapped_column(String(40), index=True)
    tenant_slug: Mapped[str] = mapped_column(String(63))
    tenant_name: Mapped[str] = mapped_column(String(80))
    environment_id: Mapped[str] = mapped_column(String(12), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    workflow_id: Mapped[str] = mapped_column(String(80), unique=True)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    actor_kind: Mapped[str | None] = mapped_column(String(16), default=None)
    actor_id: Mapped[str | None] = mapped_column(String(40), index=True, default=None)
    actor_email: Mapped[str | None] = mapped_column(String(254), default=None)
    undone_by: Mapped[str | None] = mapped_column(String(40), default=None)
    created_at: Mapped[datetime] = mapped_column(db.Instant)
    ended_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)

    @property
    def is_final(self) -> bool:
        return self.state in ("succeeded", "failed")

    def succeed(self, steps: list[dict[str, Any]], **result: Any) -> None:
        self.state, self.result, self.error = "succeeded", result, None
        self.steps, self.ended_at = steps, clock.now()

    def fail(self, steps: list[dict[str, Any]], title: str, detail: str) -> None:
        self.state, self.error = "failed", {"title": title, "detail": detail}
        self.steps, self.ended_at = steps, clock.now()


def visible_to(principal: Principal) -> Select[Operation]:
    """The operations this caller may know of: those on sites they own or share, or all for an admin."""
    query = select(Operation)
    theirs = (Operation.owner_id == principal.id) | Operation.tenant_id.in_(shared_with(principal))
    return query if principal.is_admin else query.where(theirs)


def unfinished() -> Select[Operation]:
    """Operations that have not ended, oldest first."""
    return select(Operation).where(Operation.state.in_(UNFINISHED)).order_by(Operation.created_at)
