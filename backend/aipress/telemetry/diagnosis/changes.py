"""What was changed: by the platform, by people, and inside WordPress. What came just before trouble may be its cause."""

from collections.abc import Sequence
from datetime import timedelta

from aipress.audit.models import AuditEntry
from aipress.operations.models import Operation
from aipress.telemetry.diagnosis.evidence import Fact, Rows, Value, shortened
from aipress.telemetry.diagnosis.looking import Looking, in_all, rows_of, told

BEFORE = timedelta(days=1)  # how long before the window changes are looked for
ONLY_LOOKS = ("OPEN_ADMIN",)


async def facts_of_changes(looking: Looking) -> list[Fact]:
    """What WordPress said was switched on, off or exchanged."""
    query = looking.query("wordpress")
    found = []
    for line in await looking.newest(query):
        if line.fields.get("kind") == "changed":
            what, name = shortened(told(line, "what")), shortened(told(line, "name"))
            values: dict[str, Value] = {"what": what, "name": name}
            rows = rows_of(query, in_all([line], name), line.time)
            found.append(Fact("change", line.time, line.time, values, rows))
    return found


def facts_of_operations(operations: Sequence[Operation]) -> list[Fact]:
    """What the platform did to the site."""
    return [
        Fact(
            "change",
            one.created_at,
            one.ended_at or one.created_at,
            {"what": one.kind, "name": one.state, "operation": one.id},
            Rows("operations", {"operation": one.id}),
        )
        for one in operations
    ]


def facts_of_audit(entries: Sequence[AuditEntry]) -> list[Fact]:
    """What people did to it."""
    return [
        Fact(
            "change",
            one.at,
            one.at,
            {"what": one.action, "name": ""},
            Rows("audit", {"subject": one.subject, "action": one.action}),
        )
        for one in entries
        if one.action not in ONLY_LOOKS
    ]
