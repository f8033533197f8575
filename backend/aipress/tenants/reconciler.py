"""What should be, held against what is: at start and every minute. Workflows create; this repairs.

It mends four things: work noted but never started, work that broke off or got stuck, leftovers nobody should have,
and parts that a living environment lost. Data that is lost is reported, never replaced by something empty.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, select

from aipress import clouds, durable
from aipress.errors import CloudError
from aipress.kit import logs
from aipress.kit.db import Database, Session
from aipress.operations import models as operations
from aipress.operations import steps
from aipress.operations.models import Operation
from aipress.tenants import workflows
from aipress.tenants.models import Environment, Placement
from aipress.tenants.service import FLOWS

log = logs.get()
LATE = timedelta(minutes=5)
ON_THE_WAY = ("preparing", "provisioning", "removing")
ALIVE = ("pooled", "live")
DATA = ("vault", "databases", "buckets")
REPLACEABLE = ("caches", "runtime", "edge")  # a pooled environment has no address, so the edge comes last


@dataclass(frozen=True)
class Stray:
    """Something that should not be there."""

    kind: str
    environment_id: str
    why: str


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
    await clear_strays(rows)
    findings.lost = await mend_losses(rows)
    findings.stranded = await durable.stranded(LATE)
    if findings.stranded or findings.lost:
        log.error("needs a person", stranded=findings.stranded, lost=findings.lost)


async def take_up_operations(rows: Database) -> None:
    """Start what was noted and never started; end what broke off, and take down what it left."""
    async with rows.reading() as session:
        open_ones = (await session.scalars(operations.unfinished())).all()
    for operation in open_ones:
        state = await durable.state_of(operation.workflow_id)
        if state == "unknown":
            await durable.start(FLOWS[operation.kind], operation.environment_id, operation.attempt)
        elif state in ("broken", "done"):
            await _end_broken(rows, operation.id)


WHAT_COMES = {
    "provision": "What had been made is taken down again.",
    "remove": "What is left of it is removed all the same; we keep trying.",
}


async def _end_broken(rows: Database, operation_id: str) -> None:
    """An operation whose workflow ended without saying so: fail it. What was half made is taken down as a stray."""
    async with rows.transaction() as session:
        operation = await session.get_one(Operation, operation_id)
        if operation.is_final:
            return
        log.error("a workflow broke off", operation=operation.id, workflow=operation.workflow_id)
        operation.fail(await steps.so_far(operation), "It broke off", WHAT_COMES[operation.kind])
        environment = await _environment(session, operation.environment_id)
        if operation.kind == "remove":
            return
        environment.state = "failed"
        if environment.tenant:
            environment.tenant.state = "failed"


async def take_up_removals(rows: Database) -> None:
    """Removals that got stuck or broke off are begun again until nothing is left."""
    async with rows.reading() as session:
        removing = (await session.scalars(_here("removing"))).all()
    for environment in removing:
        last = environment.attempt - 1
        state = await durable.state_of(durable.name_of(workflows.remove, environment.id, last))
        if state == "unknown":
            await durable.start(workflows.remove, environment.id, last)
        elif state in ("broken", "done"):
            attempt = await _next_attempt(rows, environment.id)
            await durable.start(workflows.remove, environment.id, attempt or 1)


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


async def strays(rows: Database) -> list[Stray]:
    """Everything that exists for an environment that should have nothing."""
    exists = await _existing()
    async with rows.reading() as session:
        known = dict((await session.execute(select(Environment.id, Environment.state))).all())
        exists["placements"] = set(await session.scalars(select(Placement.environment_id)))
    found = []
    for kind, environment_ids in exists.items():
        for environment_id in sorted(environment_ids):
            state = known.get(environment_id, "unknown")
            if state not in (*ON_THE_WAY, *ALIVE):
                found.append(Stray(kind, environment_id, f"its environment is {state}"))
    return found


async def clear_strays(rows: Database) -> None:
    """Take down what nobody should have: the rest of failed and removed environments, and things without a row."""
    for environment_id in sorted({stray.environment_id for stray in await strays(rows)}):
        attempt = await _next_attempt(rows, environment_id)
        if attempt is None:
            await _dismantle_unknown(environment_id)
        else:
            await durable.start(workflows.sweep, environment_id, attempt)


async def mend_losses(rows: Database) -> list[str]:
    """Make again what a living environment lost and can be made again; name what it lost for good.

    Only what was alive before and after the look counts: between the two it may have been made or removed.
    """
    before, exists, after = await _alive(rows), await _existing(), await _alive(rows)
    lost = []
    for environment_id in sorted(before.keys() & after.keys()):
        gone = [kind for kind in DATA if environment_id not in exists[kind]]
        lost += [f"{kind} of {environment_id}" for kind in gone]
        needed = REPLACEABLE if before[environment_id] == "live" else REPLACEABLE[:-1]
        if not gone and any(environment_id not in exists[kind] for kind in needed):
            attempt = await _next_attempt(rows, environment_id)
            await durable.start(workflows.repair, environment_id, attempt or 1)
    return lost


async def _alive(rows: Database) -> dict[str, str]:
    async with rows.reading() as session:
        found = await session.execute(
            select(Environment.id, Environment.state).where(Environment.state.in_(ALIVE), _is_here())
        )
        return dict(found.all())


async def _existing() -> dict[str, set[str]]:
    cloud = clouds.current()
    return {
        "vault": await cloud.vault.existing(),
        "databases": await cloud.databases.existing(),
        "buckets": await cloud.buckets.existing(),
        "caches": await cloud.caches.existing(),
        "runtime": await cloud.runtime.existing(),
        "edge": await cloud.edge.existing(),
        "domains": await cloud.domains.existing(),
        "logs": await cloud.logs.existing(),
        "metrics": await cloud.metrics.existing(),
    }


async def _dismantle_unknown(environment_id: str) -> None:
    """Without a row there is nothing to record on; the verbs are safe to say until they have worked."""
    cloud = clouds.current()
    for facet in cloud.facets_down():
        try:
            await facet.remove(environment_id)
        except CloudError as error:
            log.error("a stray stays for now", environment=environment_id, why=str(error))
            return


async def _next_attempt(rows: Database, environment_id: str) -> int | None:
    """A fresh attempt number for this environment, or None when it has no row."""
    async with rows.transaction() as session:
        environment = await session.scalar(select(Environment).where(Environment.id == environment_id))
        if environment is None:
            return None
        environment.attempt += 1
        return environment.attempt - 1


def _here(state: str) -> Select[Environment]:
    return select(Environment).where(Environment.state == state, _is_here())


def _is_here() -> ColumnElement[bool]:
    """True of environments of the cloud in use: of another one's nothing can be known or mended here."""
    return Environment.cloud == clouds.current().name


async def _environment(session: Session, environment_id: str) -> Environment:
    found: Environment = (
        await session.scalars(select(Environment).where(Environment.id == environment_id))
    ).one()
    return found
