"""Operations as the API shows them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from aipress.audit.schemas import ActorRead


class StepRead(BaseModel):
    """One step. `p50` and `p90` are seconds it usually takes, from this platform's own history; null when unknown."""

    key: str
    label: str
    state: Literal["waiting", "running", "done", "failed"]
    started_at: datetime | None = None
    ended_at: datetime | None = None
    p50: float | None = None
    p90: float | None = None


class SubjectRead(BaseModel):
    """The site an operation is about."""

    id: str
    slug: str
    name: str


class ResultRead(BaseModel):
    """What came of it: a new or moved site's address; a renamed one's new name and what it `was` called; the path that was purged; a domain;
    a changed one's tier and what it `was`.

    Of a move also the clouds, for how many seconds nothing could be written, and what was carried: how many files with how many
    bytes and how many could not be, and the digest of the database, the same on both sides.
    """

    url: str | None = None
    name: str | None = None
    was: str | None = None
    path: str | None = None
    from_cloud: str | None = None
    to_cloud: str | None = None
    read_only_seconds: float | None = None
    files: int | None = None
    bytes: int | None = None
    left_out: int | None = None
    digest: str | None = None
    domain: str | None = None
    tier: str | None = None


class UndoRead(BaseModel):
    """What undoing it would do, in words, and until when this caller can."""

    label: str
    until: datetime


class FailureRead(BaseModel):
    title: str
    detail: str


class OperationRead(BaseModel):
    """What can be watched of a piece of durable work."""

    id: str
    kind: Literal["provision", "remove", "rename", "purge", "move", "adjust", "add_domain", "remove_domain"]
    tenant: SubjectRead
    state: Literal["queued", "running", "succeeded", "failed"]
    steps: list[StepRead] = Field(default_factory=list)
    result: ResultRead | None = None
    error: FailureRead | None = None
    actor: ActorRead | None = None
    undo: UndoRead | None = None
    undone_by: str | None = None
    created_at: datetime
    ended_at: datetime | None = None


class Sought(BaseModel):
    """Which operations to list: of one site (id or slug), in a state, of a kind, done by somebody (a user's id)."""

    tenant: Annotated[str | None, Field(max_length=63)] = None
    state: Literal["queued", "running", "succeeded", "failed"] | None = None
    kind: (
        Literal["provision", "remove", "rename", "purge", "move", "adjust", "add_domain", "remove_domain"]
        | None
    ) = None
    actor: Annotated[str | None, Field(max_length=40)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: str | None = None
