"""The use of language models over HTTP: what it was, for people; and, for the assistant acting for one, to ask for tokens and count them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from aipress.auth.door import Caller, InTransaction
from aipress.usage import service
from aipress.usage.schemas import Day, GrantRead, GrantWish, UsageRead, UseWrite
from aipress.usage.service import Budget
from aipress.users.current import AtDesk

router = APIRouter(prefix="/usage", tags=["usage"])


def _budget(desk: AtDesk) -> Budget:
    return Budget(desk.settings.tokens_per_day)


ItsBudget = Annotated[Budget, Depends(_budget)]


@router.get("")
async def read_usage(
    session: InTransaction,
    caller: Caller,
    budget: ItsBudget,
    since: Day | None = None,
    until: Day | None = None,
) -> UsageRead:
    """What your answers used of language models, by day, model and site; everybody's for an admin. 30 days unless you say which."""
    return await service.shown(session, caller, budget, since, until)


@router.post("/grants")
async def ask_for_tokens(
    wish: GrantWish, session: InTransaction, caller: Caller, budget: ItsBudget
) -> GrantRead:
    """For the assistant: set tokens of this person's day aside for one answer."""
    return await service.grant(session, caller, wish, budget)


@router.put("/grants/{use_id}", status_code=204)
async def note_use(use_id: str, figures: UseWrite, session: InTransaction, caller: Caller) -> Response:
    """For the assistant: count what the answer used, by its engine's own figures."""
    await service.note(session, caller, use_id, figures)
    return Response(status_code=204)
