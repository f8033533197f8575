"""The control plane ends while something is being done, and begins again."""

import asyncio

import pytest

from aipress.tenants import adjusting, service
from aipress.tenants.schemas import Adjustment, TenantCreate
from tests.tenants.conftest import ADA
from tests.tenants.held import held
from tests.tenants.lives import Lives


@pytest.fixture
def lives(database_url: str, workflows_url: str) -> Lives:
    return Lives(database_url, workflows_url)


def test_a_site_that_was_being_made_is_made_after_a_restart(lives: Lives) -> None:
    async def first() -> str:
        house = await lives.begin()
        with held(lives.cloud.databases, "ensure") as hold:
            async with house.rows.transaction() as session:
                operation = await service.create(session, ADA, TenantCreate(name="Blog"), quota=9)
            await asyncio.wait_for(hold.asked.wait(), 10)
            await lives.end(house)
        return operation.id

    async def second(operation_id: str) -> None:
        house = await lives.begin()
        operation = await house.ended(operation_id)
        assert (operation.state, operation.error) == ("succeeded", None)
        await lives.end(house)

    operation_id = asyncio.run(first())
    before = list(lives.cloud.said)
    asyncio.run(second(operation_id))
    after = lives.cloud.said[len(before) :]
    way_there = ["secrets", "bucket", "runtime", "cache", "database"]
    assert before == ["look for room in runtime", *(f"ensure {noun}" for noun in way_there)]
    assert after[:2] == ["ensure database", "introduce database"], "what was recorded is not done again"


@pytest.mark.parametrize(
    ("noun", "verb"), [("bucket", "ensure"), ("runtime", "ensure"), ("address", "probe")]
)
def test_a_site_whose_size_was_being_changed_is_changed_after_a_restart(
    lives: Lives, noun: str, verb: str
) -> None:
    async def first() -> str:
        house = await lives.begin()
        await house.create("Blog")
        shelf = next(one for one in lives.cloud.shelves() if one.noun == noun)
        with held(shelf, verb) as hold:
            async with house.rows.transaction() as session:
                tenant = await service.find(session, ADA, "blog")
                operation = await adjusting.adjust(session, ADA, tenant, Adjustment(tier="standard"))
            async with asyncio.timeout(10):
                await hold.asked.wait()
            await lives.end(house)
        return operation.id

    async def second(operation_id: str) -> None:
        house = await lives.begin()
        operation = await house.ended(operation_id)
        assert (operation.state, operation.error) == ("succeeded", None)
        async with house.session() as session:
            tenant = await service.find(session, ADA, "blog")
            assert (tenant.tier, tenant.former) == ("standard", None)
        await lives.end(house)

    asyncio.run(second(asyncio.run(first())))
    assert [one.tier for one in lives.cloud.runtime.made.values()] == ["standard"]
