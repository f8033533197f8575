"""Costs from the command line, against the control plane itself."""

import json

import pytest

from aipress.billing import workflows
from aipress.cli.trouble import Trouble
from aipress.clouds.base import Window
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
