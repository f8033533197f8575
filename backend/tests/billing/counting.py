"""A site whose costs are counted, and what is told of them."""

import itertools

from aipress import durable
from aipress.billing import workflows
from aipress.kit import clock
from tests.api.world import Json, World
from tests.make import Headers

TRIES = itertools.count(2)


async def count(world: World, subject: str = "") -> None:
    """Count once more, as of today."""
    subject, attempt = subject or f"{clock.now():%Y-%m-%d}", next(TRIES)
    await durable.start(workflows.count_costs, subject, attempt)
    name = durable.name_of(workflows.count_costs, subject, attempt)
    await durable.ended(name)
    assert await durable.state_of(name) == "done"
    assert not [one.refused for one in await durable.steps_of(name) if one.refused]


async def read(world: World, who: Headers, path: str = "/tenants/bakery/billing") -> Json:
    answer = await world.ask("GET", path, who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def bakery(world: World) -> tuple[Headers, str]:
    ada = await world.ada()
    return ada, (await world.site(ada, "Bakery"))["id"]
