"""Metrics are collected of whatever is there, and of nothing that was removed."""

from datetime import timedelta

from aipress import clouds
from aipress.clouds.metrics import Span
from aipress.kit import clock
from aipress.telemetry.collecting import collect
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


async def test_what_is_there_is_looked_at_and_what_was_removed_is_forgotten(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Bakery")
    (environment,) = await world.cloud.vault.existing()
    await collect(world.rows, clouds.current())
    assert await world.cloud.metrics.existing() == {environment}
    now = clock.now()
    (instances,) = await clouds.current().metrics.series(
        environment, ["instances"], Span(now - timedelta(minutes=2), now)
    )
    assert 1 in [value for _, value in instances.points]
    plan = await world.ask(
        "POST", "/plans", ada, {"action": "DELETE_SITE", "arguments": {"tenant": "bakery"}}
    )
    assert plan.status_code == 201, plan.text
    confirmed = await world.ask(
        "POST",
        f"/plans/{plan.json()['id']}/confirmation",
        ada,
        {"hash": plan.json()["hash"], "typed_name": "bakery"},
    )
    assert confirmed.status_code == 202, confirmed.text
    await world.ended(ada, confirmed.json()["id"])
    assert await world.cloud.metrics.existing() == set()
    await collect(world.rows, clouds.current())
    assert await world.cloud.metrics.existing() == set()
