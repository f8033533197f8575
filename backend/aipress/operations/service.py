"""What a person can ask about operations."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from aipress.audit.schemas import ActorRead
from aipress.auth.principal import Principal
from aipress.errors import NotFound
from aipress.kit import paging
from aipress.kit.db import Database, Session
from aipress.operations import steps, undo
from aipress.operations.models import Operation, visible_to
from aipress.operations.schemas import FailureRead, OperationRead, ResultRead, Sought, SubjectRead, UndoRead

HEARTBEAT = 10.0  # seconds of silence before a watcher hears that the line is alive
LOOK_AGAIN = 0.1  # seconds between two looks at a running operation
Admission = Callable[[Session], Awaitable[Principal]]


async def find(session: Session, principal: Principal, operation_id: str) -> Operation:
    """The operation, if this caller may see it. Raises NotFound otherwise."""
    found = await session.scalar(visible_to(principal).where(Operation.id == operation_id))
    if found is None:
        raise NotFound("There is no such operation.")
    return found


async def listed(session: Session, principal: Principal, sought: Sought) -> paging.Page[OperationRead]:
    """The operations this caller may know of, newest first; only those sought."""
    query = visible_to(principal)
    if sought.tenant:
        query = query.where((Operation.tenant_id == sought.tenant) | (Operation.tenant_slug == sought.tenant))
    for column, value in (
        (Operation.state, sought.state),
        (Operation.kind, sought.kind),
        (Operation.actor_id, sought.actor),
    ):
        if value is not None:
            query = query.where(column == value)
    rows, cursor = await paging.fetch(session, query, Operation.id, paging.Slice(sought.limit, sought.cursor))
    can_be_undone = await undo.possible(session, principal, rows)
    items = [await _shown(session, row, can_be_undone.get(row.id)) for row in rows]
    return paging.Page(items=items, next_cursor=cursor)


async def undone(session: Session, principal: Principal, operation: Operation) -> Operation:
    """The operation that undoes this one: begun now, or by whoever said so before. Raises Conflict, NotAllowed."""
    undoing = await undo.undo(session, principal, operation)
    return undoing or await find(session, principal, str(operation.undone_by))


async def shown(session: Session, principal: Principal, operation: Operation) -> OperationRead:
    """The operation as the API shows it to this caller."""
    can_be_undone = await undo.possible(session, principal, [operation])
    return await _shown(session, operation, can_be_undone.get(operation.id))


async def _shown(session: Session, operation: Operation, can_be_undone: UndoRead | None) -> OperationRead:
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
            "actor": _actor_of(operation),
            "undo": can_be_undone,
            "undone_by": operation.undone_by,
            "created_at": operation.created_at,
            "ended_at": operation.ended_at,
        }
    )


def _actor_of(operation: Operation) -> ActorRead | None:
    if operation.actor_kind is None:
        return None
    return ActorRead.model_validate(
        {"kind": operation.actor_kind, "id": operation.actor_id, "email": operation.actor_email}
    )


async def watch(rows: Database, admit: Admission, operation_id: str) -> AsyncIterator[OperationRead | None]:
    """The operation each time it moves, until it has ended; None when nothing has moved for a heartbeat.

    Ends, too, when the caller may no longer see it: somebody stopped sharing the site with them. `admit` says who they are at
    each look, and raises NotSignedIn once they are nobody.
    """
    before: OperationRead | None = None
    silent = 0.0
    while before is None or before.state in ("queued", "running"):
        async with rows.reading() as session:
            principal = await admit(session)
            found = await session.scalar(visible_to(principal).where(Operation.id == operation_id))
            if found is None:
                return
            now = await shown(session, principal, found)
        if now != before:
            before, silent = now, 0.0
            yield now
        elif silent > HEARTBEAT:
            silent = 0.0
            yield None
        await asyncio.sleep(LOOK_AGAIN)
        silent += LOOK_AGAIN
