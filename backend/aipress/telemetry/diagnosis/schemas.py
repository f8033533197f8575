"""A diagnosis as the API shows it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from aipress.telemetry.diagnosis.evidence import Kind, Where
from aipress.telemetry.diagnosis.findings import Cause, Confidence
from aipress.telemetry.moments import Moment


class Asked(BaseModel):
    """Which time is looked at, at most a week of it (without `since`, the hour before `until`), and of which environment: `live`,
    `staging` or an id."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = None
    until: Moment | None = None
    environment: str = Field("live", max_length=40)


class RowsRead(BaseModel):
    """Where the rows are that a fact rests on, and what to ask there for them."""

    where: Where
    query: dict[str, str]


class FactRead(BaseModel):
    """Something that was seen, from `at` to `until`. `values` are what sentences say of it."""

    id: str
    kind: Kind
    at: datetime
    until: datetime
    values: dict[str, str | int]
    rows: RowsRead


class ClaimRead(BaseModel):
    """One sentence, and the ids of the facts it stands on: it has no number that none of them has."""

    text: str
    facts: list[str]


class ProposalRead(BaseModel):
    """What to do. `action` is one of the registry's that works today, with its arguments; null where there is none for it."""

    text: str
    action: str | None
    arguments: dict[str, str]


class FindingRead(BaseModel):
    """A likely cause: since when, how sure that is, why, and what helps."""

    cause: Cause
    title: str
    confidence: Confidence
    began_at: datetime
    claims: list[ClaimRead]
    proposal: ProposalRead


class DiagnosisRead(BaseModel):
    """Why a site is slow or broken: likely causes, the likeliest first, and all facts, oldest first. `unseen` could not be looked at
    just now, so nothing is said of it."""

    tenant: str
    environment: str
    kind: Literal["live", "staging"]
    since: datetime
    until: datetime
    summary: ClaimRead
    findings: list[FindingRead]
    facts: list[FactRead]
    unseen: list[str]
