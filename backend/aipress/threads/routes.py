"""Conversations over HTTP, for the assistant acting for their owner."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from aipress.auth.door import Caller, InTransaction
from aipress.kit.paging import Page, Slice
from aipress.threads import service
from aipress.threads.schemas import (
    MessageRead,
    MessageWrite,
    ThreadCreate,
    ThreadRead,
    ThreadSummary,
)

router = APIRouter(prefix="/threads", tags=["threads"])


@router.get("")
async def list_threads(
    session: InTransaction,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> Page[ThreadSummary]:
    """Your conversations, newest first."""
    return await service.listed(session, caller, Slice(limit, cursor))


@router.post("", status_code=201)
async def begin_thread(wish: ThreadCreate, session: InTransaction, caller: Caller) -> ThreadRead:
    """Begin a conversation."""
    return service.shown(await service.begin(session, caller, wish.title))


@router.get("/{thread_id}")
async def read_thread(thread_id: str, session: InTransaction, caller: Caller) -> ThreadRead:
    """One conversation, whole."""
    return service.shown(await service.find(session, caller, thread_id))


@router.put("/{thread_id}/messages/{message_id}")
async def write_message(
    thread_id: str,
    message_id: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    written: MessageWrite,
    session: InTransaction,
    caller: Caller,
) -> MessageRead:
    """Put a message into it; the same id again replaces it."""
    thread = await service.find(session, caller, thread_id)
    return service.shown_message(await service.write(session, thread, message_id, written))


@router.delete("/{thread_id}", status_code=204)
async def forget_thread(thread_id: str, session: InTransaction, caller: Caller) -> Response:
    """Forget it."""
    await service.forget(session, await service.find(session, caller, thread_id))
    return Response(status_code=204)
