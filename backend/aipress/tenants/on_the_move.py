"""What can't be done to a site while it is on its way from one cloud to another."""

from aipress.errors import Conflict
from aipress.tenants.models import Tenant

CALLED = {"local": "this machine", "gcp": "Google Cloud"}


def called(cloud: str) -> str:
    """A cloud's name, as people say it."""
    return CALLED.get(cloud, cloud)


def check_not_moving(tenant: Tenant, what: str) -> None:
    """Raises Conflict while the site is being moved; `what` is what can't be done to it meanwhile: it can't be `renamed`."""
    if tenant.arriving is not None:
        raise Conflict(
            f"“{tenant.name}” is being moved to {called(tenant.arriving.cloud)}, so it can't be {what} now. Nothing was changed."
        )


def check_all_there(tenant: Tenant) -> None:
    """Raises Conflict while it is being moved, or what it left by a move is not wholly taken down."""
    check_not_moving(tenant, "moved again")
    if tenant.leaving is not None:
        where = called(tenant.leaving.cloud)
        raise Conflict(
            f"“{tenant.name}” has just left {where}; what is left there is being taken down. Try again in a moment."
        )
