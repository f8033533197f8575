"""From rows that were written to changes that are told: which rows matter to anybody, and to whom."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import inspect

from aipress.events.hub import Change
from aipress.kit.db import Row
from aipress.operations.models import Operation
from aipress.plans.models import Plan
from aipress.tenants.models import Tenant
from aipress.threads.models import Thread

Said = dict[str, Any]


def of(rows: Iterable[Row]) -> list[Change]:
    """What is told of these rows, each thing once."""
    found = {
        (change.kind, change.id): change
        for row in rows
        if (read := READ.get(type(row))) and (change := read(inspect(row).dict))
    }
    return list(found.values())


def _tenant(row: Said) -> Change:
    return Change("tenant", row["id"], row["id"], row["state"], frozenset((row["owner_id"],)))


def _operation(row: Said) -> Change:
    return Change("operation", row["id"], row["tenant_id"], row["state"], frozenset((row["owner_id"],)))


def _plan(row: Said) -> Change:
    subject = row["terms"].get("subject") or {}
    return Change("plan", row["id"], subject.get("id"), row["state"], frozenset((row["owner_id"],)))


def _thread(row: Said) -> Change:
    return Change("conversation", row["id"], None, None, frozenset((row["owner_id"],)))


READ: dict[type[Row], Callable[[Said], Change]] = {
    Tenant: _tenant,
    Operation: _operation,
    Plan: _plan,
    Thread: _thread,
}
