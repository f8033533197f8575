"""Round after round: domains that are due are looked at, and what leads somewhere without being anybody's is withdrawn."""

import asyncio
import itertools
from collections import defaultdict

from sqlalchemy import delete, select

from aipress import clouds
from aipress.clouds.base import Cloud
from aipress.domains import checking
from aipress.domains.models import Domain
from aipress.errors import CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Database
from aipress.tenants.models import Environment, Tenant

log = logs.get()
AT_ONCE, MOST_A_ROUND = 8, 200
ROUNDS_BETWEEN_LOOKS = 10  # at what clouds hold; rows are looked at in every round


async def keep_true(rows: Database, every: float) -> None:
    """A round now, then every so many seconds, until cancelled."""
    for number in itertools.count():
        try:
            await look_again(rows)
            if number % ROUNDS_BETWEEN_LOOKS == 0:
                await let_go(rows)
        except Exception:
            log.exception("a round of looking at domains failed; the next one comes")
        await asyncio.sleep(every)


async def look_again(rows: Database) -> None:
    """Look at every domain whose time has come; rows of sites that are no more go."""
    async with rows.transaction() as session:
        gone = select(Tenant.id).where(Tenant.state == "removed")
        await session.execute(delete(Domain).where(Domain.tenant_id.in_(gone)))
    async with rows.reading() as session:
        due = select(Domain.id).join(Tenant, Tenant.id == Domain.tenant_id)
        due = due.where(Domain.next_check_at <= clock.now(), Tenant.state == "live")
        found = (await session.scalars(due.order_by(Domain.next_check_at).limit(MOST_A_ROUND))).all()
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(domain_id: str) -> None:
        async with turns:
            try:
                await checking.check(rows, domain_id)
            except CloudError as error:
                log.warning("a domain could not be looked at", domain=domain_id, why=str(error))

    await asyncio.gather(*map(look, found))


async def let_go(rows: Database) -> None:
    """Withdraw what still leads to a live site that doesn't have it any more, and look at what should lead there and doesn't."""
    for cloud in clouds.every():
        try:
            await _hold_against(rows, cloud)
        except CloudError as error:
            log.warning("nobody knows which domains lead where", cloud=cloud.name, why=str(error))


async def _hold_against(rows: Database, cloud: Cloud) -> None:
    there = {id: await cloud.domains.of(id) for id in await cloud.domains.existing()}
    theirs = await _theirs(rows, cloud)
    for environment_id, domains in theirs.items():
        for domain in there.get(environment_id, set()) - domains.keys():
            await cloud.domains.withdraw(environment_id, domain)
        for domain in domains.keys() - there.get(environment_id, set()):
            await checking.check(rows, domains[domain])


async def _theirs(rows: Database, cloud: Cloud) -> dict[str, dict[str, str]]:
    """Of each live environment here: which domains it has proved, each with its row's id."""
    its_own = (Domain.tenant_id == Environment.tenant_id) & Domain.proved_at.is_not(None)
    live = select(Environment.id, Domain.domain, Domain.id).outerjoin(Domain, its_own)
    live = live.where(
        Environment.kind == "live", Environment.state == "live", Environment.cloud == cloud.name
    )
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    async with rows.reading() as session:
        for environment_id, domain, domain_id in await session.execute(live):
            found[environment_id] |= {domain: domain_id} if domain else {}
    return found
