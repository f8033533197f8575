"""Events over HTTP: one stream a page, of whatever changed that its person may see."""

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from aipress.auth.door import Caller, Doorkeeper
from aipress.errors import AIPressError
from aipress.events.hub import Change, Hub, Listener, Numbered, turns
from aipress.events.seeing import seen
from aipress.kit.db import Database

router = APIRouter(prefix="/events", tags=["events"])


@router.get("", response_class=StreamingResponse)
async def watch_everything(
    request: Request, caller: Caller, last_event_id: Annotated[str | None, Header(max_length=80)] = None
) -> StreamingResponse:
    """Server-sent events of what changed that you may see: `operation`, `tenant`, `plan`, `conversation`, `member`.

    Each says `{"id", "tenant_id", "state"}` of what changed; read it to see more. `Last-Event-ID` tells what was missed, or
    `reset` when that is forgotten: read everything again. The stream ends when your session does.
    """
    hub: Hub = request.app.state.hub
    listener = hub.listen(caller, last_event_id)
    return StreamingResponse(
        _frames(request, hub, listener),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
    )


async def _frames(request: Request, hub: Hub, listener: Listener) -> AsyncIterator[str]:
    try:
        yield ": welcome\n\n"
        async for told in turns(hub, listener):
            if told is None:
                yield _frame(hub, hub.number, None)
                return
            for number, change in await _looked_up(request, hub, listener, told):
                yield _frame(hub, number, change)
            if not told:
                yield ": keep-alive\n\n"
    except AIPressError:
        return  # signed out, suspended, expired: nothing more is said
    finally:
        hub.leave(listener)


async def _looked_up(request: Request, hub: Hub, listener: Listener, told: list[Numbered]) -> list[Numbered]:
    """Admit the caller again, as they are now, and leave what they may see. Raises NotSignedIn, NotAllowed."""
    rows: Database = request.app.state.rows
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    async with hub.looking, rows.reading() as session:
        listener.principal = await doorkeeper.admit(request, session)
        return await seen(session, listener.principal, told)


def _frame(hub: Hub, number: int, change: Change | None) -> str:
    """One event; without a change, that everything has to be read again."""
    name = change.kind if change else "reset"
    said = {field: getattr(change, field, None) for field in ("id", "tenant_id", "state")}
    return f"id: {hub.epoch}-{number}\nevent: {name}\ndata: {json.dumps(said)}\n\n"
