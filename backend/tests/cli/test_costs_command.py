"""Costs from the command line, against the control plane itself."""

import json
from calendar import monthrange
from datetime import timedelta
from decimal import Decimal

import pytest

from aipress.billing import workflows
from aipress.cli.trouble import Trouble
from aipress.clouds.costs import Window
from aipress.kit import clock
from tests.api.world import World
from tests.cli.test_sharing import Terminal, terminal
from tests.fakes.costs import row
from tests.tenants.lasting import together

__all__ = ["terminal"]

pytestmark = together


async def counted(world: World) -> None:
    """What the cloud's export says today, put into the rows as a count does."""
    today = clock.now().date()
    lines = await world.cloud.costs.lines("", Window(today, today, clock.now()))
    await workflows._exchange("local", today, lines)


async def test_a_site_costs_what_was_counted(terminal: Terminal, world: World) -> None:
    site = (await world.ask("GET", "/tenants/blog", await world.grace())).json()["id"]
    assert await terminal.say("costs", "blog") == ""
    assert json.loads(await terminal.say("costs", "blog", "--json"))["bills"] == []
    world.cloud.costs.rows = [row(clock.now().date(), site, "4.600000001")]
    await counted(world)
    table = (await terminal.say("costs", "blog")).splitlines()
    assert [line.split() for line in table[:3]] == [
        ["Service", "USD"],
        ["Hosting", "4.600000001"],
        ["So", "far", "4.600000001"],
    ]
    (bill,) = json.loads(await terminal.say("costs", "blog", "--json"))["bills"]
    assert bill["month_to_date"] == "4.600000001"
    assert json.loads(await terminal.say("costs", "blog", "--month", "2020-01", "--json"))["bills"] == []


async def test_what_could_cost_less_is_said_with_its_figures(terminal: Terminal, world: World) -> None:
    site = (await world.ask("GET", "/tenants/blog", await world.grace())).json()["id"]
    assert await terminal.say("costs", "blog", "--advice") == ""
    days = [clock.now().date() - timedelta(number) for number in range(1, 8)]
    for sku, unit, amount in (("Size basic", "month", 1), ("Files of a site", "gibibyte month", 15)):
        world.cloud.costs.rows += [
            row(
                day,
                site,
                sku={"description": sku},
                usage={
                    "amount_in_pricing_units": f"{Decimal(amount) / monthrange(day.year, day.month)[1]:.9f}",
                    "pricing_unit": unit,
                },
            )
            for day in days
        ]
    for day in days:
        lines = await world.cloud.costs.lines("", Window(day, day, clock.now()))
        await workflows._exchange("local", day, [line for line in lines if line.usage_date == day])
    said = (await terminal.say("costs", "blog", "--advice")).splitlines()
    assert said[0].endswith("what is beyond costs extra. Saves 0.40 USD a month.")
    assert "  included: 5.00 gibibyte (prices)" in said
    told = json.loads(await terminal.say("costs", "blog", "--advice", "--json"))
    assert [one["saving"] for one in told["items"]] == ["0.40"]


async def test_a_budget_is_set_shown_and_taken_away(terminal: Terminal, world: World) -> None:
    site = (await world.ask("GET", "/tenants/blog", await world.grace())).json()["id"]
    world.cloud.costs.rows = [row(clock.now().date(), site, "5")]
    await counted(world)
    assert "has no budget" in await terminal.say("budget", "blog")
    said = await terminal.say("budget", "blog", "20", "usd", "--at", "80", "--at", "50")
    assert said == (
        "blog may cost 20.00 USD a month; 25 % of that is spent. Its owner is told at 50 %, 80 %.\n"
    )
    assert await terminal.say("budget", "blog") == said
    assert json.loads(await terminal.say("budget", "blog", "--json"))["thresholds"] == [50, 80]
    for wrong in (("0",), ("much",), ("20", "dollars"), ("20", "USD", "a"), ("20", "--at", "0")):
        with pytest.raises(Trouble):
            await terminal.say("budget", "blog", *wrong)
    assert await terminal.say("budget", "blog") == said
    assert "has no budget" in await terminal.say("budget", "blog", "none")
