"""What an admin sees first: how many sites and people there are, and what needs somebody."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from aipress.api import runtimes
from aipress.api.runtimes import RuntimeRead
from aipress.auth.door import Admin, InTransaction
from aipress.auth.principal import Principal
from aipress.errors import CloudError
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.operations import overview as at_large
from aipress.operations import service as operations
from aipress.operations.schemas import OperationRead
from aipress.plans import service as plans
from aipress.tenants import reconciler
from aipress.tenants import service as tenants
from aipress.users import service as users

router = APIRouter(prefix="/health", tags=["health"])


class SiteCounts(BaseModel):
    """How many sites are in each state; removed ones are no more."""

    live: int = 0
    provisioning: int = 0
    failed: int = 0
    removing: int = 0


class UserCounts(BaseModel):
    active: int = 0
    suspended: int = 0


class FailuresOfHour(BaseModel):
    """How many operations failed in the hour that begins then."""

    hour: datetime
    count: int


class OperationsAtLarge(BaseModel):
    """How many run, those that should have ended by now (oldest first, at most 50), and failures of 24 hours, oldest first."""

    running: int
    stuck: list[OperationRead]
    failures: Annotated[list[FailuresOfHour], Field(min_length=at_large.HOURS, max_length=at_large.HOURS)]


class OverviewRead(BaseModel):
    """The whole platform at a glance.

    `stranded` names workflows that do not go on by themselves, `lost` the parts of sites that are gone; both as of the reconciler's
    last round. `runtime` is null while no cloud answers.
    """

    sites: SiteCounts
    users: UserCounts
    operations: OperationsAtLarge
    plans_waiting: int
    stranded: list[str]
    lost: list[str]
    runtime: RuntimeRead | None


@router.get("/overview")
async def read_overview(request: Request, session: InTransaction, caller: Admin) -> OverviewRead:
    """How many sites and people there are, what runs, what is stuck, what failed lately, and what waits for somebody's yes."""
    findings: reconciler.Findings = request.app.state.findings
    return OverviewRead(
        sites=SiteCounts(**await tenants.how_many(session, caller)),
        users=UserCounts(**await users.how_many(session)),
        operations=await _operations(session, caller, findings.stranded),
        plans_waiting=await plans.how_many_wait(session),
        stranded=findings.stranded,
        lost=findings.lost,
        runtime=await _runtime(),
    )


async def _operations(session: Session, caller: Principal, stranded: list[str]) -> OperationsAtLarge:
    since = clock.now() - reconciler.LATE
    stuck = await at_large.stuck(session, caller, since, stranded)
    failures = await at_large.failures(session, caller)
    return OperationsAtLarge(
        running=await at_large.how_many_run(session, caller),
        stuck=[await operations.shown(session, caller, one) for one in stuck],
        failures=[FailuresOfHour(hour=hour, count=count) for hour, count in failures],
    )


async def _runtime() -> RuntimeRead | None:
    try:
        return await runtimes.report()
    except CloudError:  # all the more reason to show the rest
        return None
