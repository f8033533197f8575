"""Domains as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class DomainCreate(BaseModel):
    """A domain a site is to have."""

    model_config = ConfigDict(extra="forbid")

    domain: Annotated[str, Field(min_length=1, max_length=1000)] = Field(
        description="a host name such as www.example.com, in any script"
    )


class RecordRead(BaseModel):
    """A DNS record that is expected, and what was `found` in its place when it was last looked for."""

    name: str
    kind: Literal["A", "AAAA", "CNAME", "TXT"]
    value: str
    purpose: Literal["proof", "address", "certificate"]
    state: Literal["right", "missing", "wrong", "unknown"]
    found: list[str]
    why: str


class DomainRead(BaseModel):
    """A site's own domain. `waiting`: to be proved by its owner; `proved`: it leads to the site, not all is right yet; `connected`:

    visitors come; `failed`: something has to be done. `why` says what is missing. `unicode` is how people write it.
    """

    domain: str
    unicode: str
    state: Literal["waiting", "proved", "connected", "failed"]
    why: str
    records: list[RecordRead]
    certificate: Literal["none", "waiting", "active", "failed"]
    certificate_ends: datetime | None
    added_at: datetime
    proved_at: datetime | None
    checked_at: datetime | None
    next_check_at: datetime | None
