"""Logs over HTTP: found page by page, and followed as they come."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from aipress.auth.door import Caller, Doorkeeper, InTransaction
from aipress.clouds.logs import LogLine
from aipress.errors import AIPressError, CloudBusy
from aipress.events.hub import Hub, Listener
from aipress.kit.db import Database
from aipress.telemetry import service, tail
from aipress.telemetry.schemas import LineId, LogCounts, LogPage, LogUsageRead, Sought, Wanted, Window
from aipress.tenants import service as tenants
from aipress.tenants.models import Tenant
from aipress.web.description import EventStream

router = APIRouter(prefix="/tenants/{tenant}/logs", tags=["telemetry"])


async def site_of(tenant: str, session: InTransaction, caller: Caller) -> Tenant:
    """The site in the path, as its caller may see it."""
    return await tenants.find(session, caller, tenant)


Site = Annotated[Tenant, Depends(site_of)]


@router.get("")
async def list_logs(site: Site, sought: Annotated[Sought, Query()]) -> LogPage:
    """A site's log lines, newest first: of its visitors, PHP, WordPress, slow queries, cron, mail and the platform."""
    return await service.found(site, sought)


@router.get("/counts")
async def count_logs(site: Site, window: Annotated[Window, Query()]) -> LogCounts:
    """How many of a site's log lines fit, by time and level."""
    return await service.counted(site, window)


@router.get("/usage")
async def read_log_usage(site: Site) -> LogUsageRead:
    """What a site's logs take and may. When they are full, the oldest go first and what comes faster than that is refused."""
    return await service.usage_of(site)


@router.get("/stream", response_class=EventStream)
async def follow_logs(
    site: Site,
    wanted: Annotated[Wanted, Query()],
    request: Request,
    caller: Caller,
    last_event_id: Annotated[LineId, Header()] = "",
) -> StreamingResponse:
    """Server-sent events named `line`, each a log line as it comes in; `Last-Event-ID` tells what was missed, of the last hour.

    The stream ends when you may not see the site any more, or your session does.
    """
    query = service.query_of(site, wanted, service.began(last_event_id), service.LAST)
    lines = service.logs_of(site, query.environment).follow(query, last_event_id)
    hub: Hub = request.app.state.hub
    listener = hub.listen(caller, None)
    return EventStream(
        _frames(request, listener, tail.Followed(site.id, site.live.cloud, lines)),
        headers={"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
    )


async def _frames(request: Request, listener: Listener, followed: tail.Followed) -> AsyncIterator[str]:
    hub: Hub = request.app.state.hub
    rows: Database = request.app.state.rows
    doorkeeper: Doorkeeper = request.app.state.doorkeeper

    async def still_may() -> None:
        async with hub.looking, rows.reading() as session:
            listener.principal = await doorkeeper.admit(request, session)
            site = await tenants.find(session, listener.principal, followed.tenant)
            if site.live.cloud != followed.cloud:
                raise CloudBusy("The site was moved: its lines come from elsewhere now.")

    try:
        yield ": welcome\n\n"
        async with aclosing(tail.told(hub, listener, followed, still_may)) as tellings:
            async for lines in tellings:
                for line in lines:
                    yield _frame(line)
                if not lines:
                    yield ": keep-alive\n\n"
    except AIPressError:
        return  # signed out, suspended, no longer shared, moved, or the cloud is busy: whoever listens may come back
    finally:
        hub.leave(listener)


def _frame(line: LogLine) -> str:
    return f"id: {line.id}\nevent: line\ndata: {service.shown(line).model_dump_json()}\n\n"
