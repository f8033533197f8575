"""Environments made ahead of time: as many as wanted, each for one site only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import select

from aipress.errors import CloudRefused, NoRoom
from aipress.tenants import pool, reconciler
from aipress.tenants.models import Environment
from aipress.tenants.reconciler import Findings
from tests.tenants.conftest import House
from tests.tenants.lasting import together
from tests.waiting import until

pytestmark = together

A_WHILE = 0.5  # seconds in which a pool that wanted more would have made more


@asynccontextmanager
async def kept(house: House, size: int) -> AsyncIterator[None]:
    keeper = asyncio.create_task(pool.keep_full(house.rows, size))
    try:
        yield
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


async def in_state(house: House, *states: str) -> list[str]:
    async with house.session() as session:
        return list(await session.scalars(select(Environment.id).where(Environment.state.in_(states))))


async def filled(house: House, size: int) -> list[str]:
    """The ids of the pooled environments, as soon as there are so many."""

    async def look() -> list[str] | None:
        found = await in_state(house, "pooled")
        return found if len(found) == size else None

    return await until(look)


@pytest.mark.parametrize("size", [0, 2])
async def test_as_many_as_wanted_are_made_and_no_more(house: House, size: int) -> None:
    async with kept(house, size):
        ready = await filled(house, size)
        await asyncio.sleep(A_WHILE)
        assert await in_state(house, "pooled", "preparing") == ready
    assert house.cloud.runtime.things == set(ready)
    assert house.cloud.said.count("warm runtime") == size


async def test_what_is_prepared_is_nobodys_and_has_no_address(house: House) -> None:
    async with kept(house, 1):
        await filled(house, 1)
    assert house.cloud.databases.identities == {}
    assert house.cloud.edge.things == set()


async def test_what_was_claimed_is_made_up_for(house: House) -> None:
    async with kept(house, 1):
        (first,) = await filled(house, 1)
        operation = await house.create("Blog")
        (second,) = await filled(house, 1)
    assert (operation.state, operation.environment_id) == ("succeeded", first)
    assert second != first


async def test_of_many_who_claim_at_once_each_gets_another_one_and_the_prepared_ones_are_taken_first(
    house: House,
) -> None:
    async with kept(house, 4):
        ready = await filled(house, 4)
    done = await asyncio.gather(*(house.create(f"Site {number}") for number in range(8)))
    taken = [operation.environment_id for operation in done]
    assert {operation.state for operation in done} == {"succeeded"}
    assert len(set(taken)) == 8
    assert set(ready) <= set(taken)


async def test_many_claim_while_the_pool_is_being_filled(house: House) -> None:
    async with kept(house, 2):
        done = await asyncio.gather(*(house.create(f"Site {number}") for number in range(6)))
        ready = await filled(house, 2)
    taken = {operation.environment_id for operation in done}
    assert {operation.state for operation in done} == {"succeeded"}
    assert (len(taken), taken & set(ready)) == (6, set())


async def test_a_preparation_that_failed_leaves_nothing_and_another_one_is_made(house: House) -> None:
    house.cloud.broken["warm runtime"] = [CloudRefused("it does not start")]
    async with kept(house, 1):
        ready = await filled(house, 1)
    assert len(await in_state(house, "failed")) == 1
    assert house.cloud.databases.things == house.cloud.vault.things == set(ready)


async def test_what_a_failed_preparation_could_not_take_down_is_swept(house: House) -> None:
    house.cloud.broken["warm runtime"] = [CloudRefused("it does not start")]
    house.cloud.broken["remove database"] = [CloudRefused("locked")]
    async with kept(house, 1):
        ready = await filled(house, 1)
    assert len(house.cloud.databases.things) == 2
    await reconciler.reconcile(house.rows, Findings())

    async def is_swept() -> bool:
        return house.cloud.databases.things == set(ready)

    await until(is_swept)


async def test_without_room_none_is_made_until_there_is_room(house: House) -> None:
    house.cloud.broken["look for room in runtime"] = [NoRoom("the disk is full")]
    async with kept(house, 1):
        await filled(house, 1)
    assert house.cloud.said[:3] == [
        "look for room in runtime",
        "look for room in runtime",
        "ensure secrets",
    ]


async def test_a_pooled_environment_that_is_damaged_is_mended_without_giving_it_an_address(
    house: House,
) -> None:
    async with kept(house, 1):
        await filled(house, 1)
    house.cloud.caches.things.clear()
    findings = Findings()
    await reconciler.reconcile(house.rows, findings)

    async def is_mended() -> bool:
        return bool(house.cloud.caches.things)

    await until(is_mended)
    assert (findings.lost, house.cloud.edge.things) == ([], set())
