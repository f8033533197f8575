"""Metrics over HTTP: of the caller's own sites, over a window that can be, in a number of points that can be read."""

from datetime import datetime, timedelta
from typing import Any, get_args

import pytest

from aipress.clouds.metrics import UNITS
from aipress.kit import clock
from aipress.plans.arguments import Metric
from aipress.telemetry.metrics import LABELS
from tests import make
from tests.api.world import World
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together

Json = dict[str, Any]
MINUTE = timedelta(minutes=1)


def now() -> datetime:
    return clock.now().replace(second=0, microsecond=0)


async def bakery(world: World) -> tuple[Headers, str]:
    """A site's owner, and its environment."""
    ada = await world.ada()
    await world.site(ada, "Bakery")
    (environment,) = await world.cloud.vault.existing()
    return ada, environment


async def read(world: World, shown: Headers, query: str = "", site: str = "bakery") -> Json:
    answer = await world.ask("GET", f"/tenants/{site}/metrics?{query}", shown)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_what_was_measured_is_told_with_its_unit_by_minute_and_over_all(world: World) -> None:
    ada, environment = await bakery(world)
    for ago, count in ((3, 5), (2, 7)):
        world.cloud.metrics.tell(environment, "requests", now() - ago * MINUTE, count)
    since = (now() - 4 * MINUTE).isoformat().replace("+00:00", "Z")
    found = await read(world, ada, f"metric=requests,latency_p95&since={since}")
    assert (found["environment"], found["step_seconds"], found["since"]) == ("live", 60, since)
    requests, latency = found["items"]
    assert requests["label"] == "Requests"
    assert (requests["metric"], requests["unit"], requests["overall"]) == ("requests", "count", 12)
    start = int(now().timestamp()) - 240
    assert requests["points"] == [[start, None], [start + 60, 5], [start + 120, 7], [start + 180, None]]
    assert (latency["unit"], latency["overall"]) == ("ms", None)


async def test_every_metric_has_a_name_for_people() -> None:
    assert list(LABELS) == list(UNITS) == list(get_args(Metric))


async def test_without_a_wish_it_is_everything_of_a_day(world: World) -> None:
    ada, _ = await bakery(world)
    found = await read(world, ada)
    assert [one["metric"] for one in found["items"]] == list(UNITS)
    assert datetime.fromisoformat(found["until"]) - datetime.fromisoformat(found["since"]) == timedelta(1)
    assert (found["step_seconds"], len(found["items"][0]["points"])) in [(300, 288), (300, 289)]


@pytest.mark.parametrize(
    ("days", "step"), [(1 / 24, 60), (1, 300), (7, 3600), (30, 3 * 3600), (400, 2 * 86400)]
)
async def test_the_step_makes_a_readable_number_of_points(world: World, days: float, step: int) -> None:
    ada, _ = await bakery(world)
    since = (now() - timedelta(days)).isoformat().replace("+00:00", "Z")
    found = await read(world, ada, f"metric=requests&since={since}")
    assert found["step_seconds"] == step
    assert len(found["items"][0]["points"]) <= 301


@pytest.mark.parametrize(
    "query",
    [
        "metric=visitors",
        "metric=requests,visitors",
        "metric=%27%3B--",
        "step=90",
        "step=0",
        "step=-60",
        "step=nan",
        "environment=staging",
        "environment=%2e%2e",
        "since=2020-01-01T00:00:00",
        "until=0.5",
        "since=1700000000",
        "since=2999-01-01T00:00:00Z",
        "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
        "since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00Z&step=60",
        "unknown=1",
    ],
)
async def test_what_can_not_be_is_refused_in_words(world: World, query: str) -> None:
    ada, _ = await bakery(world)
    answer = await world.ask("GET", f"/tenants/bakery/metrics?{query}", ada)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"]


async def test_nobody_is_told_of_another_site_whatever_they_ask(world: World) -> None:
    ada, environment = await bakery(world)
    world.cloud.metrics.tell(environment, "requests", now() - MINUTE, 99)
    eve = await world.ada()
    await world.site(eve, "Brewery")
    for site in ("bakery", environment):
        answer = await world.ask("GET", f"/tenants/{site}/metrics", eve)
        assert answer.status_code == 404
    answer = await world.ask("GET", f"/tenants/brewery/metrics?environment={environment}", eve)
    assert answer.status_code == 422
    assert environment not in str((await read(world, eve, site="brewery"))["items"])
    assert {asked for asked, _, _ in world.cloud.metrics.asked} != {environment}
    member = make.as_person(world.settings, await make.member(world.rows, await _id(world, ada)))
    assert (await read(world, member, "metric=requests"))["items"][0]["overall"] == 99


async def _id(world: World, shown: Headers) -> str:
    return str((await world.ask("GET", "/tenants/bakery", shown)).json()["id"])
