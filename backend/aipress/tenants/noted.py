"""Who reads what the audit log says of sites: whoever has a part in one reads what anybody did to it."""

from sqlalchemy import ColumnElement, select

from aipress.audit.models import AuditEntry, show_also
from aipress.auth.principal import Principal
from aipress.tenants.models import Tenant
from aipress.users.models import shared_with

OWNERS_ALONE = ("SET_SECRET", "DELETE_SECRET")  # members may not even know which secrets a site has


def show_entries() -> None:
    """Let the audit log show what was done to sites to the people of those."""
    show_also("sites", on_sites_of)


def on_sites_of(principal: Principal) -> ColumnElement[bool]:
    """True of what was done to the caller's sites. Also to removed ones: their owner reads who removed them."""
    owned = select(Tenant.id).where(Tenant.owner_id == principal.id)
    as_member = AuditEntry.subject.in_(shared_with(principal)) & AuditEntry.action.not_in(OWNERS_ALONE)
    return AuditEntry.subject.in_(owned) | as_member
