"""What rows say of a site's secrets, made true in its WordPress: at once after a change, and every minute for what broke off.

Every line may be said again. The runtime goes by the revision, the sum of all versions there ever were: it only grows, so
of two tellings that overtake each other the newer one counts. Values nobody goes by are shredded only after that.
"""

import asyncio
from collections.abc import Sequence

from sqlalchemy import delete, select

from aipress import clouds
from aipress.clouds.base import Cloud, Supply
from aipress.clouds.each import of_each
from aipress.errors import CloudError
from aipress.kit import logs
from aipress.kit.db import Database, Session
from aipress.secrets.models import Secret, ever_on
from aipress.tenants import ledger
from aipress.tenants.models import Environment, Tenant

log = logs.get()


async def keep_true(rows: Database, every: float) -> None:
    """Deliver what is undelivered now, then every so many seconds, until cancelled."""
    while True:
        try:
            await deliver_all(rows)
        except Exception:
            log.exception("a round of delivering secrets failed; the next one comes")
        await asyncio.sleep(every)


async def deliver_soon(environment_id: str) -> None:
    """After a commit. What the cloud can't do now is done by a later round."""
    try:
        await deliver(ledger.rows(), environment_id)
    except CloudError as error:
        log.warning("secrets are not delivered yet", environment=environment_id, why=str(error))


async def deliver(rows: Database, environment_id: str) -> None:
    """Let this environment's WordPress have exactly what the rows say, and the vault forget every other value."""
    async with rows.reading() as session:
        cloud, supply = await _cloud_of(session, environment_id), await _wanted(session, environment_id)
    in_force = await cloud.runtime.supply(environment_id, supply)
    if in_force > supply.revision:
        log.warning("a newer set of secrets is in force", environment=environment_id, revision=in_force)
        return
    async with rows.transaction() as session:
        if await _is_live(session, environment_id):
            newest = await _wanted(session, environment_id)
            await cloud.vault.retain(environment_id, supply.items | newest.items)


async def deliver_all(rows: Database) -> None:
    """One round, on each cloud by itself: every live environment whose WordPress goes by another revision, or whose vault holds more
    or less than it should; and the rows of sites that are no more."""
    async with rows.transaction() as session:
        gone = select(Tenant.id).where(Tenant.state == "removed")
        await session.execute(delete(Secret).where(Secret.tenant_id.in_(gone)))
    await of_each("secrets", lambda cloud: _deliver_on(rows, cloud))


async def _deliver_on(rows: Database, cloud: Cloud) -> None:
    async with rows.reading() as session:
        live = select(Environment.id).where(Environment.state == "live", Environment.cloud == cloud.name)
        ever = (await session.scalars(select(Secret).where(Secret.environment_id.in_(live)))).all()
    told = await cloud.runtime.supplied() if ever else {}
    for environment_id in sorted({one.environment_id for one in ever}):
        supply = supply_of([one for one in ever if one.environment_id == environment_id])
        kept = await cloud.vault.kept(environment_id)
        if told.get(environment_id, 0) != supply.revision or kept != supply.items:
            await deliver_soon(environment_id)


async def _cloud_of(session: Session, environment_id: str) -> Cloud:
    """Where the environment is. Raises CloudRefused where this platform has no such cloud."""
    named = select(Environment.cloud).where(Environment.id == environment_id)
    return clouds.named(await session.scalar(named) or "")


async def _wanted(session: Session, environment_id: str) -> Supply:
    return supply_of((await session.scalars(ever_on(environment_id))).all())


def supply_of(ever: Sequence[Secret]) -> Supply:
    """What an environment that ever had these secrets is to have now."""
    return Supply(sum(one.version for one in ever), {one.name: one.version for one in ever if one.is_set})


async def _is_live(session: Session, environment_id: str) -> bool:
    """Whether it is, and nobody changes its site's secrets before this transaction ends."""
    its_site = select(Tenant.state).join(Environment, Environment.tenant_id == Tenant.id)
    locked = its_site.where(Environment.id == environment_id).with_for_update(of=Tenant)
    return await session.scalar(locked) == "live"
