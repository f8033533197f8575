"""The platform's figures for Prometheus: true, and never more sites by name than fit on a page."""

from datetime import timedelta

import pytest

from aipress.api import prometheus
from aipress.kit import clock
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


async def told(world: World) -> dict[str, float]:
    answer = await world.ask("GET", "/metrics", await world.grace())
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_figures_of_the_platform_and_its_sites_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await world.ada()
    for name in ("Bakery", "Brewery"):
        await world.site(ada, name)
        for environment in await world.cloud.vault.existing():
            world.cloud.metrics.tell(environment, "requests", clock.now() - timedelta(minutes=5), 7)
    found = await told(world)
    assert found['aipress_sites{state="live"}'] == 2
    assert found["aipress_operations_running"] == 0
    assert found["aipress_pool_environments"] == 0
    assert found['aipress_environments{state="asleep"}'] == 2
    assert found['aipress_site_requests_last_hour{site="bakery"}'] == 7
    monkeypatch.setattr(prometheus, "MOST_NAMED", 1)
    requests = {name: value for name, value in (await told(world)).items() if "site_requests" in name}
    assert len(requests) == 2
    assert requests['aipress_site_requests_last_hour{site="(others)"}'] == 7
