"""What should be, held against what is: every kind of damage there can be, and one round that mends it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select

from aipress import durable
from aipress.errors import CloudRefused
from aipress.kit import ids
from aipress.kit.db import Database, Session
from aipress.operations.models import Operation
from aipress.tenants import reconciler, service, strays, workflows
from aipress.tenants.models import Environment, Placement, Tenant
from aipress.tenants.reconciler import Findings
from aipress.tenants.schemas import TenantCreate
from tests.fakes.shelf import Shelf
from tests.tenants.conftest import ADA, House
from tests.tenants.engine import break_off
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.waiting import until

pytestmark = together


async def mended(house: House) -> Findings:
    """One round, and what it found."""
    findings = Findings()
    await reconciler.reconcile(house.rows, findings)
    return findings


async def noted(house: House, name: str) -> Operation:
    """An operation whose process died right after writing it down."""
    async with house.rows.writing() as session:
        operation = await service.create(session, ADA, TenantCreate(name=name), quota=9)
        session.info.pop("after_commit")
        await session.commit()
    return operation


async def site(house: House) -> Tenant:
    async with house.session() as session:
        return (await session.scalars(select(Tenant))).one()


async def test_in_a_house_in_order_nothing_is_done(house: House) -> None:
    await house.create("Blog")
    before = list(house.cloud.said)
    assert await mended(house) == Findings()
    assert house.cloud.said == before


async def test_what_was_noted_and_never_started_is_started(house: House) -> None:
    operation = await noted(house, "Blog")
    assert await durable.state_of(operation.workflow_id) == "unknown"
    await mended(house)
    assert (await house.ended(operation.id)).state == "succeeded"


async def test_starting_it_again_and_again_makes_one_site(house: House) -> None:
    operation = await noted(house, "Blog")
    await asyncio.gather(*(reconciler.take_up_operations(house.rows) for _ in range(5)))
    assert (await house.ended(operation.id)).state == "succeeded"
    assert house.cloud.said.count("ensure database") == 1


async def test_a_workflow_that_broke_off_fails_and_what_it_made_is_taken_down(house: House) -> None:
    with held(house.cloud.runtime, "ensure") as hold:
        async with house.rows.transaction() as session:
            operation = await service.create(session, ADA, TenantCreate(name="Blog"), quota=9)
        await hold.asked.wait()
        await break_off(operation.workflow_id)
    await until(lambda: any_in(house.cloud.runtime))
    await mended(house)
    async with house.session() as session:
        ended = await session.get_one(Operation, operation.id)
    assert (ended.state, ended.error and ended.error["title"]) == ("failed", "It broke off")
    assert (await site(house)).state == "failed"
    await until(lambda: empty(house))


async def test_things_without_a_row_are_shown_and_removed(house: House) -> None:
    for shelf in house.cloud.shelves():
        shelf.things.add("feedfeedfeed")
    found = await strays.strays(house.rows)
    assert [(stray.environment_id, stray.why) for stray in found] == [
        ("feedfeedfeed", "its environment is unknown")
    ] * 6
    await mended(house)
    assert house.cloud.is_empty()


async def test_a_stray_the_cloud_refuses_to_remove_stays_and_is_tried_again(house: House) -> None:
    house.cloud.databases.things.add("feedfeedfeed")
    house.cloud.broken["remove database"] = [CloudRefused("locked")]
    await mended(house)
    assert house.cloud.databases.things == {"feedfeedfeed"}
    await mended(house)
    assert house.cloud.is_empty()


async def test_what_a_failed_site_left_behind_is_swept(house: House) -> None:
    house.cloud.broken["ensure runtime"] = [CloudRefused("no room")]
    house.cloud.broken["remove bucket"] = [CloudRefused("locked")]
    assert (await house.create("Blog")).state == "failed"
    assert not house.cloud.is_empty()
    await mended(house)
    await until(lambda: empty(house))


@pytest.mark.parametrize("noun", ["caches", "runtime", "edge"])
async def test_what_a_live_site_lost_and_can_be_made_again_is_made_again(house: House, noun: str) -> None:
    await house.create("Blog")
    shelf = getattr(house.cloud, noun)
    shelf.things.clear()
    assert (await mended(house)).lost == []
    await until(lambda: any_in(shelf))
    assert (await site(house)).state == "live"


@pytest.mark.parametrize("noun", ["vault", "databases", "buckets"])
async def test_lost_data_is_reported_and_never_replaced_by_something_empty(house: House, noun: str) -> None:
    await house.create("Blog")
    shelf = getattr(house.cloud, noun)
    shelf.things.clear()
    house.cloud.caches.things.clear()
    before = list(house.cloud.said)
    for _ in range(2):
        assert (await mended(house)).lost == [f"{noun} of {(await site(house)).live.id}"]
    assert (shelf.things, house.cloud.said) == (set(), before)


async def test_environments_of_another_cloud_are_not_missed_here(house: House) -> None:
    await house.create("Blog")
    async with house.rows.transaction() as session:
        (await session.scalars(select(Environment))).one().cloud = "elsewhere"
    for shelf in house.cloud.shelves():
        shelf.things.clear()
    before = list(house.cloud.said)
    assert await mended(house) == Findings()
    assert house.cloud.said == before


async def test_a_place_that_is_kept_for_nobody_is_a_stray(house: House) -> None:
    """Whoever died between choosing a place and making anything there left a row that takes room."""
    async with house.rows.transaction() as session:
        session.add_all([placed(ids.short()), placed(environment_id := ids.short())])
        session.add(Environment(id=environment_id, state="provisioning"))
    found = await strays.strays(house.rows)
    assert [(one.kind, one.why) for one in found] == [("placements", "its environment is unknown")]


def placed(environment_id: str) -> Placement:
    where = {"project": "one", "region": "europe-west1", "instance": "pool-1"}
    return Placement(
        environment_id=environment_id, tenant="", service=environment_id, tier="basic", connections=6, **where
    )


async def test_a_repair_that_the_cloud_refuses_is_tried_again(house: House) -> None:
    await house.create("Blog")
    house.cloud.caches.things.clear()
    house.cloud.broken["ensure cache"] = [CloudRefused("no more")]
    for _ in range(2):
        await mended(house)
        await nothing_runs()
    assert house.cloud.caches.things


async def test_a_removal_that_got_stuck_is_finished_later(house: House) -> None:
    await house.create("Blog")
    house.cloud.broken["remove database"] = [CloudRefused("locked")] * 2
    stuck = await house.remove("blog")
    assert (stuck.state, stuck.error and stuck.error["title"]) == (
        "failed",
        "The site is not wholly removed yet",
    )
    for _ in range(2):
        await mended(house)
        await nothing_runs()
    assert house.cloud.is_empty()
    assert (await site(house)).state == "removed"
    assert (await house.create("Blog")).state == "succeeded"


async def test_a_removal_that_broke_off_is_finished_later(house: House) -> None:
    await house.create("Blog")
    with held(house.cloud.databases, "remove") as hold:
        async with house.rows.transaction() as session:
            tenant = await service.find(session, ADA, "blog")
            operation = await service.remove(session, ADA, tenant, "blog")
        await hold.asked.wait()
        await break_off(operation.workflow_id)
    for _ in range(2):
        await mended(house)
        await nothing_runs()
    assert (await house.ended(operation.id)).state == "failed"
    assert (house.cloud.is_empty(), (await site(house)).state) == (True, "removed")


async def test_a_removal_on_its_way_is_left_alone(house: House) -> None:
    await house.create("Blog")
    with held(house.cloud.databases, "remove") as hold:
        removing = asyncio.create_task(house.remove("blog"))
        await hold.asked.wait()
        for _ in range(3):
            await mended(house)
    assert (await removing).state == "succeeded"
    assert house.cloud.said.count("remove address") == 1


async def test_a_preparation_that_never_began_is_begun(house: House) -> None:
    await prepared_later(house)
    await mended(house)
    await until(lambda: is_in_state(house, "pooled"))


async def test_a_preparation_that_broke_off_is_swept(house: House) -> None:
    environment = await prepared_later(house)
    with held(house.cloud.runtime, "ensure") as hold:
        await durable.start(workflows.prepare, environment)
        await hold.asked.wait()
        await break_off(durable.name_of(workflows.prepare, environment))
    await until(lambda: any_in(house.cloud.runtime))
    await mended(house)
    await until(lambda: empty(house))
    assert await is_in_state(house, "failed")


async def test_a_preparation_that_ends_while_it_is_looked_at_is_not_taken_for_broken(house: House) -> None:
    environment = await prepared_later(house)
    with held(house.cloud.runtime, "warm") as hold:
        await durable.start(workflows.prepare, environment)
        await hold.asked.wait()

        async def it_ends() -> None:
            hold.go.set()
            await durable.ended(durable.name_of(workflows.prepare, environment))

        await reconciler.take_up_preparations(cast(Database, Dawdling(house.rows, it_ends)))
    assert await is_in_state(house, "pooled")


class Dawdling:
    """The database, for somebody who does something else between looking and acting."""

    def __init__(self, rows: Database, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self.rows, self.meanwhile = rows, meanwhile
        self.transaction = rows.transaction

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        async with self.rows.reading() as session:
            yield session
        await self.meanwhile()


async def prepared_later(house: House) -> str:
    """The id of an environment for the pool whose process died right after writing it down."""
    environment = Environment(id=ids.short(), state="preparing", attempt=2)
    async with house.rows.transaction() as session:
        session.add(environment)
    return environment.id


async def is_in_state(house: House, state: str) -> bool:
    async with house.session() as session:
        return (await session.scalars(select(Environment.state))).one() == state


async def any_in(shelf: Shelf) -> bool:
    return bool(shelf.things)


async def empty(house: House) -> bool:
    return house.cloud.is_empty()


async def nothing_runs() -> None:
    async def is_quiet() -> bool:
        return await durable.stranded(timedelta(0)) == []

    await until(is_quiet)
