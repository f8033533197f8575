"""What the rooms below are told of sites: how many somebody owns, and which they have a part in."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from aipress.kit.db import Session
from aipress.tenants.models import Tenant
from aipress.users import sites
from aipress.users.models import Membership
from aipress.users.sites import SiteOfUser


def tell_of_sites() -> None:
    """Let the people's room ask here."""
    sites.ask(sites.Teller(_how_many, _of))


async def _how_many(session: Session, user_ids: Sequence[str]) -> Mapping[str, int]:
    counted = select(Tenant.owner_id, func.count()).where(
        Tenant.owner_id.in_(user_ids), Tenant.state != "removed"
    )
    return {owner: number for owner, number in await session.execute(counted.group_by(Tenant.owner_id))}


async def _of(session: Session, user_id: str) -> Sequence[SiteOfUser]:
    shared = select(Membership.tenant_id).where(Membership.user_id == user_id)
    has_part = (Tenant.owner_id == user_id) | Tenant.id.in_(shared)
    found = select(Tenant).where(has_part, Tenant.state != "removed").order_by(Tenant.id.desc())
    return [
        SiteOfUser(site.id, site.slug, site.name, "owner" if site.owner_id == user_id else "member")
        for site in await session.scalars(found)
    ]
