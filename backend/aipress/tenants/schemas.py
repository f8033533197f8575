"""Tenants as the API takes and shows them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from aipress.config import CloudName
from aipress.plans.schemas import Money
from aipress.users.schemas import Email

Tier = Literal["basic", "standard", "performance"]


class OptionsWish(BaseModel):
    """What is chosen for a site beside its tier. What is not named stays as it is; null takes the tier's own again."""

    model_config = ConfigDict(extra="forbid")

    region: str | None = Field(None, max_length=63, pattern=r"^[a-z0-9-]*$", examples=["europe-west1"])
    min_instances: int | None = Field(None, ge=0, le=1000, description="instances that never sleep")
    max_instances: int | None = Field(None, ge=1, le=1000)
    concurrency: int | None = Field(None, ge=1, le=1000, description="requests at once for an instance")
    media: Literal["disk", "bucket"] | None = Field(
        None, description="bucket: uploads go there by signed URLs, past PHP"
    )
    database: Literal["shared", "own"] | None = None
    replicas: int | None = Field(None, ge=0, le=100, description="of a database of its own, to read from")
    pooling: bool | None = Field(None, description="of a database of its own: connections are pooled")


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
    options: OptionsWish | None = Field(None, description="see GET /options for what there is, and its price")
    cloud: CloudName | None = Field(
        None,
        description="where it is made, if the platform has several clouds; otherwise where new sites are",
    )


class TenantUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=2000)


class Adjustment(BaseModel):
    """What a site should be from now on: another tier, other options, or both."""

    model_config = ConfigDict(extra="forbid")

    tier: Tier | None = None
    options: OptionsWish | None = None


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


class OptionsRead(BaseModel):
    """What was chosen for a site beside its tier."""

    region: str = ""
    min_instances: int | None = None
    max_instances: int | None = None
    concurrency: int | None = None
    media: Literal["disk", "bucket"] = "disk"
    database: Literal["shared", "own"] = "shared"
    replicas: int = 0
    pooling: bool = False


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
    options: OptionsRead = Field(
        default_factory=OptionsRead, description="those that were chosen; what is null is the tier's own"
    )
    monthly: Money = Field(default_factory=Money, description="what tier and options cost a month together")
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


class ChoiceRead(BaseModel):
    """A value an option can have, and what it costs a month beside the tier."""

    value: str
    monthly: Money


class OptionRead(BaseModel):
    """Something to choose: a number from `least` to `most`, `usual` where nobody chooses, each one more costing `each`; or `choices`."""

    name: str
    least: int | None = None
    most: int | None = None
    usual: int | None = None
    each: Money | None = None
    choices: list[ChoiceRead] = Field(default_factory=list)


class OfferedOptions(BaseModel):
    """What can be chosen for a site of a tier on a cloud. What is not named isn't there."""

    cloud: str
    tier: Tier
    items: list[OptionRead]


class WhichOptions(BaseModel):
    """Of which cloud (that of new sites without one) and tier."""

    model_config = ConfigDict(extra="forbid")

    cloud: str | None = Field(None, max_length=16)
    tier: Tier = "basic"


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
