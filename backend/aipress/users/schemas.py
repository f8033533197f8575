"""People and sign-in as the API takes and shows them."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from aipress.auth.principal import Role
from aipress.kit import mail

# What browsers accept in <input type="email"> (WHATWG HTML, "valid e-mail address"); admin@localhost too.
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
EMAIL = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(?:\.{LABEL})*")


def _checked_email(value: str) -> str:
    """ASCII before it is made lower-case: the Kelvin sign would become a k, and one address another."""
    lower = value.lower()
    if not value.isascii() or not EMAIL.fullmatch(lower):
        raise ValueError("that is not an e-mail address")
    return lower


Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_checked_email)
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")
]
State = Literal["active", "suspended"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EmailLinkCreate(Strict):
    """A wish to sign in. The answer is the same whether or not the address is known."""

    email: Email = Field(examples=["ada@example.com"])


class EmailLinkRead(BaseModel):
    sent_to: str
    expires_at: datetime


class Redemption(Strict):
    """The part of a sign-in link after `#token=`."""

    token: str = Field(min_length=1, max_length=200)


class FirebaseEntry(Strict):
    """The ID token Firebase gave the browser for a sign-in of the last five minutes."""

    id_token: str = Field(min_length=1, max_length=4096)


class FirebaseRead(BaseModel):
    """What a browser needs to sign in with Firebase. None of it is secret. `emulator_url` is set in tests alone."""

    api_key: str
    auth_domain: str
    project_id: str
    emulator_url: str | None
    providers: list[Literal["google", "apple", "github", "email-link"]]


class ProvidersRead(BaseModel):
    """How one can sign in here. `firebase` is null where only the built-in link is there."""

    email_link: bool
    firebase: FirebaseRead | None


class AdminLinkRead(BaseModel):
    url: str
    expires_at: datetime


class TokenCreate(Strict):
    """A wish for a bearer token for this person, who is made if new. `role` is for a new person."""

    email: Email
    role: Role | None = None
    ttl_seconds: int = Field(3600, ge=1, le=366 * 86400)


class TokenRead(BaseModel):
    token: str
    expires_at: datetime


class UserCreate(Strict):
    email: Email
    name: Name = ""
    role: Role = Role.TENANT


class UserUpdate(Strict):
    """What to change; what is left out stays."""

    name: Annotated[Name, Field(min_length=1)] | None = None
    role: Role | None = None
    state: State | None = None


class UserRead(BaseModel):
    """A person: `last_seen_at` is to the minute, null for whoever never came; `sites` is how many they own."""

    id: str
    email: str
    name: str
    role: Role
    state: State
    created_at: datetime
    last_seen_at: datetime | None
    sites: int


class SignedIn(BaseModel):
    user: UserRead


class Sought(Strict):
    """Who is looked for: by a part of the address or name, a role, a state; and which page of them."""

    q: str = Field("", max_length=254)
    role: Role | None = None
    state: State | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


class UserSiteRead(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    slug: str
    name: str
    access: Literal["owner", "member"]


class UserDetailRead(UserRead):
    """One person, with the sites they own or are a member of, and on how many browsers they are signed in."""

    tenants: list[UserSiteRead]
    sessions: int


class MailRead(BaseModel):
    """A message the platform would have sent."""

    id: str
    to: str
    subject: str
    text: str
    sent_at: datetime

    @classmethod
    def of(cls, caught: mail.CaughtMail) -> Self:
        return cls(
            id=caught.id, to=caught.to, subject=caught.subject, text=caught.text, sent_at=caught.sent_at
        )
