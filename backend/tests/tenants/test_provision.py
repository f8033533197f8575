"""A site's life on a cloud that can be told to fail."""

import asyncio

import pytest
from sqlalchemy import select

from aipress.clouds.base import Identity
from aipress.errors import CloudBusy, CloudRefused, Conflict, Invalid, NotAllowed, NotFound
from aipress.kit import ids
from aipress.operations import service as operations
from aipress.tenants import service
from aipress.tenants.models import Environment, Tenant
from aipress.tenants.schemas import TenantCreate
from tests.tenants.conftest import ADA, BOB, House
from tests.tenants.held import held
from tests.tenants.lasting import together

pytestmark = together

WAY_UP = """look for room in runtime, ensure secrets, ensure bucket, ensure runtime, ensure cache, ensure database,
introduce database, ensure address, probe address"""


async def test_a_site_comes_to_life_in_order(house: House) -> None:
    operation = await house.create("Sunrise Bakery")
    assert (operation.state, operation.result) == ("succeeded", {"url": "http://sunrise-bakery.fake.test"})
    assert house.cloud.said == [order.strip() for order in WAY_UP.split(",")]
    identity = next(iter(house.cloud.databases.identities.values()))
    assert identity == Identity("Sunrise Bakery", "http://sunrise-bakery.fake.test", "ada@example.com", "Ada")


async def test_every_step_is_shown_with_its_times_and_how_long_it_usually_takes(house: House) -> None:
    await house.create("First")
    operation = await house.create("Second")
    async with house.session() as session:
        shown = await operations.shown(session, ADA, operation)
    assert [step.state for step in shown.steps] == ["done"] * 8
    assert all(step.started_at and step.ended_at and step.p50 is not None for step in shown.steps)


async def test_a_busy_cloud_is_asked_again(house: House) -> None:
    house.cloud.broken["ensure bucket"] = [CloudBusy("quota"), CloudBusy("quota")]
    assert (await house.create("Blog")).state == "succeeded"
    assert house.cloud.said.count("ensure bucket") == 3


@pytest.mark.parametrize(
    "order", ["ensure secrets", "ensure database", "ensure bucket", "ensure cache", "ensure runtime"]
)
async def test_a_refused_site_leaves_nothing_behind(house: House, order: str) -> None:
    house.cloud.broken[order] = [CloudRefused("no more of that")]
    operation = await house.create("Blog")
    assert operation.state == "failed"
    assert operation.error is not None
    assert "no more of that" in operation.error["detail"]
    assert house.cloud.is_empty()


async def test_a_failure_nobody_foresaw_is_undone_too_and_its_text_is_not_shown(house: House) -> None:
    house.cloud.broken["ensure cache"] = [ZeroDivisionError("password=hunter2")]
    operation = await house.create("Blog")
    assert operation.state == "failed"
    assert "hunter2" not in str(operation.error)
    assert house.cloud.is_empty()


async def test_removing_a_site_leaves_nothing_and_frees_its_name(house: House) -> None:
    await house.create("Blog")
    assert (await house.remove("blog")).state == "succeeded"
    assert house.cloud.is_empty()
    with pytest.raises(NotFound):
        await house.remove("blog")
    assert (await house.create("Blog")).state == "succeeded"


async def test_a_removal_needs_the_slug_typed(house: House) -> None:
    await house.create("Blog")
    async with house.rows.writing() as session:
        tenant = await service.find(session, ADA, "blog")
        with pytest.raises(Invalid):
            await service.remove(session, ADA, tenant, "Blog")
    assert not house.cloud.is_empty()


async def test_a_site_that_is_being_made_or_removed_cannot_be_removed(house: House) -> None:
    with held(house.cloud.runtime, "ensure") as hold:
        making = asyncio.create_task(house.create("Blog"))
        await hold.asked.wait()
        with pytest.raises(Conflict, match="being made"):
            await house.remove("blog")
    await making
    with held(house.cloud.runtime, "remove") as hold:
        removing = asyncio.create_task(house.remove("blog"))
        await hold.asked.wait()
        with pytest.raises(Conflict, match="being removed"):
            await house.remove("blog")
        with pytest.raises(Conflict, match="being removed"):
            await house.create("Blog")
    await removing


async def test_the_same_name_twice_is_refused_for_one_owner_and_numbered_for_another(house: House) -> None:
    await house.create("Blog")
    with pytest.raises(Conflict, match="already"):
        await house.create("Blog")
    operation = await house.create("Blog", who=BOB)
    assert operation.tenant_slug == "blog-2"
    with pytest.raises(Conflict, match="taken"):
        await house.create("Mine", who=BOB, slug="blog")


async def test_a_stranger_sees_no_site(house: House) -> None:
    await house.create("Blog")
    async with house.session() as session:
        with pytest.raises(NotFound):
            await service.find(session, BOB, "blog")


async def test_a_quota_is_kept(house: House) -> None:
    await house.create("One")
    async with house.rows.writing() as session:
        with pytest.raises(NotAllowed, match="as many"):
            await service.create(session, ADA, TenantCreate(name="Two"), quota=1)


async def test_a_pooled_environment_is_claimed_before_a_new_one_is_made(house: House) -> None:
    pooled = ids.short()
    async with house.rows.transaction() as session:
        session.add(Environment(id=pooled, state="pooled"))
    operation = await house.create("Blog")
    assert operation.environment_id == pooled
    async with house.session() as session:
        tenant = (await session.scalars(select(Tenant))).one()
        assert tenant.live.state == "live"


async def test_two_who_claim_at_once_get_two_environments(house: House) -> None:
    async with house.rows.transaction() as session:
        session.add(Environment(id=ids.short(), state="pooled"))
    done = await asyncio.gather(*(house.create(f"Site {number}") for number in range(8)))
    assert {operation.state for operation in done} == {"succeeded"}
    assert len({operation.environment_id for operation in done}) == 8
