"""A site comes to be on a Google that is as strict as the real one: grants that are heard of late, and quotas of a minute."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipress import durable
from aipress.clouds.gcp import heard
from aipress.errors import CloudRefused
from gcpsim.world import World
from tests.clouds.gcp.lives import life
from tests.clouds.gcp.servers import Instance, cloud_sql
from tests.clouds.gcp.test_faults import impatient, settled
from tests.clouds.local.rig import short_home

__all__ = ["impatient"]
DENIED = 7


@pytest.fixture(scope="module")
def server() -> Iterator[Instance]:
    with short_home() as home, cloud_sql(home / "m", 9) as made:
        yield made


async def hear_in_the_end(world: World) -> None:
    """Whenever a revision was denied something, ten seconds of the simulator's go by; a grant takes thirty."""
    known = 0
    while True:
        with world.turn:
            denied = sum(operation.code == DENIED for _, operation in world.operations.everything())
            if denied > known:
                known = denied
                world.clock.pass_time(10)
        await asyncio.sleep(0.005)


async def test_a_grant_that_is_heard_of_late_keeps_no_site_from_coming_to_be(
    server: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the runtime's own patience: a step's ends long before Google has heard."""
    monkeypatch.setattr(heard, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(durable, "PATIENCE", 0.0)
    async with life(server, tmp_path) as one:
        world = one.on.simulator.world
        world.iam_delay = 30
        hearing = asyncio.create_task(hear_in_the_end(world))
        await one.begin()
        hearing.cancel()
        denied = [operation for _, operation in world.operations.everything() if operation.code == DENIED]
        assert len(denied) == 6, "the service three times, and then what its owner gave it"
        values = one.values()
        await one.end()
        await settled(one, values)


async def test_who_is_never_granted_anything_is_not_waited_for_for_ever(
    server: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heard, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(heard, "PATIENCE", 0.05)
    monkeypatch.setattr(durable, "PATIENCE", 0.0)
    async with life(server, tmp_path) as one:
        one.on.simulator.world.iam_delay = 10**9
        with pytest.raises(CloudRefused, match="take a moment to be known"):
            await one.begin()
        values = one.values()
        await one.end()
        await settled(one, values)


async def test_quotas_of_a_minute_refuse_no_site(server: Instance, tmp_path: Path) -> None:
    async with life(server, tmp_path) as one:
        world = one.on.simulator.world
        world.limits_rates = True
        await one.begin()
        assert world.asked
        values = one.values()
        await one.end()
        await settled(one, values)
