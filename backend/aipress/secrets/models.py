"""A secret's row: everything about it but its value, which is in the vault under this version."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from aipress.kit import clock, db
from aipress.tenants.models import Tenant


class Secret(db.Row):
    """A secret of one environment. A removed one stays as a tombstone: its next value gets a version nobody had before."""

    __tablename__ = "secrets"
    __table_args__ = (UniqueConstraint("environment_id", "name"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    environment_id: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=0)
    is_set: Mapped[bool] = mapped_column(default=False)
    last_four: Mapped[str | None] = mapped_column(String(4), default=None)
    set_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    set_by_id: Mapped[str] = mapped_column(String(40))
    set_by_email: Mapped[str] = mapped_column(String(254))


class SecretOfSite(NamedTuple):
    """A secret with the site it belongs to."""

    secret: Secret
    tenant: Tenant


def set_on(environment_id: str) -> Select[Secret]:
    """The secrets this environment has now."""
    return select(Secret).where(Secret.environment_id == environment_id, Secret.is_set)


def ever_on(environment_id: str) -> Select[Secret]:
    """Also those it had."""
    return select(Secret).where(Secret.environment_id == environment_id)
