"""A diagnosis over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from aipress.auth.door import Caller, InTransaction
from aipress.telemetry.diagnosis import service
from aipress.telemetry.diagnosis.schemas import Asked, DiagnosisRead
from aipress.tenants import service as tenants

router = APIRouter(prefix="/tenants/{tenant}/diagnosis", tags=["telemetry"])


@router.get("")
async def read_diagnosis(
    tenant: str, session: InTransaction, caller: Caller, asked: Annotated[Asked, Query()]
) -> DiagnosisRead:
    """Why a site is slow or broken: likely causes, each claim with the facts it stands on, and what helps. At most five seconds."""
    site = await tenants.find(session, caller, tenant)
    return await service.diagnosis_of(session, caller, site, asked)
