"""What answers cost stands on the bill of the site they were about: exactly, once, and only where its price is known."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aipress.billing import language_models
from aipress.clouds.costs import Window
from aipress.kit import clock, ids
from aipress.usage.models import TokenUse
from tests.api.world import World
from tests.billing.counting import bakery, count, read
from tests.fakes.costs import row
from tests.tenants.lasting import together

pytestmark = together


async def answers(
    world: World, tenant: str | None, days_ago: int = 0, model: str = "gemini-3.8-flash"
) -> None:
    """One answer that read a million tokens, 200,000 of them cached, and said ten thousand."""
    at = clock.now() - timedelta(days_ago)
    used = TokenUse(
        id=ids.new("use"),
        person_id="usr_ada",
        day=at.date(),
        at=at,
        engine="google",
        model=model,
        tenant_id=tenant,
        requests=1,
        input_tokens=1_000_000,
        cached_tokens=200_000,
        output_tokens=10_000,
    )
    async with world.rows.transaction() as session:
        session.add(used)


# 800,000 fresh at 0.75, 200,000 cached at 0.075 and 10,000 said at 3.75 dollars a million.
ONE = Decimal("0.6525")


async def test_answers_about_a_site_are_on_its_bill_and_counted_once(world: World) -> None:
    ada, site = await bakery(world)
    await answers(world, site)
    await answers(world, site)
    await answers(world, site, model="a-model-without-a-price")
    await answers(world, None)
    world.cloud.costs.rows = [row(clock.now().date(), site, "1")]
    for _ in range(2):
        await count(world)
    (bill,) = (await read(world, ada))["bills"]
    assert {one["service"]: Decimal(one["amount"]) for one in bill["by_service"]} == {
        "Hosting": Decimal(1),
        "Language models": 2 * ONE,
    }
    assert Decimal(bill["month_to_date"]) == 1 + 2 * ONE
    (whole,) = (await read(world, await world.grace(), "/billing"))["bills"]
    assert Decimal(whole["unallocated"]) == ONE
    assert Decimal(whole["total"]) == 1 + 3 * ONE


async def test_a_day_of_which_the_export_has_nothing_has_its_answers_and_more_of_them_later(
    world: World,
) -> None:
    ada, site = await bakery(world)
    await answers(world, site)
    await count(world)
    await answers(world, site)
    await count(world)
    (bill,) = (await read(world, ada))["bills"]
    assert Decimal(bill["month_to_date"]) == 2 * ONE


async def test_a_day_long_ago_that_is_restated_keeps_its_answers(world: World) -> None:
    ada, site = await bakery(world)
    await count(world)
    day = clock.now().date() - timedelta(60)
    await answers(world, site, days_ago=60)
    world.cloud.costs.rows = [row(day, site, "2")]
    await count(world)
    (bill,) = (await read(world, ada, f"/tenants/bakery/billing?month={day:%Y-%m}"))["bills"]
    assert Decimal(bill["month_to_date"]) == 2 + ONE


@pytest.mark.parametrize(("cloud", "found"), [("local", 1), ("gcp", 0)])
async def test_what_a_clouds_export_has_itself_is_not_counted_twice(
    world: World, cloud: str, found: int
) -> None:
    await answers(world, None)
    today = clock.now().date()
    async with world.rows.reading() as session:
        lines = await language_models.lines(session, cloud, Window(today, today, clock.now()), ())
    assert len(lines) == found
