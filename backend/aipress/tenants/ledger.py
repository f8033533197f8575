"""What workflows read from and write to the rows: short transactions of their own, each safe to repeat."""

from sqlalchemy import select

from aipress import clouds, durable
from aipress.clouds.base import EnvironmentSpec, Identity
from aipress.errors import CloudRefused
from aipress.kit import logs
from aipress.kit.db import Database, Session
from aipress.operations import steps
from aipress.operations.models import Operation
from aipress.tenants.models import Environment, Tenant

log = logs.get()
_rows: list[Database] = []


def use(rows: Database) -> None:
    """The database the workflows of this process write to."""
    _rows[:] = [rows]


def rows() -> Database:
    """The database in use. A LookupError means that start-up forgot `use`."""
    if not _rows:
        raise LookupError("no database chosen: call ledger.use() at start")
    return _rows[0]


async def environments_there(rows: Database, cloud: str) -> list[EnvironmentSpec]:
    """Every environment on this cloud that uses something: live ones, and those that are kept prepared."""
    async with rows.reading() as session:
        here = select(Environment).where(
            Environment.state.in_(("live", "pooled")), Environment.cloud == cloud
        )
        return [one.spec() for one in await session.scalars(here)]


async def look_up(environment_id: str) -> EnvironmentSpec:
    """The environment as clouds know it."""
    async with rows().transaction() as session:
        environment = await environment_of(session, environment_id)
        operation = await operation_here(session)
        if operation is not None and operation.state == "queued":
            operation.state = "running"
        return environment.spec()


async def identity_of(env: EnvironmentSpec) -> Identity:
    """Whose site it is."""
    async with rows().reading() as session:
        tenant = (await environment_of(session, env.id)).tenant
        if tenant is None:
            raise CloudRefused("This environment is nobody's; there is nothing to write on it.")
        return Identity(tenant.name, await url_of(env), tenant.owner_email, tenant.owner_name)


async def mark(env: EnvironmentSpec, state: str) -> None:
    async with rows().transaction() as session:
        (await environment_of(session, env.id)).state = state


async def mark_live(env: EnvironmentSpec) -> None:
    """The site is there, and somebody outside saw it."""
    await _conclude(env, "live", "live", None)


async def mark_failed(env: EnvironmentSpec, why: str) -> None:
    """Say first that it went wrong; taking it down comes after."""
    log.warning("provisioning failed", environment=env.id, why=why)
    await _conclude(env, "failed", "failed", why)


async def mark_removed(env: EnvironmentSpec) -> None:
    await _conclude(env, "removed", "removed", None)


async def mark_stuck(env: EnvironmentSpec, why: str) -> None:
    """Removal did not finish; the reconciler will try again."""
    log.error("removal is stuck", environment=env.id, why=why)
    async with rows().transaction() as session:
        operation = await operation_here(session)
        if operation is not None and not operation.is_final:
            operation.fail(
                await steps.so_far(operation), "The site is not wholly removed yet", f"{why} We keep trying."
            )


def note_failed_repair(env: EnvironmentSpec, why: str) -> None:
    log.error("repair failed", environment=env.id, why=why)


async def _conclude(env: EnvironmentSpec, environment_state: str, tenant_state: str, why: str | None) -> None:
    async with rows().transaction() as session:
        environment = await environment_of(session, env.id)
        environment.state = environment_state
        if environment.tenant is not None and environment.kind == "live":
            environment.tenant.state = tenant_state
        operation = await operation_here(session)
        if operation is None or operation.is_final:
            return
        if why is None:
            url = await url_of(env) if environment_state == "live" else ""
            operation.succeed(await steps.so_far(operation), **({"url": url} if url else {}))
        else:
            operation.fail(
                await steps.so_far(operation),
                "The site could not be made",
                f"{why} What had been made is taken down again.",
            )


async def url_of(env: EnvironmentSpec) -> str:
    """Where it answers, on its own cloud."""
    return (await clouds.of(env).edge.address_of(env)).url


async def environment_of(session: Session, environment_id: str) -> Environment:
    found = await session.scalar(select(Environment).where(Environment.id == environment_id))
    if found is None:
        raise CloudRefused(f"environment {environment_id} is not in the database")
    return found


async def tenant_of(session: Session, env: EnvironmentSpec) -> Tenant:
    """Whose environment it is. Raises CloudRefused for one that is nobody's."""
    tenant = (await environment_of(session, env.id)).tenant
    if tenant is None:
        raise CloudRefused(f"environment {env.id} is nobody's")
    return tenant


async def operation_here(session: Session) -> Operation | None:
    """The operation whose workflow this is; the pool's workflows have none."""
    return await session.scalar(select(Operation).where(Operation.workflow_id == durable.current()))
