"""The audit log as the API shows it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Sought(BaseModel):
    """What is looked for: by whom (an id or an address), what, to what; and which page of it."""

    model_config = ConfigDict(extra="forbid")

    actor: str = Field("", max_length=254)
    action: str = Field("", max_length=64)
    subject: str = Field("", max_length=80)
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class ActorRead(BaseModel):
    """Who did it; `kind` is user, agent (in that person's name) or operator."""

    kind: str
    id: str
    email: str


class AuditRead(BaseModel):
    """One deed."""

    id: str
    number: int
    at: datetime
    actor: ActorRead
    action: str
    subject: str
    detail: dict[str, str]
    seal: str


class VerdictRead(BaseModel):
    """Whether the log is as it was written: how many entries hold, and the first thing wrong."""

    intact: bool
    entries: int
    wrong: str
