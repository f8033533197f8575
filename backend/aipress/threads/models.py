"""Threads and their messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from aipress.auth.principal import Principal
from aipress.kit import clock, db


class Thread(db.Row):
    """A conversation with the assistant. Only its owner ever sees it. `asks` is what its last word asks of them."""

    __tablename__ = "threads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    asks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    messages: Mapped[list["ThreadMessage"]] = relationship(
        back_populates="thread",
        order_by="ThreadMessage.position",
        lazy="selectin",
        cascade="all, delete-orphan",
    )


class ThreadMessage(db.Row):
    """One message: a person's text, or the chunks an answer was made of; with the model's own record of the turn."""

    __tablename__ = "thread_messages"

    thread_id: Mapped[str] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    text: Mapped[str | None] = mapped_column(Text, default=None)
    chunks: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True), default=None)
    history: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    thread: Mapped[Thread] = relationship(back_populates="messages")


def visible_to(principal: Principal) -> Select[Thread]:
    """The caller's own threads. A conversation is private, also from admins."""
    return select(Thread).where(Thread.owner_id == principal.id)
