"""Clearing a site's page cache: at once, by whoever shares the site, and with a receipt."""

from urllib.parse import quote

from aipress import clouds
from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.errors import Conflict
from aipress.kit.db import Session
from aipress.operations.models import Operation
from aipress.tenants import service
from aipress.tenants.models import Tenant

PRINTABLE = "/%:@!$&'()*+,;=~"


async def purge(session: Session, principal: Principal, tenant: Tenant, path: str | None) -> Operation:
    """Let the edge forget every page of the site, or those at one path: the receipt.

    Raises Conflict while the site is not up, CloudBusy.
    """
    if tenant.state != "live":
        raise Conflict(f"“{tenant.name}” is not up, so nothing of it is kept.")
    wanted = quote(path.partition("?")[0], safe=PRINTABLE) if path else ""
    await clouds.of(tenant.live.spec()).edge.purge(tenant.live.id, wanted)
    receipt = service.noted(principal, "purge", tenant, tenant.live)
    receipt.succeed([], **({"path": wanted} if wanted else {}))
    session.add(receipt)
    told = {"path": wanted} if wanted else {}
    record(session, principal, "PURGE_CACHE", tenant.id, name=tenant.name, operation=receipt.id, **told)
    return receipt
