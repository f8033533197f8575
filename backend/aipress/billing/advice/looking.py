"""Looks at sites' bills and metrics, and says what could cost less: one site for whom it belongs to, all of them for admins."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from aipress import clouds
from aipress.auth.principal import Principal
from aipress.billing.advice import commitments
from aipress.billing.advice.peaks import Peaks, peaks_of
from aipress.billing.advice.sizing import Case, advise
from aipress.billing.advice.use import FEWEST, LOOKED_AT, days_of
from aipress.billing.models import NET, Cost
from aipress.billing.schemas import AdviceRead, CommitmentRead, ExactMoney, PlatformAdviceRead
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Session
from aipress.tenants.models import Tenant, visible_to

log = logs.get()
MOST_SITES = 500


async def of_site(session: Session, site: Tenant) -> AdviceRead:
    """How this site could cost less, on the cloud it is on. Raises CloudRefused where this platform has not that cloud."""
    cloud, today = clouds.of(site.live.spec()), clock.now().date()
    sheet, since = cloud.costs.prices(), today - timedelta(LOOKED_AT)
    here = select(Cost).where(Cost.cloud == cloud.name, Cost.currency == sheet.currency)
    lately = here.where(Cost.tenant_id == site.id, Cost.usage_date >= since)
    days = days_of((await session.scalars(lately)).all(), site.tier, sheet, today)
    peaks = await _peaks(site) if len(days) >= FEWEST else None
    items = advise(Case(site.tier, days, peaks, sheet)) if len(days) >= FEWEST else []
    return AdviceRead(
        tenant=site.id,
        name=site.name,
        slug=site.slug,
        tier=site.tier,
        days=len(days),
        measured=peaks is not None,
        items=items,
    )


async def of_all(session: Session, principal: Principal) -> PlatformAdviceRead:
    """Every site for which there is something to say, and what commitments would have saved."""
    here = [cloud.name for cloud in clouds.every()]
    live = visible_to(principal).where(Tenant.state == "live", Tenant.cloud.in_(here))
    live = live.order_by(Tenant.created_at)
    sites = (await session.scalars(live)).all()
    found = [await of_site(session, site) for site in sites[:MOST_SITES]]
    worth = sorted((one for one in found if one.items), key=lambda one: (-_most(one), one.slug))
    return PlatformAdviceRead(
        sites=worth,
        left_out=max(0, len(sites) - MOST_SITES),
        commitments=await _commitments(session),
        savings=_savings(worth),
    )


async def _peaks(site: Tenant) -> Peaks | None:
    """None where nothing was measured for a week, or nothing answers just now."""
    if site.state != "live":
        return None
    try:
        return await peaks_of(clouds.of(site.live.spec()).metrics, site.live.id, clock.now())
    except CloudError as error:
        log.warning("advice goes without metrics", why=str(error))
        return None


async def _commitments(session: Session) -> list[CommitmentRead]:
    today = clock.now().date()
    since = today - timedelta(commitments.LOOKED_AT)
    kinds = Cost.currency, Cost.service, Cost.sku, Cost.usage_date
    covered = {term.service for term in commitments.terms()}
    wanted = select(*kinds, NET).where(
        Cost.usage_date >= since, Cost.usage_date < today, Cost.service.in_(covered), Cost.kind == "regular"
    )
    by_currency: defaultdict[str, list[commitments.DayOfSku]] = defaultdict(list)
    for currency, service, sku, day, amount in await session.execute(wanted.group_by(*kinds)):
        by_currency[currency].append((service, sku, day, amount))
    return [
        offer
        for currency in sorted(by_currency)
        for offer in commitments.offers(by_currency[currency], currency, today)
    ]


def _savings(worth: Sequence[AdviceRead]) -> list[ExactMoney]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for site in worth:
        if (most := _most(site)) > 0:
            sums[site.items[0].currency] += most
    return [ExactMoney(amount=amount, currency=currency) for currency, amount in sorted(sums.items())]


def _most(site: AdviceRead) -> Decimal:
    """What can be saved on it at most: of another size and no site at all one, of what is used beyond its size everything."""
    beyond = sum((one.saving for one in site.items if one.kind == "beyond_included"), Decimal(0))
    others = [one.saving for one in site.items if one.kind != "beyond_included"]
    return max([*others, beyond] if beyond else others)
