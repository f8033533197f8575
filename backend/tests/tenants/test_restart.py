"""The control plane ends while something is being done, and begins again."""

import asyncio

import pytest

from aipress.tenants import service
from aipress.tenants.schemas import TenantCreate
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
