"""What people ask of costs: a site's month, everybody's month, and a budget to be told of."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, select

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.billing import alerts
from aipress.billing.bill import SHARED, bill_of, month_before
from aipress.billing.models import NET, Budget, BudgetAlert, Cost, CostCount, of_site
from aipress.billing.schemas import (
    BillRead,
    BudgetRead,
    BudgetWrite,
    DayCost,
    PlatformBillRead,
    ServiceCost,
    SiteBudget,
    SiteCost,
)
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Tenant

Sums = dict[Any, Decimal]


async def as_of(session: Session) -> datetime | None:
    """The newest thing that was counted, on any cloud."""
    return await session.scalar(select(func.max(CostCount.as_of)))


async def bills_of(session: Session, site: Tenant, month: str) -> list[BillRead]:
    """A site's bills for a month (YYYYMM), one for each currency."""
    now = (await session.scalars(of_site(site.id, month))).all()
    before = (await session.scalars(of_site(site.id, month_before(month)))).all()
    return [
        bill_of(currency, month, clock.now().date(), _in(currency, now), _in(currency, before))
        for currency in sorted({row.currency for row in now})
    ]


async def platform_bills(session: Session, month: str) -> list[PlatformBillRead]:
    """Everybody's costs of a month, one bill for each currency; removed sites still have their names."""
    of_month = select(Cost).where(Cost.invoice_month == month)
    named = select(Tenant).where(Tenant.id.in_(of_month.with_only_columns(Cost.tenant_id)))
    sites = {site.id: site for site in await session.scalars(named)}
    summed = await _summed(session, of_month)
    return [_platform_bill(currency, of_it, sites) for currency, of_it in sorted(summed.items())]


async def budget_of(session: Session, site: Tenant) -> BudgetRead | None:
    """The site's budget, with what is spent of it this month."""
    budget = await session.get(Budget, site.id)
    if budget is None:
        return None
    month = f"{clock.now():%Y%m}"
    told = select(BudgetAlert.threshold).where(
        BudgetAlert.tenant_id == site.id, BudgetAlert.invoice_month == month
    )
    return BudgetRead(
        amount=budget.amount,
        currency=budget.currency,
        thresholds=budget.percents,
        spent_percent=await _spent_percent(session, budget),
        told=sorted(await session.scalars(told)),
    )


async def budgets(session: Session) -> list[SiteBudget]:
    """Every site's budget, the fullest first."""
    of_sites = select(Budget, Tenant).join(Tenant, Tenant.id == Budget.tenant_id)
    found = (await session.execute(of_sites.where(Tenant.state != "removed"))).all()
    listed = [await _site_budget(session, budget, site) for budget, site in found]
    return sorted(listed, key=lambda one: (-one.spent_percent, one.slug))


async def set_budget(session: Session, principal: Principal, site: Tenant, wish: BudgetWrite) -> None:
    """Give the site this budget in place of any other. Raises NotAllowed for members."""
    check_in_charge(principal, site, "set its budget")
    budget = await session.get(Budget, site.id, with_for_update=True) or Budget(tenant_id=site.id)
    budget.amount, budget.currency = wish.amount, wish.currency
    budget.thresholds = ",".join(map(str, sorted(set(wish.thresholds))))
    budget.set_at, budget.set_by_email = clock.now(), principal.email
    session.add(budget)
    record(session, principal, "SET_BUDGET", site.id, amount=f"{wish.amount:f}", currency=wish.currency)


async def remove_budget(session: Session, principal: Principal, site: Tenant) -> None:
    """Take the site's budget away. Raises NotAllowed for members."""
    check_in_charge(principal, site, "take its budget away")
    if budget := await session.get(Budget, site.id):
        await session.delete(budget)
        record(session, principal, "DELETE_BUDGET", site.id)


async def _site_budget(session: Session, budget: Budget, site: Tenant) -> SiteBudget:
    return SiteBudget(
        tenant=site.id,
        name=site.name,
        slug=site.slug,
        amount=budget.amount,
        currency=budget.currency,
        spent_percent=await _spent_percent(session, budget),
    )


async def _spent_percent(session: Session, budget: Budget) -> int:
    """How much of it this month has cost so far."""
    spent = await alerts.spent_in(session, budget.tenant_id, f"{clock.now():%Y%m}", budget.currency)
    return int(spent * 100 / budget.amount)


def _in(currency: str, rows: Sequence[Cost]) -> list[Cost]:
    return [row for row in rows if row.currency == currency]


async def _summed(session: Session, wanted: Select[Cost]) -> dict[str, dict[str, Sums]]:
    """Sums by currency, and by tenant, service and day: the database's own, of whole numbers."""
    found: dict[str, dict[str, Sums]] = {}
    service = case((Cost.shared == "", Cost.service), else_=Cost.service + SHARED)
    for name, key in (("tenant", Cost.tenant_id), ("service", service), ("day", Cost.usage_date)):
        query = wanted.with_only_columns(Cost.currency, key, NET)
        for currency, value, amount in await session.execute(query.group_by(Cost.currency, key)):
            found.setdefault(currency, {}).setdefault(name, {})[value] = amount
    return found


def _platform_bill(currency: str, summed: dict[str, Sums], sites: dict[str, Tenant]) -> PlatformBillRead:
    tenants = dict(summed["tenant"])
    total, unallocated = sum(tenants.values(), Decimal(0)), tenants.pop("", Decimal(0))
    return PlatformBillRead(
        currency=currency,
        total=total,
        unallocated=unallocated,
        sites=[_site_cost(id, amount, sites) for id, amount in _dearest_first(tenants)],
        by_service=[ServiceCost(service=name, amount=one) for name, one in _dearest_first(summed["service"])],
        by_day=[DayCost(day=day, amount=amount) for day, amount in sorted(summed["day"].items())],
    )


def _dearest_first(amounts: Sums) -> list[tuple[Any, Decimal]]:
    return sorted(amounts.items(), key=lambda one: (-one[1], one[0]))


def _site_cost(tenant_id: str, amount: Decimal, sites: dict[str, Tenant]) -> SiteCost:
    site = sites.get(tenant_id)
    return SiteCost(
        tenant=tenant_id, name=site.name if site else None, slug=site.slug if site else None, amount=amount
    )
