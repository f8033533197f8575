"""A site's own domains on its way to another cloud: they lead there too before it is live there, and the records it names are told.

The DNS is its owner's: until they set the new records, visitors come to where the site was, which answers no more.
"""

from functools import partial

from sqlalchemy import select

from aipress import clouds
from aipress.domains import checking
from aipress.domains.models import Domain
from aipress.errors import CloudBusy, CloudError
from aipress.kit import clock, logs
from aipress.kit.db import Session
from aipress.tenants import belongings, ledger
from aipress.tenants.belongings import Carrier, Move

log = logs.get()
MOVED = (
    "The site moved to another cloud. Set the address records that are shown now; its old ones lead nowhere."
)


def carry_domains_too() -> None:
    """Let every move carry them."""
    belongings.carry_too("domains", Carrier(_carry, _hand_over))


async def _carry(move: Move) -> None:
    """What is proved leads to the new environment as far as it can: a certificate may take its time. What can't stays to be looked at."""
    facet = clouds.of(move.arriving).domains
    async with ledger.rows().reading() as session:
        proved = select(Domain.domain).where(
            Domain.tenant_id == move.source.tenant, Domain.proved_at.is_not(None)
        )
        domains = (await session.scalars(proved)).all()
    for domain in sorted(domains):
        try:
            await facet.ensure(move.arriving, domain)
        except CloudBusy:
            raise
        except CloudError as error:
            log.warning("a domain does not lead to where its site moves", domain=domain, why=str(error))


async def _hand_over(session: Session, move: Move) -> None:
    """Each is looked at again, since its records are others now."""
    for row in await session.scalars(select(Domain).where(Domain.tenant_id == move.source.tenant)):
        row.next_check_at, row.checks = clock.now(), 0
        if row.proved_at is not None:
            row.state, row.why = "proved", MOVED
        session.after_commit(partial(checking.check, ledger.rows(), row.id))
