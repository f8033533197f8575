"""Operations as the API shows them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


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
    url: str | None = None


class FailureRead(BaseModel):
    title: str
    detail: str


class OperationRead(BaseModel):
    """What can be watched of a piece of durable work."""

    id: str
    kind: Literal["provision", "remove"]
    tenant: SubjectRead
    state: Literal["queued", "running", "succeeded", "failed"]
    steps: list[StepRead] = Field(default_factory=list)
    result: ResultRead | None = None
    error: FailureRead | None = None
    created_at: datetime
    ended_at: datetime | None = None
