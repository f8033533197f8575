"""Undoing what was done. The rooms that can do a thing offer here how it is undone; undoing is an operation too.

Of many who undo the same operation at once, one does; the others are answered with what that one did.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.errors import Conflict
from aipress.kit.db import Session
from aipress.operations.models import Operation
from aipress.operations.schemas import UndoRead


@dataclass(frozen=True)
class Undoing:
    """How operations of one kind are undone: which of these this caller can undo now, and the beginning of it."""

    possible: Callable[[Session, Principal, Sequence[Operation]], Awaitable[dict[str, UndoRead]]]
    begin: Callable[[Session, Principal, Operation], Awaitable[Operation]]


_undoings: dict[str, Undoing] = {}


def offer(kind: str, undoing: Undoing) -> None:
    """Let operations of this kind be undone."""
    _undoings[kind] = undoing


async def undo(session: Session, principal: Principal, operation: Operation) -> Operation | None:
    """Undo it, once; None when it was undone before (`operation.undone_by` says by which).

    Raises Conflict when it can't be undone (any more), NotAllowed when somebody else has to.
    """
    await session.refresh(operation, with_for_update=True)  # of many at once, the others wait here
    if operation.undone_by is not None:
        return None
    if operation.state != "succeeded":
        raise Conflict(NOT_DONE[operation.state])
    if operation.kind not in _undoings:
        raise Conflict(NO_WAY_BACK[operation.kind].format(operation.tenant_name))
    undoing = await _undoings[operation.kind].begin(session, principal, operation)
    operation.undone_by = undoing.id
    record(session, principal, "UNDO", operation.tenant_id, undone=operation.id, undone_by=undoing.id)
    return undoing


async def possible(
    session: Session, principal: Principal, operations: Sequence[Operation]
) -> dict[str, UndoRead]:
    """For each of these operations that this caller can undo right now, what that would do."""
    done = [one for one in operations if one.state == "succeeded" and one.undone_by is None]
    found: dict[str, UndoRead] = {}
    for kind, undoing in _undoings.items():
        if of_kind := [one for one in done if one.kind == kind]:
            found |= await undoing.possible(session, principal, of_kind)
    return found


NO_WAY_BACK = {
    "remove": "There is no way back from this: “{}” was removed.",
    "purge": "There is nothing to take back: the pages of “{}” are kept again as visitors come.",
}
NOT_DONE = {
    "queued": "This has not begun yet. Wait until it is done, then undo it.",
    "running": "This is still under way. Wait until it is done, then undo it.",
    "failed": "This did not work, so there is nothing to undo.",
}
