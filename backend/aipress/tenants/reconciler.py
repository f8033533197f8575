"""What should be, held against what is: at start and every minute. Workflows create; this repairs.

It mends four things: work noted but never started, work that broke off or got stuck, leftovers nobody should have,
and parts that a living environment lost. Data that is lost is reported, never replaced by something empty.
Of several clouds each is looked at by itself: one that does not answer keeps no other from being mended.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select

from aipress import clouds, durable
from aipress.clouds.base import Cloud
from aipress.clouds.each import of_each
from aipress.kit import logs
from aipress.kit.db import Database, Session
from aipress.operations import models as operations
from aipress.operations import steps
from aipress.operations.models import Operation
from aipress.tenants import ledger, move_workflow, workflows
from aipress.tenants.adjusted import return_to_former
from aipress.tenants.models import Environment, Tenant
from aipress.tenants.service import FLOWS
from aipress.tenants.strays import ALIVE, clear_places, clear_strays, existing, next_attempt

log = logs.get()
LATE = timedelta(minutes=5)
LATE_TO_MOVE = timedelta(hours=6)  # much media takes its time
DATA = ("vault", "databases", "buckets")
REPLACEABLE = ("caches", "runtime", "edge")  # a pooled environment has no address, so the edge comes last


@dataclass
class Findings:
    """What the last round found and could not mend by itself."""

    lost: list[str] = field(default_factory=list)
    stranded: list[str] = field(default_factory=list)


async def keep_true(rows: Database, every: float, findings: Findings) -> None:
    """Reconcile now, then every so many seconds, until cancelled."""
    while True:
        try:
            await reconcile(rows, findings)
        except Exception:
            log.exception("a round of reconciliation failed; the next one comes")
        await asyncio.sleep(every)


async def reconcile(rows: Database, findings: Findings) -> None:
    """One round."""
    await take_up_operations(rows)
    await take_up_removals(rows)
    await take_up_preparations(rows)
    await settle_changes(rows)
    await clear_places(rows)
    lost = await of_each("what is there", lambda cloud: _mend(rows, cloud))
    findings.lost = [part for of_cloud in lost.values() for part in of_cloud]
    findings.stranded = await _stranded()
    if findings.stranded or findings.lost:
        log.error("needs a person", stranded=findings.stranded, lost=findings.lost)


async def _stranded() -> list[str]:
    late, long_since = await durable.stranded(LATE), await durable.stranded(LATE_TO_MOVE)
    return [one for one in late if one in long_since or not one.startswith("move:")]


async def _mend(rows: Database, cloud: Cloud) -> list[str]:
    """Of one cloud: take down what should not be there, and make again what should."""
    await clear_strays(rows, cloud)
    return await mend_losses(rows, cloud)


async def take_up_operations(rows: Database) -> None:
    """Start what was noted and never started; end what broke off, and take down what it left."""
    async with rows.reading() as session:
        here = select(Environment.id).where(_is_here())
        wanted = operations.unfinished().where(Operation.environment_id.in_(here))
        open_ones = (await session.scalars(wanted)).all()
    for operation in open_ones:
        state = await durable.state_of(operation.workflow_id)
        if state == "unknown":
            await durable.start(FLOWS[operation.kind], operation.environment_id, operation.attempt)
        elif state in ("broken", "done"):
            await _end_broken(rows, operation.id)


WHAT_COMES = {
    "move": "The site stays where it was; what had been made is taken down again.",
    "provision": "What had been made is taken down again.",
    "remove": "What is left of it is removed all the same; we keep trying.",
    "adjust": "The site goes back to what it was.",
}


async def _end_broken(rows: Database, operation_id: str) -> None:
    """An operation whose workflow ended without saying so: fail it. What was half made is taken down as a stray."""
    async with rows.transaction() as session:
        operation = await session.get_one(Operation, operation_id)
        if operation.is_final:
            return
        log.error("a workflow broke off", operation=operation.id, workflow=operation.workflow_id)
        environment = await _environment(session, operation.environment_id)
        if operation.kind == "move" and environment.kind == "live":
            operation.succeed(await steps.so_far(operation), **(operation.result or {}))
            return
        operation.fail(await steps.so_far(operation), "It broke off", WHAT_COMES[operation.kind])
        if operation.kind == "move":
            environment.state = "removing"
        if operation.kind == "adjust":
            return_to_former(await ledger.tenant_of(session, environment.spec()))
        if operation.kind != "provision":
            return
        environment.state = "failed"
        if environment.tenant:
            environment.tenant.state = "failed"


async def take_up_removals(rows: Database) -> None:
    """Removals that got stuck or broke off are begun again until nothing is left; so is what a move left on either side."""
    async with rows.reading() as session:
        removing = (await session.scalars(_here("removing"))).all()
        moving = [one.id for one in removing if await _is_being_moved(session, one)]
    for environment in [one for one in removing if one.id not in moving]:
        flow, last = DOWN.get(environment.kind, workflows.remove), environment.attempt - 1
        state = await durable.state_of(durable.name_of(flow, environment.id, last))
        if state == "unknown":
            await durable.start(flow, environment.id, last)
        elif state in ("broken", "done"):
            attempt = await next_attempt(rows, environment.id)
            await durable.start(flow, environment.id, attempt or 1)


DOWN = {"arriving": move_workflow.stay, "leaving": move_workflow.depart}


async def _is_being_moved(session: Session, environment: Environment) -> bool:
    """Whether the move itself is at work on it: it takes down both what it left and what it could not reach."""
    moves = select(Operation.workflow_id).where(
        Operation.kind == "move", Operation.tenant_id == environment.tenant_id
    )
    last = await session.scalar(moves.order_by(Operation.id.desc()).limit(1))
    return (
        environment.kind in DOWN
        and last is not None
        and await durable.state_of(last) in ("unknown", "running")
    )


async def take_up_preparations(rows: Database) -> None:
    """Pool environments whose preparation never began, or broke off."""
    async with rows.reading() as session:
        preparing = (await session.scalars(_here("preparing"))).all()
    for environment in preparing:
        state = await durable.state_of(durable.name_of(workflows.prepare, environment.id))
        if state == "unknown":
            await durable.start(workflows.prepare, environment.id)
        elif state in ("broken", "done"):
            await _end_preparation(rows, environment.id)


async def _end_preparation(rows: Database, environment_id: str) -> None:
    """Call it failed, unless it became ready while we looked: then it may be somebody's site by now."""
    async with rows.transaction() as session:
        environment = await _environment(session, environment_id)
        if environment.state == "preparing":
            environment.state = "failed"


async def settle_changes(rows: Database) -> None:
    """Sites whose change of size neither went through nor was taken back: made as their row says, until they are that."""
    unsettled = select(Environment).join(Tenant, Environment.tenant_id == Tenant.id)
    unsettled = unsettled.where(Tenant.former.is_not(None), Environment.state == "live", _is_here())
    async with rows.reading() as session:
        found = (await session.scalars(unsettled.where(Environment.id.not_in(_under_way())))).all()
    for environment in found:
        last = environment.attempt - 1
        names = [durable.name_of(flow, environment.id, last) for flow in (workflows.adjust, workflows.settle)]
        if "running" not in [await durable.state_of(name) for name in names]:
            attempt = await next_attempt(rows, environment.id)
            await durable.start(workflows.settle, environment.id, attempt or 1)


async def mend_losses(rows: Database, cloud: Cloud) -> list[str]:
    """Make again what a living environment on this cloud lost and can be made again; name what it lost for good.

    Only what was alive before and after the look counts: between the two it may have been made or removed.
    """
    before, exists, after = await _alive(rows, cloud), await existing(cloud), await _alive(rows, cloud)
    lost = []
    for environment_id in sorted(before.keys() & after.keys()):
        gone = [kind for kind in DATA if environment_id not in exists[kind]]
        lost += [f"{kind} of {environment_id}" for kind in gone]
        needed = REPLACEABLE if before[environment_id] == "live" else REPLACEABLE[:-1]
        if not gone and any(environment_id not in exists[kind] for kind in needed):
            attempt = await next_attempt(rows, environment_id)
            await durable.start(workflows.repair, environment_id, attempt or 1)
    return lost


async def _alive(rows: Database, cloud: Cloud) -> dict[str, str]:
    """Those that stand there by themselves: what an operation is at work on may lack anything for a while."""
    alive = select(Environment.id, Environment.state).where(
        Environment.state.in_(ALIVE), Environment.cloud == cloud.name, Environment.id.not_in(_under_way())
    )
    async with rows.reading() as session:
        return dict((await session.execute(alive)).all())


def _under_way() -> Select[str]:
    """Environments on which an operation goes on."""
    return select(Operation.environment_id).where(Operation.state.in_(operations.UNFINISHED))


def _here(state: str) -> Select[Environment]:
    return select(Environment).where(Environment.state == state, _is_here())


def _is_here() -> ColumnElement[bool]:
    """True of environments on a cloud of this platform: of another one's nothing can be known or mended here."""
    return Environment.cloud.in_([cloud.name for cloud in clouds.every()])


async def _environment(session: Session, environment_id: str) -> Environment:
    found: Environment = (
        await session.scalars(select(Environment).where(Environment.id == environment_id))
    ).one()
    return found
