"""What a person can ask about operations."""

import asyncio
from collections.abc import AsyncIterator

from aipress.auth.principal import Principal
from aipress.errors import NotFound
from aipress.kit import paging
from aipress.kit.db import Database, Session
from aipress.operations import steps
from aipress.operations.models import Operation, visible_to
from aipress.operations.schemas import FailureRead, OperationRead, ResultRead, SubjectRead

HEARTBEAT = 10.0  # seconds of silence before a watcher hears that the line is alive
LOOK_AGAIN = 0.1  # seconds between two looks at a running operation


async def find(session: Session, principal: Principal, operation_id: str) -> Operation:
    """The operation, if this caller may see it. Raises NotFound otherwise."""
    found = await session.scalar(visible_to(principal).where(Operation.id == operation_id))
    if found is None:
        raise NotFound("There is no such operation.")
    return found


async def listed(
    session: Session, principal: Principal, tenant_id: str | None, wanted: paging.Slice
) -> paging.Page[OperationRead]:
    """The caller's operations, newest first; of one site, if asked."""
    query = visible_to(principal)
    if tenant_id:
        query = query.where(Operation.tenant_id == tenant_id)
    rows, cursor = await paging.fetch(session, query, Operation.id, wanted)
    return paging.Page(items=[await shown(session, row) for row in rows], next_cursor=cursor)


async def shown(session: Session, operation: Operation) -> OperationRead:
    """The operation as the API shows it."""
    return OperationRead.model_validate(
        {
            "id": operation.id,
            "kind": operation.kind,
            "tenant": SubjectRead(
                id=operation.tenant_id, slug=operation.tenant_slug, name=operation.tenant_name
            ),
            "state": operation.state,
            "steps": await steps.timeline(session, operation),
            "result": ResultRead(**operation.result) if operation.result else None,
            "error": FailureRead(**operation.error) if operation.error else None,
            "created_at": operation.created_at,
            "ended_at": operation.ended_at,
        }
    )


async def watch(
    rows: Database, principal: Principal, operation_id: str
) -> AsyncIterator[OperationRead | None]:
    """The operation each time it moves, until it has ended; None when nothing has moved for a heartbeat."""
    before: OperationRead | None = None
    silent = 0.0
    while before is None or before.state in ("queued", "running"):
        async with rows.reading() as session:
            now = await shown(session, await find(session, principal, operation_id))
        if now != before:
            before, silent = now, 0.0
            yield now
        elif silent > HEARTBEAT:
            silent = 0.0
            yield None
        await asyncio.sleep(LOOK_AGAIN)
        silent += LOOK_AGAIN
