"""What the facet of metrics promises: figures with their unit on a grid of time, nothing invented, nothing of others, and an end."""

from datetime import UTC, datetime, timedelta

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.metrics import UNITS, WHOLE, Series, Span

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUARTER = Span(NOON, NOON + 15 * MINUTE)


@pytest.fixture
async def running(cloud: Cloud, environment: EnvironmentSpec) -> EnvironmentSpec:
    """An environment whose PHP runs."""
    await cloud.databases.ensure(environment, await cloud.vault.ensure(environment))
    service = await cloud.runtime.ensure(environment, await cloud.buckets.ensure(environment))
    await cloud.runtime.warm(service)
    return environment


def values(series: Series) -> list[float | None]:
    return [value for _, value in series.points]


async def test_each_metric_has_its_unit_and_a_point_for_each_step_in_the_order_asked_for(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    asked = [*reversed(UNITS)]
    found = await cloud.metrics.series(environment.id, asked, QUARTER)
    assert [(one.metric, one.unit) for one in found] == [(name, UNITS[name]) for name in asked]
    grid = [NOON + n * MINUTE for n in range(15)]
    assert all([moment for moment, _ in one.points] == grid for one in found)


async def test_of_what_nobody_looked_at_nothing_is_told(cloud: Cloud, environment: EnvironmentSpec) -> None:
    for series in await cloud.metrics.series(environment.id, list(UNITS), QUARTER):
        assert set(values(series)) == {None}


async def test_what_runs_at_a_look_is_told_of_its_minute_and_of_no_other(
    cloud: Cloud, running: EnvironmentSpec
) -> None:
    await cloud.metrics.collect([running], NOON + 3 * MINUTE)
    await cloud.metrics.collect([running], NOON + 5 * MINUTE + timedelta(seconds=59))
    instances, memory, requests = await cloud.metrics.series(
        running.id, ["instances", "memory_bytes", "requests"], QUARTER
    )
    looked = [3, 5]
    assert values(instances) == [1 if n in looked else None for n in range(15)]
    assert values(requests) == [0 if n in looked else None for n in range(15)]
    assert [n for n, value in enumerate(values(memory)) if value is not None] == looked
    assert all(value is None or value > 2**19 for value in values(memory))


async def test_two_looks_in_a_minute_are_no_two_instances(cloud: Cloud, running: EnvironmentSpec) -> None:
    for seconds in (0, 20, 40):
        await cloud.metrics.collect([running], NOON + timedelta(seconds=seconds))
    (instances,) = await cloud.metrics.series(running.id, ["instances"], Span(NOON, NOON + MINUTE))
    assert values(instances) == [1]


async def test_a_longer_step_begins_where_it_does_on_every_clock(
    cloud: Cloud, running: EnvironmentSpec
) -> None:
    await cloud.metrics.collect([running], NOON + 12 * MINUTE)
    span = Span(NOON + 3 * MINUTE, NOON + 25 * MINUTE, 10 * MINUTE)
    (instances,) = await cloud.metrics.series(running.id, ["instances"], span)
    assert list(instances.points) == [(NOON, None), (NOON + 10 * MINUTE, 1), (NOON + 20 * MINUTE, None)]


async def test_a_whole_span_is_one_point(cloud: Cloud, running: EnvironmentSpec) -> None:
    await cloud.metrics.collect([running], NOON + 12 * MINUTE)
    span = Span(NOON + 3 * MINUTE, NOON + 25 * MINUTE, WHOLE)
    (instances,) = await cloud.metrics.series(running.id, ["instances"], span)
    assert list(instances.points) == [(NOON + 3 * MINUTE, 1)]
    later = Span(NOON + 13 * MINUTE, NOON + 25 * MINUTE, WHOLE)
    (instances,) = await cloud.metrics.series(running.id, ["instances"], later)
    assert values(instances) == [None]


async def test_what_adds_up_is_told_of_all_at_once(cloud: Cloud, running: EnvironmentSpec) -> None:
    await cloud.metrics.collect([running], NOON + 3 * MINUTE)
    names = ["requests", "errors", "cpu_seconds"]
    totals = await cloud.metrics.totals(names, QUARTER)
    assert totals[running.id].keys() == set(names)
    assert totals[running.id]["requests"] == 0


async def test_an_environment_is_there_from_its_first_look_until_it_is_removed_for_good(
    cloud: Cloud, running: EnvironmentSpec
) -> None:
    assert running.id not in await cloud.metrics.existing()
    await cloud.metrics.collect([running], NOON)
    assert running.id in await cloud.metrics.existing()
    for _ in range(2):
        await cloud.metrics.remove(running.id)
        assert running.id not in await cloud.metrics.existing()
    await cloud.metrics.collect([running], NOON)
    assert running.id not in await cloud.metrics.existing()
    (instances,) = await cloud.metrics.series(running.id, ["instances"], QUARTER)
    assert set(values(instances)) == {None}
