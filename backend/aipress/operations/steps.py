"""The steps people watch: their names in plain words, how far they are, and how long they usually take.

While an operation runs, its steps are read from the workflow's own record; when it ends they are kept on its row.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from aipress import durable
from aipress.kit.db import Session
from aipress.operations.models import Operation
from aipress.operations.schemas import StepRead

LABELS: dict[str, dict[str, str]] = {
    "provision": {
        "seal_secrets": "Keys and passwords",
        "make_bucket": "Storage",
        "start_wordpress": "WordPress",
        "make_cache": "Cache",
        "make_database": "Database",
        "introduce": "Your name on it",
        "publish": "Address",
        "wait_until_it_answers": "First visit",
    },
    "remove": {
        "withdraw": "Address",
        "stop_wordpress": "WordPress",
        "remove_cache": "Cache",
        "remove_bucket": "Storage",
        "remove_database": "Database",
        "shred_secrets": "Keys and passwords",
    },
    "move": {
        "seal_secrets": "New keys and passwords",
        "make_bucket": "New storage",
        "start_wordpress": "New WordPress",
        "make_cache": "New cache",
        "make_database": "New database",
        "carry_most_files": "Files carried",
        "start_with_files": "WordPress with its files",
        "warm_up": "WordPress awake",
        "let_mail_go": "Mail sent",
        "freeze": "Site read only",
        "carry_changed_files": "Files carried that changed since",
        "start_with_all_files": "WordPress with all files",
        "carry_database": "Database carried and compared",
        "change_address": "Links to the new address",
        "carry_the_rest": "Secrets carried",
        "publish": "New address",
        "wait_until_it_answers": "First visit",
        "switch": "Moved",
        "carry_mail": "Kept mail carried",
        "withdraw": "Old address",
        "stop_wordpress": "Old WordPress",
        "remove_cache": "Old cache",
        "remove_bucket": "Old storage",
        "remove_database": "Old database",
        "shred_secrets": "Old keys and passwords",
    },
    "adjust": {
        "seal_secrets": "Room for it",
        "make_bucket": "Storage",
        "make_database": "Database",
        "start_wordpress": "WordPress",
        "publish": "Address",
        "wait_until_it_answers": "A visit",
    },
    "rename": {},
    "purge": {},
    "add_domain": {},
    "remove_domain": {},
}
HISTORY = 200  # operations the usual durations are taken from


async def timeline(session: Session, operation: Operation) -> list[StepRead]:
    """Every step of the operation, done or to come, with its usual duration in seconds."""
    usual = await usual_durations(session, operation.kind)
    rows = operation.steps if operation.is_final else await so_far(operation)
    return [StepRead(**row, **usual.get(row["key"], {})) for row in rows]


async def so_far(operation: Operation) -> list[dict[str, Any]]:
    """The steps as the workflow has recorded them until now, ready to be kept as JSON."""
    recorded = {one.key: one for one in await durable.steps_of(operation.workflow_id)}
    rows: list[dict[str, Any]] = []
    next_is_running = operation.state in ("queued", "running")
    for key, label in LABELS[operation.kind].items():
        record = recorded.get(key)
        if record:
            rows.append(
                _row(key, label, "failed" if record.refused else "done", record.started_at, record.ended_at)
            )
            next_is_running = next_is_running and not record.refused
        else:
            rows.append(_row(key, label, "running" if next_is_running else "waiting"))
            next_is_running = False
    return rows


async def usual_durations(session: Session, kind: str) -> dict[str, dict[str, float]]:
    """Median and 90th percentile, in seconds, of each step over the latest operations of this kind that went well."""
    if not LABELS[kind]:
        return {}
    latest = select(Operation.steps).where(Operation.kind == kind, Operation.state == "succeeded")
    durations: dict[str, list[float]] = defaultdict(list)
    for steps in await session.scalars(latest.order_by(Operation.id.desc()).limit(HISTORY)):
        for one in steps:
            if one.get("started_at") and one.get("ended_at"):
                durations[one["key"]].append(_seconds(one["started_at"], one["ended_at"]))
    return {
        key: {"p50": quantile(found, 0.5), "p90": quantile(found, 0.9)} for key, found in durations.items()
    }


def quantile(values: list[float], share: float) -> float:
    """The value below which `share` of `values` lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _seconds(start: str, end: str) -> float:
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 3)


def _row(
    key: str, label: str, state: str, started_at: datetime | None = None, ended_at: datetime | None = None
) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "state": state,
        "started_at": started_at.isoformat() if started_at else None,
        "ended_at": ended_at.isoformat() if ended_at else None,
    }
