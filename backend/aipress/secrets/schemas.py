"""Secrets as the API takes and shows them. A value goes in and never comes out."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class SecretWrite(BaseModel):
    """The value a secret is to have: 1 byte to 8 KiB of text."""

    model_config = ConfigDict(extra="forbid")

    value: SecretStr = Field(description="at most 8 KiB of UTF-8, without NUL; nobody can read it back")


class SetterRead(BaseModel):
    id: str
    email: str


class SecretRead(BaseModel):
    """A secret, without its value. `last_four` are its last characters, shown only of values of 16 or more."""

    name: str
    last_four: str | None
    version: int
    set_at: datetime
    set_by: SetterRead


class SiteRead(BaseModel):
    id: str
    slug: str
    name: str


class SecretOfSiteRead(SecretRead):
    """A secret, and whose it is."""

    tenant: SiteRead
