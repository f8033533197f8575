"""Threads and their messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, String, Text, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from aipress.auth.operator import OPERATOR
from aipress.auth.principal import Principal
from aipress.kit import clock, db
from aipress.users.models import User, hash_of


class Thread(db.Row):
    """A conversation with the assistant. Only its owner sees it, and whoever has the link they made of it.

    `asks` is what its last word asks of them. The link shows the first `shared_messages`, and is stored as its hash.
    """

    __tablename__ = "threads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    asks: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    share_hash: Mapped[str | None] = mapped_column(String(64), index=True, unique=True, default=None)
    shared_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)
    shared_messages: Mapped[int] = mapped_column(default=0)
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


def shown_by(secret: str) -> Select[Thread]:
    """The thread that a link shows, as long as whoever made it may come in here: the secret is the right to read."""
    active = select(User.id).where(User.state == "active")
    is_there = or_(Thread.owner_id.in_(active), Thread.owner_id == OPERATOR)
    return select(Thread).where(Thread.share_hash == hash_of(secret), is_there)
