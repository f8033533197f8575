"""Letting go of a domain as a plan, for what needs a person's yes; and how adding and removing one are undone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from aipress.auth.principal import Principal
from aipress.config import Settings
from aipress.domains import service
from aipress.domains.models import Domain
from aipress.errors import Conflict, NotAllowed
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.operations import undo
from aipress.operations.models import Operation
from aipress.operations.schemas import UndoRead
from aipress.plans.arguments import SiteAndDomain
from aipress.plans.schemas import PlanSubject, Terms
from aipress.plans.service import Offer, offer
from aipress.tenants import tiers
from aipress.tenants.access import access_of, check_in_charge
from aipress.tenants.models import Tenant, visible_to

WINDOW = timedelta(hours=1)


def make_offers(settings: Settings) -> None:
    """Let domains be let go by a plan, and what was done to them be undone."""
    offer("REMOVE_DOMAIN", Offer(SiteAndDomain, _terms, _begin))

    async def add_again(session: Session, principal: Principal, operation: Operation) -> Operation:
        _check_in_time(operation)
        asker = await service.asker_for(session, principal, operation.tenant_id)
        _, receipt = await service.add(asker, _domain_of(operation), settings)
        if receipt is None:
            raise Conflict("The domain was added again since. Nothing was changed.")
        return receipt

    undo.offer("add_domain", undo.Undoing(_possible, _remove_again))
    undo.offer("remove_domain", undo.Undoing(_possible, add_again))


async def _terms(session: Session, principal: Principal, wish: SiteAndDomain) -> Terms:
    asker = await service.asker_for(session, principal, wish.tenant)
    check_in_charge(principal, asker.site, service.DEED)
    row, site = await service.find(asker, wish.domain), asker.site
    return Terms(
        title=f"Disconnect {row.domain} from “{site.name}”",
        tier=2,
        subject=PlanSubject(id=site.id, slug=site.slug, name=site.name, version=site.version),
        steps=["Stop answering under the domain", "Take down its certificate, where there is one"],
        touches=[f"Visitors of {row.domain}, who find nothing any more", "The site itself stays as it is"],
        price_before=tiers.MONTHLY[site.tier],
        price_after=tiers.MONTHLY[site.tier],
        undo="Connect it again",
    )


async def _begin(session: Session, principal: Principal, wish: SiteAndDomain) -> str:
    asker = await service.asker_for(session, principal, wish.tenant)
    return (await service.remove(asker, await service.find(asker, wish.domain))).id


async def _remove_again(session: Session, principal: Principal, operation: Operation) -> Operation:
    if not principal.is_person:
        raise NotAllowed(
            "Undoing this disconnects a domain: propose that as a plan, and a person confirms it."
        )
    _check_in_time(operation)
    asker = await service.asker_for(session, principal, operation.tenant_id)
    return await service.remove(asker, await service.find(asker, _domain_of(operation)))


def _check_in_time(operation: Operation) -> None:
    if clock.now() >= _until(operation):
        raise Conflict(
            "It is too late to undo this; that was possible for an hour. Add or remove the domain."
        )


async def _possible(
    session: Session, principal: Principal, operations: Sequence[Operation]
) -> dict[str, UndoRead]:
    recent = [one for one in operations if clock.now() < _until(one)]
    if not recent:
        return {}
    wanted = {one.tenant_id for one in recent}
    sites = {one.id: one for one in await session.scalars(visible_to(principal).where(Tenant.id.in_(wanted)))}
    there = select(Domain.tenant_id, Domain.domain).where(Domain.tenant_id.in_(sites))
    had = {(tenant, domain) for tenant, domain in await session.execute(there)}
    return {
        one.id: UndoRead(label=_label(one), until=_until(one))
        for one in recent
        if _is_possible(principal, one, sites.get(one.tenant_id), had)
    }


def _is_possible(
    principal: Principal, operation: Operation, site: Tenant | None, had: set[tuple[str, str]]
) -> bool:
    if site is None or site.state != "live" or access_of(principal, site) == "member":
        return False
    is_there = (site.id, _domain_of(operation)) in had
    if operation.kind == "add_domain":
        return is_there and principal.is_person
    return not is_there


def _label(operation: Operation) -> str:
    how = "Disconnect" if operation.kind == "add_domain" else "Connect"
    return f"{how} {_domain_of(operation)} again"


def _domain_of(operation: Operation) -> str:
    return str((operation.result or {}).get("domain", ""))


def _until(operation: Operation) -> datetime:
    return (operation.ended_at or operation.created_at) + WINDOW
