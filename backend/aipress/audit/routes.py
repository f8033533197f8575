"""The audit log over HTTP. It is only ever read."""

from typing import Annotated

from fastapi import APIRouter, Query

from aipress.audit import chain, service
from aipress.audit.schemas import AuditRead, Sought, VerdictRead
from aipress.auth.door import Admin, Caller, InTransaction
from aipress.kit.paging import Page

router = APIRouter(prefix="/audit", tags=["audit"])


@router.get("")
async def read_audit(
    session: InTransaction, caller: Caller, sought: Annotated[Sought, Query()]
) -> Page[AuditRead]:
    """Who did what, newest first: everything for admins; for others what was done in their name, and to sites they have a part in."""
    return await service.listed(session, caller, sought)


@router.get("/verification")
async def verify_audit(session: InTransaction, _: Admin) -> VerdictRead:
    """Whether the log is as it was written, entry by entry, up to the mark kept outside the database."""
    return VerdictRead.model_validate(await chain.verify(session), from_attributes=True)
