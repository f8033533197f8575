"""What a caller is to a site, and what is its owner's alone: what costs, destroys or opens it."""

from typing import Literal

from aipress.auth.principal import Principal
from aipress.errors import NotAllowed
from aipress.tenants.models import Tenant

Access = Literal["owner", "member", "admin"]


def access_of(principal: Principal, tenant: Tenant) -> Access:
    """What the caller is to a site they may see. Somebody's own site is theirs, also when they are an admin."""
    if tenant.owner_id == principal.id:
        return "owner"
    return "admin" if principal.is_admin else "member"


def check_in_charge(principal: Principal, tenant: Tenant, deed: str) -> None:
    """For what can't be taken back by everybody. Raises NotAllowed for members, saying whom to ask for `deed`."""
    if access_of(principal, tenant) == "member":
        raise NotAllowed(
            f"“{tenant.name}” is shared with you: only its owner and admins can {deed}. Ask {tenant.owner_email}."
        )
