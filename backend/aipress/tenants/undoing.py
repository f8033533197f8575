"""How what was done to a site is undone: a renaming by renaming back, a creation by removing what was made, a move by moving back,
a change of size by what it was.

What refuses an undo is said once, in `_refusal`: the button is offered where it says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from aipress.auth.principal import Principal, check_fresh
from aipress.errors import AIPressError, Conflict, NotAllowed
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.operations import undo
from aipress.operations.models import Operation
from aipress.operations.schemas import UndoRead
from aipress.tenants import adjusting, moving, service
from aipress.tenants.access import access_of
from aipress.tenants.models import Tenant, visible_to
from aipress.tenants.on_the_move import called

DAY = timedelta(days=1)
WINDOWS = {"rename": timedelta(hours=1), "provision": timedelta(minutes=15), "move": DAY, "adjust": DAY}


def make_undoings() -> None:
    """Let renamings, creations, moves and changes of size be undone."""
    undo.offer("rename", undo.Undoing(_possible, _rename_back))
    undo.offer("provision", undo.Undoing(_possible, _remove_again))
    undo.offer("move", undo.Undoing(_possible, _move_back))
    undo.offer("adjust", undo.Undoing(_possible, _change_back))


@dataclass(frozen=True)
class World:
    """How things are now: the sites the caller sees, by id, and the latest renaming and change of size of each."""

    tenants: dict[str, Tenant]
    latest: dict[tuple[str, str], str]


async def _possible(
    session: Session, principal: Principal, operations: Sequence[Operation]
) -> dict[str, UndoRead]:
    recent = [one for one in operations if clock.now() < _until(one)]
    world = await _look(session, principal, recent)
    return {
        one.id: UndoRead(label=_label(one, world.tenants[one.tenant_id]), until=_until(one))
        for one in recent
        if _refusal(principal, one, world) is None
    }


async def _rename_back(session: Session, principal: Principal, operation: Operation) -> Operation:
    tenant = await _checked(session, principal, operation)
    renaming = await service.rename(session, principal, tenant, str((operation.result or {})["was"]))
    if renaming is None:
        raise LookupError(f"{operation.id} renamed a site to its own name")
    return renaming


async def _remove_again(session: Session, principal: Principal, operation: Operation) -> Operation:
    tenant = await _checked(session, principal, operation)
    check_fresh(principal)
    return await service.remove(session, principal, tenant, tenant.slug)


async def _move_back(session: Session, principal: Principal, operation: Operation) -> Operation:
    tenant = await _checked(session, principal, operation)
    return await moving.move(session, principal, tenant, _where_from(operation))


async def _change_back(session: Session, principal: Principal, operation: Operation) -> Operation:
    tenant = await _checked(session, principal, operation)
    wish = adjusting.as_it_was((operation.result or {})["former"])
    return await adjusting.adjust(session, principal, tenant, wish)


async def _checked(session: Session, principal: Principal, operation: Operation) -> Tenant:
    world = await _look(session, principal, [operation])
    if refusal := _refusal(principal, operation, world):
        raise refusal
    return world.tenants[operation.tenant_id]


async def _look(session: Session, principal: Principal, operations: Sequence[Operation]) -> World:
    if not operations:
        return World({}, {})
    wanted = {one.tenant_id for one in operations}
    sites = await session.scalars(visible_to(principal).where(Tenant.id.in_(wanted)))
    of_kind = (Operation.tenant_id, Operation.kind)
    latest = select(*of_kind, func.max(Operation.id)).where(
        Operation.tenant_id.in_(wanted), Operation.kind.in_(("rename", "adjust"))
    )
    found = await session.execute(latest.group_by(*of_kind))
    return World({one.id: one for one in sites}, {(tenant_id, kind): last for tenant_id, kind, last in found})


def _refusal(principal: Principal, operation: Operation, world: World) -> AIPressError | None:
    """Why this can't be undone by this caller now; None when it can."""
    tenant = world.tenants.get(operation.tenant_id)
    if tenant is None or tenant.state == "removing":
        return Conflict(f"“{operation.tenant_name}” is removed or being removed; there is nothing to undo.")
    if clock.now() >= _until(operation):
        return Conflict(f"It is too late to undo this; that was possible {LONG[operation.kind]}.")
    if operation.kind == "rename":
        return _refusal_to_rename(operation, tenant, world)
    if operation.kind == "move":
        return _refusal_to_move(principal, operation, tenant)
    if operation.kind == "adjust":
        return _refusal_to_change(principal, operation, tenant, world)
    return _refusal_to_remove(principal, tenant)


def _refusal_to_rename(operation: Operation, tenant: Tenant, world: World) -> AIPressError | None:
    if world.latest.get((tenant.id, "rename")) == operation.id:
        return None
    return Conflict(
        f"The site was renamed again since; it is called “{tenant.name}” now. Nothing was changed."
    )


def _refusal_to_change(
    principal: Principal, operation: Operation, tenant: Tenant, world: World
) -> AIPressError | None:
    if world.latest.get((tenant.id, "adjust")) != operation.id:
        return Conflict(f"The size of “{tenant.name}” was changed again since. Nothing was changed.")
    if tenant.state != "live":
        return Conflict(f"“{tenant.name}” is not up, so its size is not changed.")
    if not principal.is_person:
        return NotAllowed("Another size can cost money: propose it as a plan, and a person confirms it.")
    if access_of(principal, tenant) == "member":
        return NotAllowed(f"Ask {tenant.owner_email}, whose site it is.")
    return None


def _refusal_to_remove(principal: Principal, tenant: Tenant) -> AIPressError | None:
    if tenant.state != "live":
        return Conflict(f"“{tenant.name}” is not up, so its creation can't be undone. Remove it instead.")
    if not principal.is_person:
        return NotAllowed(
            f"Undoing this removes “{tenant.name}”: propose that as a plan, and a person confirms it."
        )
    if access_of(principal, tenant) == "member":
        return NotAllowed(
            f"Undoing this removes “{tenant.name}”. Ask {tenant.owner_email}, whose site it is."
        )
    return None


def _refusal_to_move(principal: Principal, operation: Operation, tenant: Tenant) -> AIPressError | None:
    if tenant.state != "live" or tenant.live.id != operation.environment_id or tenant.arriving is not None:
        return Conflict(f"“{tenant.name}” is not where this move took it any more. Nothing was changed.")
    if not principal.is_person:
        return NotAllowed(
            f"Moving “{tenant.name}” interrupts it: propose that as a plan, and a person confirms it."
        )
    if access_of(principal, tenant) == "member":
        return NotAllowed(f"Ask {tenant.owner_email}, whose site it is, to move “{tenant.name}” back.")
    return None


def _where_from(operation: Operation) -> str:
    return str((operation.result or {})["from_cloud"])


def _until(operation: Operation) -> datetime:
    return (operation.ended_at or operation.created_at) + WINDOWS[operation.kind]


def _label(operation: Operation, tenant: Tenant) -> str:
    if operation.kind == "rename":
        return f"Call it “{(operation.result or {})['was']}” again"
    if operation.kind == "move":
        return f"Move “{tenant.name}” back to {called(_where_from(operation))}"
    if operation.kind == "adjust":
        return f"Make it {adjusting.former_in_words(operation.result or {})} again"
    return f"Remove “{tenant.name}” with everything in it"


LONG = {
    "rename": "for an hour",
    "provision": "for a quarter of an hour",
    "move": "for a day",
    "adjust": "for a day",
}
