"""What the workflows that change a site's size note of it: that it is as it was wished, or is taken back to what it was."""

from dataclasses import replace

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.options import Options
from aipress.kit import logs
from aipress.operations import steps
from aipress.tenants import ledger
from aipress.tenants.models import Tenant

log = logs.get()


async def mark_adjusted(env: EnvironmentSpec) -> None:
    """It is as it was wished, and somebody outside saw it."""
    async with ledger.rows().transaction() as session:
        tenant, operation = await ledger.tenant_of(session, env), await ledger.operation_here(session)
        if operation is None or operation.is_final:
            return
        former = tenant.former or {}
        operation.succeed(
            await steps.so_far(operation),
            tier=tenant.tier,
            was=str(former.get("tier", tenant.tier)),
            former=former,
        )
        tenant.former = None


async def take_back(env: EnvironmentSpec, why: str) -> EnvironmentSpec:
    """It is to be what it was; what it was stays noted until it is that again."""
    log.warning("a change of size failed", environment=env.id, why=why)
    async with ledger.rows().transaction() as session:
        tenant, operation = await ledger.tenant_of(session, env), await ledger.operation_here(session)
        return_to_former(tenant)
        former = replace(env, tier=tenant.tier, options=Options(**tenant.options))
        if operation is not None and not operation.is_final:
            operation.fail(
                await steps.so_far(operation),
                "The size was not changed",
                f"{why} The site goes back to what it was.",
            )
        return former


def return_to_former(tenant: Tenant) -> None:
    """The tier and options before the change that is under way. Safe to say again."""
    if tenant.former is not None:
        tenant.tier, tenant.options = tenant.former["tier"], tenant.former["options"]


async def mark_settled(env: EnvironmentSpec) -> None:
    """It is what its row says; nothing of a broken change is left."""
    async with ledger.rows().transaction() as session:
        (await ledger.tenant_of(session, env)).former = None
