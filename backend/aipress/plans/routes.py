"""Plans over HTTP. Anybody signed in may propose; only a person may confirm."""

from fastapi import APIRouter, Response

from aipress.auth.door import Caller, InTransaction, Person, VouchedPerson
from aipress.operations import service as operations
from aipress.operations.schemas import OperationRead
from aipress.plans import service
from aipress.plans.schemas import Confirmation, PlanCreate, PlanRead

router = APIRouter(prefix="/plans", tags=["plans"])


@router.post("", status_code=201)
async def propose_plan(wish: PlanCreate, session: InTransaction, caller: Caller) -> PlanRead:
    """Say exactly what an action would do, touch and cost. Nothing happens until a person confirms it."""
    return service.shown(await service.propose(session, caller, wish.action, wish.arguments))


@router.get("/{plan_id}")
async def read_plan(plan_id: str, session: InTransaction, caller: Caller) -> PlanRead:
    """One plan of yours."""
    return service.shown(await service.find(session, caller, plan_id))


@router.post("/{plan_id}/confirmation", status_code=202)
async def confirm_plan(
    plan_id: str, said: Confirmation, session: InTransaction, caller: VouchedPerson
) -> OperationRead:
    """Do it: exactly what was shown, once. Needs the plan's hash and, for what destroys, the name typed."""
    plan = await service.find(session, caller, plan_id)
    operation_id = await service.confirm(session, caller, plan, said)
    return await operations.shown(session, caller, await operations.find(session, caller, operation_id))


@router.delete("/{plan_id}", status_code=204)
async def withdraw_plan(plan_id: str, session: InTransaction, caller: Person) -> Response:
    """Say no to it."""
    await service.withdraw(session, caller, await service.find(session, caller, plan_id))
    return Response(status_code=204)
