"""Advice over HTTP: from what was counted, and to those alone whose site it is."""

from calendar import monthrange
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from aipress.kit import clock
from aipress.tenants.models import Tenant
from tests.api.world import World
from tests.billing.counting import bakery, count, read
from tests.fakes.costs import row
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together


async def on_standard(world: World) -> tuple[Headers, str]:
    """A week of a standard site that uses two gibibytes beyond what a basic one includes, all day."""
    ada, site = await bakery(world)
    async with world.rows.transaction() as session:
        (await session.get_one(Tenant, site)).tier = "standard"
    days = [clock.now().date() - timedelta(number) for number in range(1, 8)]
    size, disk = price_of("Size standard", "month"), price_of("Files of a site", "gibibyte month")
    for day in days:
        part = Decimal(1) / monthrange(day.year, day.month)[1]
        world.cloud.costs.rows += [
            row(day, site, f"{9 * part:.9f}", **size(part)),
            row(day, site, f"{7 * part:.9f}", **disk(7 * part)),
        ]
    return ada, site


def price_of(sku: str, unit: str) -> Callable[[Decimal], dict[str, Any]]:
    return lambda amount: {
        "sku": {"description": sku},
        "usage": {"amount_in_pricing_units": f"{amount:.9f}", "pricing_unit": unit},
    }


async def test_advice_is_asked_of_the_bill_and_told_to_whose_it_is(world: World) -> None:
    ada, site = await on_standard(world)
    assert (await read(world, ada, "/tenants/bakery/billing/advice"))["days"] == 0
    await count(world)
    told = await read(world, ada, "/tenants/bakery/billing/advice")
    assert (told["tier"], told["days"], told["measured"], told["items"]) == ("standard", 7, False, [])
    environment = (await read(world, ada, "/tenants/bakery"))["environments"][0]["id"]
    for number in range(1, 8):
        at = clock.now() - timedelta(number, minutes=-1)
        world.cloud.metrics.tell(environment, "requests", at, 30)
    told = await read(world, ada, "/tenants/bakery/billing/advice")
    assert [(one["kind"], one["tier"], one["saving"]) for one in told["items"]] == [
        ("another_size", "basic", "8.92")  # two gibibytes are beyond a basic one
    ]
    async with world.rows.transaction() as session:
        (await session.get_one(Tenant, site)).tier = "basic"
    assert (await read(world, ada, "/tenants/bakery/billing/advice"))["days"] == 0
    stranger = await world.ada()
    assert (await world.ask("GET", "/tenants/bakery/billing/advice", stranger)).status_code == 404


async def test_admins_see_where_to_save_on_all_sites_and_what_promises_would_have_paid(world: World) -> None:
    ada, _ = await on_standard(world)
    quiet = (await world.site(ada, "Quiet"))["id"]
    sku = {"description": "Cloud SQL for MySQL: Zonal - vCPU in Iowa"}
    for number in range(1, 40):
        day = clock.now().date() - timedelta(number)
        world.cloud.costs.rows.append(row(day, "", "4", service={"description": "Cloud SQL"}, sku=sku))
        size, part = price_of("Size basic", "month"), Decimal(1) / monthrange(day.year, day.month)[1]
        if number <= 7:
            disk = price_of("Files of a site", "gibibyte month")
            database = price_of("Database of a site", "gibibyte month")
            world.cloud.costs.rows += [
                row(day, quiet, "0", **size(part)),
                row(day, quiet, "1", **disk(7 * part)),
                row(day, quiet, "1", **database(2 * part)),
            ]
    await count(world)
    told = await read(world, await world.grace(), "/billing/advice")
    assert [(one["slug"], one["items"][0]["kind"], one["items"][0]["saving"]) for one in told["sites"]] == [
        ("quiet", "beyond_included", "0.20")
    ]
    assert told["savings"] == [{"amount": "0.28", "currency": "USD"}]
    assert [(one["years"], one["saving"]) for one in told["commitments"]] == [(3, "62.40"), (1, "30.00")]
