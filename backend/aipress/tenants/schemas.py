"""Tenants as the API takes and shows them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from aipress.plans.arguments import CloudName
from aipress.plans.schemas import Money
from aipress.users.schemas import Email

Tier = Literal["basic", "standard", "performance"]


class TenantCreate(BaseModel):
    """A wish for a site. Without a slug one is made from the name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        max_length=2000,
        examples=["Sunrise Bakery"],
        description="what the site is called, at most 80 characters",
    )
    slug: str | None = Field(
        None, max_length=200, examples=["sunrise-bakery"], description="its address: slug.<host>"
    )
    tier: Tier = "basic"
    cloud: CloudName | None = Field(
        None,
        description="where it is made, if the platform has several clouds; otherwise where new sites are",
    )


class TenantUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=2000)


class Sought(BaseModel):
    """Which sites are looked for: by a part of the name or slug, an owner (id or address), a state; and which page of them.

    Nobody finds a removed one.
    """

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=80)
    owner: str = Field("", max_length=254)
    state: Literal["provisioning", "live", "failed", "removing", "removed"] | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class WhichPages(BaseModel):
    """Of which path the kept pages are meant; of all without one."""

    model_config = ConfigDict(extra="forbid")

    path: str | None = Field(None, max_length=2000, pattern=r"^/\S*$", examples=["/menu/"])


class TenantRemoval(BaseModel):
    """Proof that a person means it: the slug, typed."""

    model_config = ConfigDict(extra="forbid")

    typed_name: str = Field(max_length=200, examples=["sunrise-bakery"])


class MoveCreate(BaseModel):
    """Where a site is to go: one of the platform's clouds."""

    model_config = ConfigDict(extra="forbid")

    to: CloudName


class OwnerRead(BaseModel):
    id: str
    email: str


class EnvironmentRead(BaseModel):
    id: str
    kind: Literal["live", "staging"]
    state: str
    url: str


class TenantRead(BaseModel):
    """A site. `access` is what you are to it: members look and do what can be undone, owner and admins the rest.

    `moving_to` is the cloud it is on its way to, if it is.
    """

    id: str
    name: str
    slug: str
    owner: OwnerRead
    access: Literal["owner", "member", "admin"]
    tier: Tier
    cloud: str
    moving_to: str | None = None
    state: Literal["provisioning", "live", "failed", "removing", "removed"]
    url: str
    environments: list[EnvironmentRead]
    created_at: datetime


class TierRead(BaseModel):
    """A size a site can have: its price a month, what it may use, and how many of its PHP always stay awake."""

    id: Tier
    label: str
    monthly: Money
    summary: str
    min_instances: int


class Tiers(BaseModel):
    """Every size there is, cheapest first."""

    items: list[TierRead]


class MemberCreate(BaseModel):
    """Whom to share the site with. An unknown address becomes a user."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(examples=["ada@example.com"])


class MemberPerson(BaseModel):
    id: str
    email: str
    name: str


class MemberRead(BaseModel):
    """Somebody who has a part in a site: its one owner, or a member it is shared with."""

    user: MemberPerson
    role: Literal["owner", "member"]
    added_at: datetime


class LoginLinkRead(BaseModel):
    """A way into wp-admin that works once, and not for long."""

    url: str
    expires_at: datetime
