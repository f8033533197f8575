"""A site gets another tier or other options: all of it or nothing, whatever fails and whoever is killed."""

import asyncio

import pytest
from sqlalchemy import select

from aipress.auth.principal import Principal, Role
from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.options import DEFAULTS, Options
from aipress.errors import CloudBusy, CloudRefused, Conflict, Invalid, NotAllowed
from aipress.operations import service as operations
from aipress.operations.models import Operation
from aipress.tenants import adjusting, reconciler, service, undoing
from aipress.tenants.models import Environment, Tenant
from aipress.tenants.reconciler import Findings
from aipress.tenants.schemas import Adjustment, OptionsWish
from tests.tenants.conftest import ADA, House
from tests.tenants.engine import break_off
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.waiting import until

pytestmark = together

LARGER = Adjustment(tier="performance", options=OptionsWish(min_instances=2))
STEPS = {"ensure": ("secrets", "bucket", "database", "runtime", "address"), "probe": ("address",)}
ORDERS = [f"{verb} {noun}" for verb, nouns in STEPS.items() for noun in nouns]


@pytest.fixture(autouse=True)
def _undoings() -> None:
    undoing.make_undoings()


async def begun(house: House, wish: Adjustment = LARGER, who: Principal = ADA) -> Operation:
    async with house.rows.transaction() as session:
        tenant = await service.find(session, who, "blog")
        return await adjusting.adjust(session, who, tenant, wish)


async def adjusted(house: House, wish: Adjustment = LARGER) -> Operation:
    return await house.ended((await begun(house, wish)).id)


async def blog(house: House) -> Tenant:
    async with house.session() as session:
        return (await session.scalars(select(Tenant))).one()


async def is_as(house: House, tier: str, options: Options = DEFAULTS) -> EnvironmentSpec:
    """That row and cloud have this tier and these options, and nothing is left to settle."""
    tenant, spec = await blog(house), next(iter(house.cloud.runtime.made.values()))
    assert (tenant.tier, Options(**tenant.options), tenant.former, tenant.state) == (
        tier,
        options,
        None,
        "live",
    )
    assert (spec.tier, spec.options) == (tier, options)
    return spec


async def test_a_site_is_what_it_was_wished_to_be_once_somebody_saw_it(house: House) -> None:
    await house.create("Blog")
    house.cloud.said.clear()
    done = await adjusted(house)
    assert (done.state, done.error) == ("succeeded", None)
    assert house.cloud.said == [
        "ensure secrets", "ensure bucket", "ensure database", "ensure runtime", "ensure address", "probe address",
    ]  # fmt: skip
    await is_as(house, "performance", Options(min_instances=2))
    async with house.session() as session:
        shown = await operations.shown(session, ADA, done)
    assert [step.state for step in shown.steps] == ["done"] * 6
    assert shown.result
    assert (shown.result.tier, shown.result.was) == ("performance", "basic")
    assert shown.undo
    assert shown.undo.label == "Make it basic again"


@pytest.mark.parametrize("order", ORDERS)
async def test_whatever_is_refused_the_site_is_what_it_was(house: House, order: str) -> None:
    await house.create("Blog")
    house.cloud.broken[order] = [CloudRefused("no more of that")]
    done = await adjusted(house)
    assert done.state == "failed"
    assert done.error
    assert "no more of that" in done.error["detail"]
    await is_as(house, "basic")
    assert (await adjusted(house)).state == "succeeded", "and it can be tried again"


@pytest.mark.parametrize("order", ORDERS)
async def test_a_busy_cloud_is_asked_again(house: House, order: str) -> None:
    await house.create("Blog")
    house.cloud.broken[order] = [CloudBusy("quota")]
    assert (await adjusted(house)).state == "succeeded"
    await is_as(house, "performance", Options(min_instances=2))


@pytest.mark.parametrize("order", ORDERS)
async def test_what_breaks_off_at_any_step_is_taken_back(house: House, order: str) -> None:
    verb, noun = order.split(" ")
    await house.create("Blog")
    shelf = next(one for one in house.cloud.shelves() if one.noun == noun)
    with held(shelf, verb) as hold:
        operation = await begun(house)
        await hold.asked.wait()
        await break_off(operation.workflow_id)
        hold.go.set()
        await reconciler.reconcile(house.rows, Findings())
    assert (await house.ended(operation.id)).error == {
        "title": "It broke off", "detail": "The site goes back to what it was.",
    }  # fmt: skip
    await settled(house)
    await is_as(house, "basic")


async def settled(house: House) -> None:
    async def is_settled() -> bool:
        return (await blog(house)).former is None

    await until(is_settled)


async def test_what_can_not_be_taken_back_either_is_tried_again_by_the_next_round(house: House) -> None:
    await house.create("Blog")
    house.cloud.broken["ensure runtime"] = [
        CloudRefused("full"),
        CloudRefused("still full"),
        CloudRefused("and still"),
    ]
    assert (await adjusted(house)).state == "failed"
    tenant = await blog(house)
    assert (tenant.tier, tenant.former is None) == ("basic", False)
    await reconciler.reconcile(house.rows, Findings())
    await until(lambda: _emptied(house))
    assert (await blog(house)).former is not None
    await reconciler.reconcile(house.rows, Findings())
    await settled(house)
    await is_as(house, "basic")


async def _emptied(house: House) -> bool:
    return not house.cloud.broken["ensure runtime"]


async def test_while_it_is_changed_it_is_neither_changed_nor_removed(house: House) -> None:
    await house.create("Blog")
    with held(house.cloud.runtime, "ensure") as hold:
        operation = await begun(house)
        await hold.asked.wait()
        with pytest.raises(Conflict, match="being changed"):
            await begun(house, Adjustment(tier="standard"))
        with pytest.raises(Conflict, match="being changed"):
            await house.remove("blog")
    assert (await house.ended(operation.id)).state == "succeeded"
    assert (await house.remove("blog")).state == "succeeded"
    assert house.cloud.is_empty()


async def test_of_many_who_change_it_at_once_one_does(house: House) -> None:
    await house.create("Blog")
    wishes = [Adjustment(options=OptionsWish(concurrency=number)) for number in range(20, 26)]
    asked = await asyncio.gather(*(begun(house, wish) for wish in wishes), return_exceptions=True)
    began = [one for one in asked if isinstance(one, Operation)]
    assert len(began) >= 1
    for one in began:
        assert (await house.ended(one.id)).state == "succeeded"
    tenant = await blog(house)
    await is_as(house, "basic", Options(**tenant.options))


async def test_undone_it_is_what_it_was_options_too(house: House) -> None:
    await house.create("Blog")
    first = await adjusted(house, Adjustment(options=OptionsWish(concurrency=30)))
    done = await adjusted(house)
    async with house.rows.transaction() as session:
        found = await operations.find(session, ADA, done.id)
        undoing = await operations.undone(session, ADA, found)
    assert (await house.ended(undoing.id)).state == "succeeded"
    await is_as(house, "basic", Options(concurrency=30))
    async with house.rows.writing() as session:
        found = await operations.find(session, ADA, first.id)
        with pytest.raises(Conflict, match="again since"):
            await operations.undone(session, ADA, found)


async def test_what_a_cloud_has_not_is_refused_and_nothing_is_changed(house: House) -> None:
    await house.create("Blog")
    said = len(house.cloud.said)
    refused = {
        "options.region": OptionsWish(region="there"),
        "options.database": OptionsWish(database="own"),
        "options.min_instances": OptionsWish(min_instances=4),
        "options.max_instances": OptionsWish(max_instances=900),
        "options.replicas": OptionsWish(replicas=1),
    }
    for field, options in refused.items():
        with pytest.raises(Invalid) as told:
            await begun(house, Adjustment(options=options))
        assert list(told.value.fields) == [field]
    with pytest.raises(Conflict, match="like that already: basic"):
        await begun(house, Adjustment(tier="basic"))
    assert len(house.cloud.said) == said
    await is_as(house, "basic")


async def test_an_agent_or_a_member_changes_nothing(house: House) -> None:
    await house.create("Blog")
    agent = Principal("agent", ADA.id, ADA.email, ADA.name, Role.TENANT)
    with pytest.raises(NotAllowed, match="propose it as a plan"):
        await begun(house, who=agent)


async def test_a_site_is_made_with_what_was_chosen_for_it(house: House) -> None:
    done = await house.create("Blog", options={"region": "there", "max_instances": 7, "media": "bucket"})  # type: ignore[arg-type]
    assert done.state == "succeeded"
    await is_as(house, "basic", Options(region="there", max_instances=7, media="bucket"))


async def test_a_site_that_is_not_up_or_on_its_way_elsewhere_is_not_changed(house: House) -> None:
    await house.create("Blog")
    async with house.rows.transaction() as session:
        tenant = await service.find(session, ADA, "blog")
        session.add(
            Environment(id="0" * 12, kind="arriving", cloud="gcp", state="provisioning", tenant=tenant)
        )
    with pytest.raises(Conflict, match="is being moved"):
        await begun(house)
    async with house.rows.transaction() as session:
        arriving = await session.scalar(select(Environment).where(Environment.kind == "arriving"))
        await session.delete(arriving)
    with held(house.cloud.runtime, "remove") as hold:
        removing = asyncio.create_task(house.remove("blog"))
        await hold.asked.wait()
        with pytest.raises(Conflict, match="is not up"):
            await begun(house)
    await removing
