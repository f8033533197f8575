"""Threads as the API takes and shows them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool


class ThreadCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=120)


class MessageWrite(BaseModel):
    """A message, whole. Writing it again replaces it."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    text: str | None = Field(None, max_length=100_000)
    chunks: list[dict[str, Any]] | None = Field(None, max_length=20_000)
    history: list[Any] | None = Field(None, max_length=5_000)
    active: StrictBool = False


class MessageRead(BaseModel):
    id: str
    role: Literal["user", "assistant"]
    text: str | None
    chunks: list[dict[str, Any]] | None
    history: list[Any] | None
    active: bool
    created_at: datetime


class Question(BaseModel):
    """What an answer asks of the person: to choose, or to look at a plan (which may have been answered since)."""

    kind: Literal["choice", "plan"]
    plan_id: str | None = None


class ThreadSummary(BaseModel):
    """A thread without its messages."""

    id: str
    title: str
    asks: list[Question]
    created_at: datetime
    updated_at: datetime


class ThreadRead(ThreadSummary):
    messages: list[MessageRead]
