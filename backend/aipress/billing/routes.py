"""Costs over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from aipress.auth.door import Admin, Caller, InTransaction, Person
from aipress.billing import keeping, service
from aipress.billing.advice import looking
from aipress.billing.schemas import (
    AdviceRead,
    BillingRead,
    BudgetRead,
    BudgetWrite,
    PlatformAdviceRead,
    PlatformBillingRead,
)
from aipress.kit import clock
from aipress.tenants import service as tenants

router = APIRouter(tags=["billing"])

Month = Annotated[
    str | None,
    Query(
        pattern=r"^20\d\d-(0[1-9]|1[0-2])$",
        description="YYYY-MM, as invoiced; without it, the current month (UTC)",
        examples=["2026-11"],
    ),
]


@router.get("/tenants/{tenant}/billing")
async def read_billing(
    tenant: str, session: InTransaction, caller: Caller, month: Month = None
) -> BillingRead:
    """What a site costs in a month: so far, a forecast, by service and day, why it changed, and as of when that is true."""
    site = await tenants.find(session, caller, tenant)
    return BillingRead(
        month=_wanted(month),
        as_of=await service.as_of(session),
        bills=await service.bills_of(session, site, _wanted(month).replace("-", "")),
        budget=await service.budget_of(session, site),
    )


@router.get("/billing")
async def read_platform_billing(session: InTransaction, _: Admin, month: Month = None) -> PlatformBillingRead:
    """What all sites cost in a month, and what is nobody's: together that is everything the export says."""
    return PlatformBillingRead(
        month=_wanted(month),
        as_of=await service.as_of(session),
        bills=await service.platform_bills(session, _wanted(month).replace("-", "")),
        budgets=await service.budgets(session),
    )


@router.post("/billing/counts", status_code=202)
async def count_costs(request: Request, session: InTransaction, _: Admin) -> None:
    """Count what was used up to now, without waiting for the hour. Bills have it a moment later."""
    session.after_commit(partial(keeping.count_now, request.app.state.rows))


@router.get("/tenants/{tenant}/billing/advice")
async def read_advice(tenant: str, session: InTransaction, caller: Caller) -> AdviceRead:
    """How a site could cost less: from the last four weeks of its bill and the busiest minutes of the last one, with the saving."""
    return await looking.of_site(session, await tenants.find(session, caller, tenant))


@router.get("/billing/advice")
async def read_platform_advice(session: InTransaction, caller: Admin) -> PlatformAdviceRead:
    """How all sites could cost less, and which commitments to a provider would have paid."""
    return await looking.of_all(session, caller)


@router.put("/tenants/{tenant}/budget")
async def set_budget(
    tenant: str, wish: BudgetWrite, session: InTransaction, caller: Person
) -> BudgetRead | None:
    """Give a site a budget; its owner hears by mail, once a month, of each threshold it crosses. Nothing is ever stopped."""
    site = await tenants.find(session, caller, tenant)
    await service.set_budget(session, caller, site, wish)
    return await service.budget_of(session, site)


@router.delete("/tenants/{tenant}/budget", status_code=204)
async def remove_budget(tenant: str, session: InTransaction, caller: Person) -> None:
    """Take a site's budget away; nobody hears of its costs by mail any more."""
    site = await tenants.find(session, caller, tenant)
    await service.remove_budget(session, caller, site)


def _wanted(month: str | None) -> str:
    return month or f"{clock.now():%Y-%m}"
