"""Changing a site's tier and options from the command line, against the control plane itself, on a platform of two clouds."""

import json

from aipress import clouds
from tests.api.world import World
from tests.cli.test_sharing import Terminal, terminal
from tests.fakes.cloud import FakeCloud
from tests.tenants.lasting import together

__all__ = ["terminal"]

pytestmark = together


async def test_what_there_is_to_choose_is_of_the_sites_own_cloud_and_tier(
    terminal: Terminal, world: World
) -> None:
    clouds.use(world.cloud.as_cloud("local"), FakeCloud().as_cloud("gcp"))
    await world.site(await world.ada(), "Café", cloud="gcp")
    offered = json.loads(await terminal.say("change", "cafe", "--json"))
    assert (offered["cloud"], offered["tier"]) == ("gcp", "basic")
    said = await terminal.say("change", "cafe", "--tier", "standard")
    assert said.splitlines()[-1].startswith("cafe is on the standard tier: ")
    assert json.loads(await terminal.say("change", "cafe", "--json"))["tier"] == "standard"
    assert json.loads(await terminal.say("change", "blog", "--json"))["tier"] == "basic"
