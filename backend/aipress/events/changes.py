"""From rows that were written to changes that are told: which rows matter to anybody, and to whom."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import inspect, select

from aipress.events.hub import OF_EVERYBODY, Change
from aipress.kit.db import Row, Session
from aipress.operations.models import Operation
from aipress.plans.models import Plan
from aipress.tenants.models import Tenant
from aipress.threads.models import Thread
from aipress.users.models import Membership

Said = dict[str, Any]


def tell_also(table: type[Row], read: Callable[[Said], Change]) -> None:
    """Tell of these rows, too. A room above says so at start."""
    READ[table] = read


def of(rows: Iterable[Row]) -> list[Change]:
    """What is told of these rows, each thing once."""
    found = {
        (change.kind, change.id, change.tenant_id): change
        for row in rows
        if (read := READ.get(type(row))) and (change := read(inspect(row).dict))
    }
    return list(found.values())


async def with_members(session: Session, told: Sequence[Change]) -> list[Change]:
    """The same changes; what belongs to a site concerns its owner and everybody it is shared with."""
    sites = {change.tenant_id for change in told if change.kind in OF_EVERYBODY}
    if not sites:
        return list(told)
    owners = select(Tenant.id, Tenant.owner_id).where(Tenant.id.in_(sites))
    members = select(Membership.tenant_id, Membership.user_id).where(Membership.tenant_id.in_(sites))
    theirs = defaultdict[str | None, set[str]](set)
    for site, user in await session.execute(owners.union_all(members)):
        theirs[site].add(user)
    return [
        replace(change, concerns=change.concerns | theirs[change.tenant_id])
        if change.kind in OF_EVERYBODY
        else change
        for change in told
    ]


def _tenant(row: Said) -> Change:
    return Change("tenant", row["id"], row["id"], row["state"], frozenset((row["owner_id"],)))


def _operation(row: Said) -> Change:
    return Change("operation", row["id"], row["tenant_id"], row["state"], frozenset((row["owner_id"],)))


def _plan(row: Said) -> Change:
    subject = row["terms"].get("subject") or {}
    return Change("plan", row["id"], subject.get("id"), row["state"], frozenset((row["owner_id"],)))


def _thread(row: Said) -> Change:
    return Change("conversation", row["id"], None, None, frozenset((row["owner_id"],)))


def _member(row: Said) -> Change:
    return Change("member", row["user_id"], row["tenant_id"], None, frozenset((row["user_id"],)))


READ: dict[type[Row], Callable[[Said], Change]] = {
    Tenant: _tenant,
    Operation: _operation,
    Plan: _plan,
    Thread: _thread,
    Membership: _member,
}
