"""A site carried from one cloud to another: one durable step per line, and a way back from each until the switch.

Visitors read all the while; nothing can be written from the freeze until the switch. Before the switch any trouble leaves
the site where it was; after it only what it left is to be taken down. The order of steps is a stored protocol.
"""

from datetime import datetime

from aipress import clouds
from aipress.clouds.base import Service
from aipress.durable import step, workflow
from aipress.errors import CloudError
from aipress.kit import clock
from aipress.tenants import belongings, move_ledger, workflows
from aipress.tenants.belongings import Move
from aipress.tenants.carrying_files import Carried, carry_all_files, carry_files
from aipress.tenants.move_ledger import Passage


@workflow
async def move(environment_id: str) -> None:
    """The site arrives in this environment with all it has; then what it left is taken down."""
    moving = await look_up_move(environment_id)
    try:
        await go(moving)
    except CloudError as error:
        if await has_arrived(moving):
            await leave(moving)
        else:
            await go_back(moving, str(error))
    else:
        await leave(moving)


@workflow
async def stay(environment_id: str) -> None:
    """A move that broke off, undone: whoever writes can write again where the site was. The reconciler repeats it."""
    await go_back(await look_up_move(environment_id), "It broke off.")


@workflow
async def depart(environment_id: str) -> None:
    """What is still there of the environment that a site left, taken down. The reconciler repeats it."""
    await leave(await look_up_departure(environment_id))


async def go(moving: Move) -> None:
    """All of the way there: what takes long while the site is open, the rest while it is read only."""
    env = moving.arriving
    await workflows.build(env)
    await carry_most_files(moving)
    await workflows.warm_up(env, await start_with_files(moving))
    await let_mail_go(moving)
    since = await look_at_the_clock()
    await freeze(moving)
    files = await carry_changed_files(moving)
    service = await start_with_all_files(moving)
    digest = await carry_database(moving)
    await change_address(moving)
    await carry_the_rest(moving)
    await workflows.wait_until_it_answers(env, await workflows.publish(env, service))
    await switch(moving, Passage(since, files, digest))


async def leave(moving: Move) -> None:
    """The old address first, then mail that was kept, then the one way down. The site is elsewhere: no trouble here is its own."""
    try:
        await workflows.withdraw(moving.source)
        await carry_mail(moving)
        await workflows.dismantle(moving.source)
    except CloudError as error:
        await mark_moved(moving, str(error))
    else:
        await mark_moved(moving, "")


async def go_back(moving: Move, why: str) -> None:
    """As if nothing had been. The old one is opened first, since people wait for it."""
    try:
        await open_again(moving)
        await mark_not_moved(moving, why)
        await workflows.dismantle(moving.arriving)
    except CloudError as error:
        await mark_not_back(moving, why, str(error))
    else:
        await mark_back(moving)


@step
async def look_up_move(environment_id: str) -> Move:
    return await move_ledger.look_up(environment_id)


@step
async def look_up_departure(environment_id: str) -> Move:
    return await move_ledger.look_up_departure(environment_id)


@step
async def carry_most_files(moving: Move) -> Carried:
    """While the site is open: the more of them are there, the shorter it is read only."""
    return await carry_files(*belongings.sides(moving))


@step
async def start_with_files(moving: Move) -> Service:
    return await belongings.start_with_files(moving.arriving)


@step
async def let_mail_go(moving: Move) -> None:
    await belongings.check_no_mail_waits(moving.source)


@step
async def look_at_the_clock() -> datetime:
    """Recorded before the freeze: however often that is said, it is read only since then at most."""
    return clock.now()


@step
async def freeze(moving: Move) -> None:
    await clouds.of(moving.source).databases.freeze(moving.source.id)


@step
async def carry_changed_files(moving: Move) -> Carried:
    """What was written since; from now on nothing is, and both have the same."""
    return await carry_all_files(*belongings.sides(moving))


@step
async def start_with_all_files(moving: Move) -> Service:
    """Nothing where no file was carried since it was started."""
    return await belongings.start_with_files(moving.arriving)


@step
async def carry_database(moving: Move) -> str:
    return await belongings.database(moving)


@step
async def change_address(moving: Move) -> None:
    """In the database; what WordPress remembers of before is forgotten."""
    await belongings.address(moving)
    await belongings.forget_cached(moving.arriving)


@step
async def carry_the_rest(moving: Move) -> None:
    """Its owner's secrets, and whatever else other rooms keep."""
    await belongings.other_rooms(moving)


@step
async def switch(moving: Move, passage: Passage) -> None:
    await move_ledger.switch(moving, passage)


@step
async def has_arrived(moving: Move) -> bool:
    return await move_ledger.has_arrived(moving)


@step
async def carry_mail(moving: Move) -> None:
    if await move_ledger.has_arrived(moving):
        await belongings.mail(moving)


@step
async def mark_moved(moving: Move, left: str) -> None:
    await move_ledger.mark_moved(moving, left)


@step
async def open_again(moving: Move) -> None:
    await clouds.of(moving.source).databases.thaw(moving.source.id)


@step
async def mark_not_moved(moving: Move, why: str) -> None:
    await move_ledger.mark_not_moved(moving, why)


@step
async def mark_not_back(moving: Move, why: str, trouble: str) -> None:
    await move_ledger.mark_not_back(moving, why, trouble)


@step
async def mark_back(moving: Move) -> None:
    await move_ledger.mark_back(moving)
