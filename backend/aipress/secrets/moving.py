"""A site's secrets on its way to another cloud: the same names and versions there, and the rows with them.

While a site is being moved none of them changes (`service`), so what was carried is what the rows say.
"""

from sqlalchemy import select

from aipress import clouds
from aipress.kit.db import Session
from aipress.secrets import delivery
from aipress.secrets.models import Secret, ever_on
from aipress.tenants import belongings, ledger
from aipress.tenants.belongings import Carrier, Move


def carry_secrets_too() -> None:
    """Let every move carry them."""
    belongings.carry_too("secrets", Carrier(_carry, _hand_over))


async def _carry(move: Move) -> None:
    """Values from vault to vault, and the new WordPress told of the same set."""
    there, here = clouds.of(move.source), clouds.of(move.arriving)
    async with ledger.rows().reading() as session:
        supply = delivery.supply_of((await session.scalars(ever_on(move.source.id))).all())
    for name, version in sorted(supply.items):
        value = await there.vault.value(move.source.id, name, version)
        await here.vault.keep(move.arriving.id, name, version, value)
    if supply.revision:
        await here.runtime.supply(move.arriving.id, supply)


async def _hand_over(session: Session, move: Move) -> None:
    theirs = select(Secret).where(Secret.environment_id == move.source.id)
    for secret in await session.scalars(theirs):
        secret.environment_id = move.arriving.id
    session.after_commit(lambda: delivery.deliver_soon(move.arriving.id))
