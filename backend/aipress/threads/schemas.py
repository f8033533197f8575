"""Threads as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints


class ThreadCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=120)


class ThreadUpdate(BaseModel):
    """What it is to be called."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


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
    """A thread without its messages. `shared_at`: since when a link shows what was said until then; None without one."""

    id: str
    title: str
    asks: list[Question]
    created_at: datetime
    updated_at: datetime
    shared_at: datetime | None = None


class ThreadRead(ThreadSummary):
    messages: list[MessageRead]


class ShareRead(BaseModel):
    """The link that shows the thread to whoever has it. It is told this once."""

    url: str
    shared_at: datetime


class SharedPart(BaseModel):
    """What was said, or a sentence in the place of a card: cards are live, and only for whoever they are about."""

    kind: Literal["text", "card"]
    text: str


class SharedMessage(BaseModel):
    role: Literal["user", "assistant"]
    parts: list[SharedPart]


class SharedThread(BaseModel):
    """A thread as its link shows it: words alone, without a single id."""

    title: str
    shared_at: datetime
    messages: list[SharedMessage]
