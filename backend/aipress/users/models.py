"""People, the sites they share, the links they sign in with, the browsers they are signed in on.

Secrets are stored as SHA-256.
"""

import hashlib
import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.principal import Principal, Role, Voucher
from aipress.kit import clock, db


def now_in_whole_seconds() -> datetime:
    """Tokens know seconds only: one made in the very second its person came here has to be good."""
    return clock.now().replace(microsecond=0)


class User(db.Row):
    """A person. Sessions and tokens from before `tokens_valid_after` are void."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(16), default=Role.TENANT.value)
    state: Mapped[Literal["active", "suspended"]] = mapped_column(String(16), default="active")
    version: Mapped[int] = mapped_column(default=1)
    tokens_valid_after: Mapped[datetime] = mapped_column(db.Instant, default=now_in_whole_seconds)
    firebase_uid: Mapped[str | None] = mapped_column(String(128), index=True, unique=True, default=None)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    last_seen_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)

    @property
    def is_active(self) -> bool:
        return self.state == "active"

    def principal(
        self,
        kind: Literal["user", "agent"] = "user",
        signed_in_at: datetime | None = None,
        voucher: Voucher | None = None,
    ) -> Principal:
        """This person, or an agent acting for them, as they are right now."""
        return Principal(kind, self.id, self.email, self.name, Role(self.role), signed_in_at, voucher)


class Membership(db.Row):
    """Somebody an owner shares a site with. The site's owner is none: that stands in the site's own row."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("tenant_id", "user_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)


def shared_with(principal: Principal) -> Select[str]:
    """The ids of the sites others share with this caller, to stand in another query."""
    return select(Membership.tenant_id).where(Membership.user_id == principal.id)


class SignInLink(db.Row):
    """A link that signs somebody in, once. An `admin` link, made by the operator, makes them an admin."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    kind: Mapped[Literal["email", "admin"]] = mapped_column(String(16))
    expires_at: Mapped[datetime] = mapped_column(db.Instant, index=True)
    used_at: Mapped[datetime | None] = mapped_column(db.Instant, default=None)


class BrowserSession(db.Row):
    """A browser somebody is signed in on, by the secret in its cookie, since `auth_time`.

    `firebase_uid` is the Firebase account it was begun with; None when it was begun with a link of ours.
    """

    __tablename__ = "browser_sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(db.Instant, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    auth_time: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    firebase_uid: Mapped[str | None] = mapped_column(String(128), default=None)


class FirebaseNews(db.Row):
    """What a Firebase account has not been told yet: always the role; `is_disabled` and `sign_out` where they changed.

    `note` changes with each piece of news, so that what comes in while an older one is told is not lost.
    """

    __tablename__ = "firebase_news"

    uid: Mapped[str] = mapped_column(String(128), primary_key=True)
    is_disabled: Mapped[bool | None] = mapped_column(default=None)
    sign_out: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(43), default=lambda: fresh_secret())
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(db.Instant, index=True, default=clock.now)


class Allowance(db.Row):
    """What a key has used of something limited: paid off at `free_at`, in seconds since 1970."""

    __tablename__ = "allowances"

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    free_at: Mapped[float]


def fresh_secret() -> str:
    """256 random bits, in 43 characters that may stand in a URL or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a secret. The secrets are random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
