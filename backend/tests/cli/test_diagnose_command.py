"""A diagnosis from the command line, against the control plane itself."""

import json

import pytest

from aipress.cli.trouble import Trouble
from tests.api.world import World
from tests.cli.test_sharing import Terminal, terminal
from tests.telemetry.diagnosis.test_diagnosis import planted
from tests.tenants.lasting import together

__all__ = ["terminal"]

pytestmark = together


async def test_it_says_why_and_which_facts_that_stands_on(terminal: Terminal, world: World) -> None:
    assert "othing wrong was found" in await terminal.say("diagnose", "blog")
    await planted(
        world, (await world.ask("GET", "/tenants/blog", await world.grace())).json(), "plugin_fatal"
    )
    said = await terminal.say("diagnose", "blog")
    assert said.startswith("1. A plugin or theme breaks with a fatal error. (")
    assert "plugin:price-table" in said
    assert "[fatal-1]" in said
    assert "What helps: " in said
    told = json.loads(await terminal.say("diagnose", "blog", "--json"))
    assert told["findings"][0]["cause"] == "plugin_fatal"
    assert json.loads(await terminal.say("diagnose", "blog", "--since", told["since"], "--json"))["findings"]
    with pytest.raises(Trouble):
        await terminal.say("diagnose", "blog", "--environment", "staging")
