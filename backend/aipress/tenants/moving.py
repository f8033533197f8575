"""Carrying a site to another cloud of this platform: what refuses it, and its beginning."""

from sqlalchemy.orm.attributes import flag_modified

from aipress import clouds
from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.clouds.base import Cloud
from aipress.errors import Conflict, Invalid
from aipress.kit import ids
from aipress.kit.db import Session
from aipress.operations.models import Operation
from aipress.tenants import service
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Environment, Tenant, pooled
from aipress.tenants.on_the_move import called, check_all_there


async def move(session: Session, principal: Principal, tenant: Tenant, to: str) -> Operation:
    """Start carrying the site to the cloud of this name. Raises NotAllowed for members, Invalid, Conflict, NoRoom."""
    target = await check_movable(principal, tenant, to)
    await service.check_settled(session, tenant)
    environment = await session.scalar(pooled(target.name)) if target.prepares else None
    if environment is None:
        environment = Environment(id=ids.short(), cloud=target.name)
    environment.kind, environment.state, environment.tenant = "arriving", "provisioning", tenant
    session.add(environment)
    flag_modified(tenant, "cloud")  # of many who say it at once, one gets past the next line
    await session.flush()
    operation = await service.begin(session, principal, "move", tenant, environment)
    told = {"from_cloud": tenant.cloud, "to_cloud": target.name, "operation": operation.id}
    record(session, principal, "MOVE_SITE", tenant.id, name=tenant.name, **told)
    return operation


async def check_movable(principal: Principal, tenant: Tenant, to: str) -> Cloud:
    """The cloud it would go to. Raises what `move` raises."""
    check_in_charge(principal, tenant, "move it")
    target = cloud_named(to)
    if tenant.state != "live":
        raise Conflict(f"“{tenant.name}” is not up, so it can't be moved.")
    check_all_there(tenant)
    if tenant.cloud == to:
        raise Conflict(f"“{tenant.name}” is on {called(to)} already.")
    options = tenant.live.spec().options
    if refusals := target.choices.offered(tenant.tier).refusals(options, to):
        raise Conflict(
            f"What was chosen for “{tenant.name}” can't be had there. {next(iter(refusals.values()))}"
        )
    await target.runtime.check_room()
    return target


def cloud_named(name: str) -> Cloud:
    """The platform's cloud of this name. Raises Invalid, saying which there are."""
    there = {one.name: one for one in clouds.every()}
    if name not in there:
        known = " and ".join(f"{called(one)} (“{one}”)" for one in there)
        why = f"This platform has no cloud “{name[:16]}”: its sites are on {known}."
        raise Invalid(why, {"to": why})
    return there[name]
