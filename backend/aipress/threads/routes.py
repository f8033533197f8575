"""Conversations over HTTP: for the assistant acting for their owner, for the owner, and one shared for whoever has its link."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from aipress.auth.door import Anyone, Caller, FreshPerson, InTransaction, Person
from aipress.kit.paging import Page, Slice
from aipress.threads import service, sharing
from aipress.threads.schemas import (
    MessageRead,
    MessageWrite,
    SharedThread,
    ShareRead,
    ThreadCreate,
    ThreadRead,
    ThreadSummary,
    ThreadUpdate,
)
from aipress.users.current import AtDesk

router = APIRouter(prefix="/threads", tags=["threads"])
shared = APIRouter(prefix="/shared", tags=["threads"])
routers = (router, shared)
NOT_FOR_LISTS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


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


@router.patch("/{thread_id}")
async def rename_thread(
    thread_id: str, wish: ThreadUpdate, session: InTransaction, caller: Caller
) -> ThreadSummary:
    """Give it another title."""
    thread = await service.find(session, caller, thread_id)
    service.rename(session, caller, thread, wish.title)
    return service.summary(thread)


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
    await service.forget(session, caller, await service.find(session, caller, thread_id))
    return Response(status_code=204)


@router.post("/{thread_id}/share", status_code=201)
async def share_thread(
    thread_id: str, session: InTransaction, caller: FreshPerson, desk: AtDesk, response: Response
) -> ShareRead:
    """A link that shows, to whoever has it, what was said until now. It ends the link before; an agent can't make one."""
    response.headers["Cache-Control"] = "no-store"
    thread = await service.find(session, caller, thread_id)
    return await sharing.share(session, caller, thread, desk.settings)


@router.delete("/{thread_id}/share", status_code=204)
async def unshare_thread(thread_id: str, session: InTransaction, caller: Person) -> Response:
    """Stop sharing: the link shows nothing from now on."""
    sharing.stop(session, caller, await service.find(session, caller, thread_id))
    return Response(status_code=204)


@shared.get("/{secret}")
async def read_shared_thread(
    secret: Annotated[str, Path(max_length=sharing.LONGEST_SECRET)],
    session: InTransaction,
    response: Response,
    _: Anyone,
) -> SharedThread:
    """A conversation as its link shows it, without signing in: words alone, nothing that can be answered or watched."""
    response.headers.update(NOT_FOR_LISTS)
    return await sharing.look(session, secret)
