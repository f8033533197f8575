"""Who may see what changed: asked of the rooms at the moment it is told, never remembered."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select

from aipress.auth.principal import Principal
from aipress.events.hub import Kind, Numbered
from aipress.kit.db import Session
from aipress.operations import models as operations
from aipress.plans import models as plans
from aipress.tenants import models as tenants
from aipress.threads import models as threads

Door = Callable[[Principal], Select[Any]]
_doors: dict[Kind, tuple[Door, Any]] = {}


def see_also(kind: Kind, door: Door, key: Any) -> None:
    """Ask this door who may see that kind, found by `key`. A room above says so at start."""
    _doors[kind] = door, key


async def seen(session: Session, principal: Principal, told: Sequence[Numbered]) -> list[Numbered]:
    """Those of the changes that this caller may see now, in order."""
    found: list[Numbered] = []
    for kind in {change.kind for _, change in told}:
        of_kind = [one for one in told if one[1].kind == kind]
        visible = await _visible(session, principal, kind, of_kind)
        found += [one for one in of_kind if _key(kind, one) in visible]
    return sorted(found, key=lambda numbered: numbered[0])


async def _visible(
    session: Session, principal: Principal, kind: Kind, told: Sequence[Numbered]
) -> frozenset[str]:
    query, key = _sought(kind, principal)
    wanted = {_key(kind, one) for one in told}
    return frozenset(await session.scalars(query.with_only_columns(key).where(key.in_(wanted))))


def _sought(kind: Kind, principal: Principal) -> tuple[Select[Any], Any]:
    match kind:
        case "operation":
            return operations.visible_to(principal), operations.Operation.id
        case "plan":
            return plans.visible_to(principal), plans.Plan.id
        case "conversation":
            return threads.visible_to(principal), threads.Thread.id
        case "tenant" | "member":
            return tenants.visible_to(principal), tenants.Tenant.id
        case _:
            door, key = _doors[kind]
            return door(principal), key


def _key(kind: Kind, told: Numbered) -> str:
    """What is looked for: the thing itself, or the site somebody is a member of."""
    return (told[1].tenant_id or "") if kind == "member" else told[1].id
