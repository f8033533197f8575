"""What a move reads from and writes to the rows: short transactions of their own, each safe to repeat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import select

from aipress import clouds
from aipress.audit.models import record
from aipress.auth.principal import Principal, Role
from aipress.errors import CloudRefused
from aipress.kit import clock, logs
from aipress.kit.db import Session
from aipress.operations import steps
from aipress.operations.models import Operation
from aipress.tenants import belongings, ledger
from aipress.tenants.belongings import Move
from aipress.tenants.carrying_files import Carried
from aipress.tenants.models import Environment, Tenant

log = logs.get()
NOT_MOVED = "The site was not moved"


@dataclass(frozen=True)
class Passage:
    """What a site came through with: since when it was read only, its files, and the digest of its database."""

    since: datetime
    files: Carried
    digest: str


async def look_up(environment_id: str) -> Move:
    """The move whose end this environment is to be. Raises CloudRefused where the site is there already."""
    async with ledger.rows().transaction() as session:
        arriving = await ledger.environment_of(session, environment_id)
        if arriving.kind != "arriving" or arriving.tenant is None:
            raise CloudRefused("Nothing is on its way into this environment.")
        operation = await ledger.operation_here(session)
        if operation is not None and operation.state == "queued":
            operation.state = "running"
        return Move((await _live(session, arriving.tenant.id)).spec(), arriving.spec())


async def look_up_departure(environment_id: str) -> Move:
    """The move whose beginning this environment was."""
    async with ledger.rows().reading() as session:
        left = await ledger.environment_of(session, environment_id)
        if left.kind != "leaving" or left.tenant is None:
            raise CloudRefused("No site has left this environment.")
        return Move(left.spec(), (await _live(session, left.tenant.id)).spec())


async def switch(move: Move, passage: Passage) -> None:
    """From here on the site is the new environment: for all at once, or for nobody."""
    async with ledger.rows().transaction() as session:
        locked = select(Tenant).where(Tenant.id == move.arriving.tenant).with_for_update()
        tenant = (await session.scalars(locked)).one()
        arriving = await ledger.environment_of(session, move.arriving.id)
        source = await ledger.environment_of(session, move.source.id)
        if arriving.kind == "live":
            return
        if tenant.state != "live" or source.kind != "live" or arriving.state != "provisioning":
            raise CloudRefused("The site is not up any more, so it can't be moved.")
        source.kind, source.state = "leaving", "removing"
        arriving.kind, arriving.state = "live", "live"
        tenant.cloud = arriving.cloud
        await belongings.hand_over(session, move)
        operation = await ledger.operation_here(session)
        if operation is not None:
            operation.result = await _result(move, passage)
            _record(session, operation, move)


async def has_arrived(move: Move) -> bool:
    """Whether the site is the new environment, and up."""
    async with ledger.rows().reading() as session:
        arriving = await ledger.environment_of(session, move.arriving.id)
        return (arriving.kind, arriving.state) == ("live", "live")


async def mark_moved(move: Move, left: str) -> None:
    """It is over, and nothing is left; or, where `left` says why, the reconciler takes down what is."""
    if left:
        log.error("what a moved site left behind is still there", environment=move.source.id, why=left)
    async with ledger.rows().transaction() as session:
        if not left:
            (await ledger.environment_of(session, move.source.id)).state = "removed"
        operation = await ledger.operation_here(session)
        if operation is not None and not operation.is_final:
            operation.succeed(await steps.so_far(operation), **(operation.result or {}))


async def mark_not_moved(move: Move, why: str) -> None:
    """The site is as it was. What was made of the new one is on its way down."""
    log.warning("a site was not moved", environment=move.source.id, why=why)
    await _fail(move, f"{why} It is where it was, and as it was.")


async def mark_not_back(move: Move, why: str, trouble: str) -> None:
    """Not wholly: the reconciler goes on until the site is open and nothing is left of the new one."""
    log.error("a move is not wholly undone", environment=move.source.id, why=trouble)
    await _fail(move, f"{why} It stays where it was; we keep tidying up.")


async def mark_back(move: Move) -> None:
    async with ledger.rows().transaction() as session:
        (await ledger.environment_of(session, move.arriving.id)).state = "removed"


async def _fail(move: Move, why: str) -> None:
    async with ledger.rows().transaction() as session:
        (await ledger.environment_of(session, move.arriving.id)).state = "removing"
        operation = await ledger.operation_here(session)
        if operation is not None and not operation.is_final:
            operation.fail(await steps.so_far(operation), NOT_MOVED, why)


async def _result(move: Move, passage: Passage) -> dict[str, str]:
    address = await clouds.of(move.arriving).edge.address_of(move.arriving)
    return {
        "url": address.url,
        "from_cloud": move.source.cloud,
        "to_cloud": move.arriving.cloud,
        "read_only_seconds": f"{(clock.now() - passage.since).total_seconds():.1f}",
        "files": str(passage.files.files),
        "bytes": str(passage.files.bytes),
        "left_out": str(len(passage.files.left_out)),
        "digest": passage.digest,
    }


def _record(session: Session, operation: Operation, move: Move) -> None:
    """In the name of whoever asked for it."""
    kind = cast(Literal["user", "agent", "operator"], operation.actor_kind or "operator")
    who = Principal(kind, operation.actor_id or "", operation.actor_email or "", "", Role.TENANT)
    told = {"from_cloud": move.source.cloud, "to_cloud": move.arriving.cloud, "operation": operation.id}
    record(session, who, "SITE_MOVED", operation.tenant_id, name=operation.tenant_name, **told)


async def _live(session: Session, tenant_id: str) -> Environment:
    found = select(Environment).where(Environment.tenant_id == tenant_id, Environment.kind == "live")
    return (await session.scalars(found)).one()
