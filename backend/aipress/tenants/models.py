"""Tenants and environments, and the verbs on their rows."""

from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    case,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from aipress.auth.principal import Principal
from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.options import DEFAULTS, Options
from aipress.kit import clock, db
from aipress.users.models import shared_with

GONE = text("state != 'removed'")
ON_THE_MOVE = ("provisioning", "removing")


class Tenant(db.Row):
    """One customer's site. A removed one stays as a tombstone; its slug is free again.

    `options` are those that were chosen. `former` is its tier and options before a change that is under way, or not yet taken back.
    """

    __tablename__ = "tenants"
    __table_args__ = (
        Index("uq_tenants_slug", "slug", unique=True, sqlite_where=GONE, postgresql_where=GONE),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(63))
    owner_id: Mapped[str] = mapped_column(String(40), index=True)
    owner_email: Mapped[str] = mapped_column(String(254))
    owner_name: Mapped[str] = mapped_column(String(120), default="")
    tier: Mapped[str] = mapped_column(String(16), default="basic")
    cloud: Mapped[str] = mapped_column(String(16), default="local")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    former: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    state: Mapped[str] = mapped_column(String(16), default="provisioning")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    environments: Mapped[list["Environment"]] = relationship(back_populates="tenant", lazy="selectin")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the base class declares it so

    @property
    def live(self) -> "Environment":
        """The environment visitors see."""
        return next(one for one in self.environments if one.kind == "live")

    @property
    def arriving(self) -> "Environment | None":
        """The environment this site is being moved to, if it is."""
        return self._on_the_move("arriving")

    @property
    def leaving(self) -> "Environment | None":
        """The environment this site was moved from, until it is taken down."""
        return self._on_the_move("leaving")

    def _on_the_move(self, kind: str) -> "Environment | None":
        there = (one for one in self.environments if one.kind == kind and one.state in ON_THE_MOVE)
        return next(there, None)


class Environment(db.Row):
    """One running WordPress; nobody's yet while it is pooled. `number` is never used twice: the uid comes from it.

    A site that is moved has one more, `arriving` until it is the live one, when that becomes `leaving` and is taken down.
    """

    __tablename__ = "environments"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(12), unique=True)
    tenant_id: Mapped[str | None] = mapped_column(ForeignKey("tenants.id"), index=True, default=None)
    kind: Mapped[Literal["live", "staging", "arriving", "leaving"]] = mapped_column(
        String(16), default="live"
    )
    cloud: Mapped[str] = mapped_column(String(16), default="local")
    state: Mapped[str] = mapped_column(String(16), index=True, default="preparing")
    attempt: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    tenant: Mapped[Tenant | None] = relationship(back_populates="environments", lazy="joined")

    def spec(self) -> EnvironmentSpec:
        """What clouds need to know of it."""
        tenant = self.tenant
        return EnvironmentSpec(
            id=self.id,
            number=self.number,
            tenant=tenant.id if tenant else "",
            slug=tenant.slug if tenant else "",
            kind="staging" if self.kind == "staging" else "live",
            tier=tenant.tier if tenant else "basic",
            cloud=self.cloud,
            options=Options(**tenant.options) if tenant else DEFAULTS,
        )


KIND = cast(
    ColumnElement[Literal["live", "staging"]],
    case((Environment.kind == "staging", "staging"), else_="live"),
)
"""What clouds are told an environment is, in a query."""


class Placement(db.Row):
    """Where a cloud with many places has an environment: written before anything is made there, gone when all of it is."""

    __tablename__ = "placements"
    __table_args__ = (UniqueConstraint("project", "region", "service", name="uq_placements_service"),)

    environment_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(63))
    tier: Mapped[str] = mapped_column(String(16))
    project: Mapped[str] = mapped_column(String(63))
    region: Mapped[str] = mapped_column(String(63))
    instance: Mapped[str] = mapped_column(String(98))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    connections: Mapped[int]
    placed_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)


def visible_to(principal: Principal) -> Select[Tenant]:
    """The tenants this caller may know of: their own and those shared with them, or all for an admin.

    Removed ones are no more.
    """
    query = select(Tenant).where(Tenant.state != "removed")
    return query if principal.is_admin else query.where(belongs_to(principal))


def belongs_to(principal: Principal) -> ColumnElement[bool]:
    """True of the tenants this caller owns, and of those they are a member of."""
    return (Tenant.owner_id == principal.id) | Tenant.id.in_(shared_with(principal))


def sites_arriving() -> Select[str | None]:
    """The sites on their way to another cloud: nothing is begun on them meanwhile."""
    on_its_way = (Environment.kind == "arriving", Environment.state == "provisioning")
    return select(Environment.tenant_id).where(*on_its_way, Environment.tenant_id.is_not(None))


def pooled(cloud: str) -> Select[Environment]:
    """Environments that are prepared and nobody's, oldest first, leaving out those being claimed right now."""
    found = select(Environment).where(Environment.state == "pooled", Environment.cloud == cloud)
    return found.order_by(Environment.number).limit(1).with_for_update(skip_locked=True, of=Environment)
