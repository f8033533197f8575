"""What can be asked of the audit log: read it, and whether it is whole."""

from aipress.audit.models import AuditEntry, visible_to
from aipress.audit.schemas import ActorRead, AuditRead, Sought
from aipress.auth.principal import Principal
from aipress.kit import paging
from aipress.kit.db import Session


async def listed(session: Session, principal: Principal, sought: Sought) -> paging.Page[AuditRead]:
    """What this caller may see of it, newest first."""
    wanted = paging.Slice(sought.limit, sought.cursor)
    query = visible_to(principal)
    if sought.actor:
        query = query.where((AuditEntry.actor_id == sought.actor) | (AuditEntry.actor_email == sought.actor))
    if sought.action:
        query = query.where(AuditEntry.action == sought.action)
    if sought.subject:
        query = query.where(AuditEntry.subject == sought.subject)
    rows, cursor = await paging.fetch(session, query, AuditEntry.id, wanted)
    return paging.Page(items=[_shown(row) for row in rows], next_cursor=cursor)


def _shown(entry: AuditEntry) -> AuditRead:
    return AuditRead(
        id=entry.id,
        number=entry.number,
        at=entry.at,
        actor=ActorRead(kind=entry.actor_kind, id=entry.actor_id, email=entry.actor_email),
        action=entry.action,
        subject=entry.subject,
        detail={name: str(value) for name, value in entry.detail.items()},
        seal=entry.seal,
    )
