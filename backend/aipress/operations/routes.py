"""Operations over HTTP: read them, list them, watch one."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from aipress.auth.door import Caller, Doorkeeper, InTransaction, VouchedCaller
from aipress.errors import NotAllowed, NotSignedIn
from aipress.kit.db import Database
from aipress.kit.paging import Page
from aipress.operations import service
from aipress.operations.schemas import OperationRead, Sought

router = APIRouter(prefix="/operations", tags=["operations"])


@router.get("")
async def list_operations(
    session: InTransaction, caller: Caller, sought: Annotated[Sought, Query()]
) -> Page[OperationRead]:
    """What was and is being done, newest first: of one site, in a state, of a kind, or by somebody, if asked."""
    return await service.listed(session, caller, sought)


@router.get("/{operation_id}")
async def read_operation(operation_id: str, session: InTransaction, caller: Caller) -> OperationRead:
    """One operation: its state, its steps with their usual durations, its result."""
    return await service.shown(session, caller, await service.find(session, caller, operation_id))


@router.post("/{operation_id}/undo", status_code=202)
async def undo_operation(operation_id: str, session: InTransaction, caller: VouchedCaller) -> OperationRead:
    """Undo it, while its `undo` says that you can. Answers the operation that does so; said twice, the same one again."""
    operation = await service.find(session, caller, operation_id)
    return await service.shown(session, caller, await service.undone(session, caller, operation))


@router.get("/{operation_id}/events", response_class=StreamingResponse)
async def watch_operation(
    operation_id: str, request: Request, session: InTransaction, caller: Caller
) -> StreamingResponse:
    """Server-sent events named `operation`, each a whole operation, until it has ended, or your session has."""
    await service.find(session, caller, operation_id)
    return StreamingResponse(
        _frames(request, operation_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache, no-transform"},
    )


async def _frames(request: Request, operation_id: str) -> AsyncIterator[str]:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    rows: Database = request.app.state.rows
    try:
        async for now in service.watch(rows, partial(doorkeeper.admit, request), operation_id):
            yield f"event: operation\ndata: {now.model_dump_json()}\n\n" if now else ": keep-alive\n\n"
    except (NotSignedIn, NotAllowed):
        return  # signed out, suspended, expired: nothing more is said
