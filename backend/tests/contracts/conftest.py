"""Each facet's contract is run three times: on the fake that other tests stand on, on the local cloud of a running platform, and on

the Google cloud, which asks the simulator over HTTP.
"""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.local.cloud import make_local_cloud
from aipress.clouds.local.costs import MeteredCosts
from aipress.clouds.local.edge import NginxEdge
from aipress.clouds.local.metric_store import MetricStore
from aipress.clouds.local.metrics import LocalMetrics
from aipress.config import Settings
from tests.clouds.gcp.billed import billed
from tests.clouds.gcp.counting import looked_at_by_cloud_run
from tests.clouds.gcp.servers import Instance, cloud_sql, stands
from tests.clouds.gcp.simulated import on_instance, simulated
from tests.clouds.local.rig import short_home
from tests.fakes.cloud import FakeCloud

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""When the suites look; in the simulator it is that time."""


@pytest.fixture(params=["fake", "local", "gcp"])
async def cloud(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Cloud]:
    """The cloud under contract; what it meters for the test is kept apart from what the platform itself does."""
    if request.param == "fake":
        yield FakeCloud().as_cloud()
    elif request.param == "gcp":
        local = request.getfixturevalue("platform")
        server = request.getfixturevalue("cloud_sql_instance")
        with simulated(Settings(data_dir=local.data), on_instance(server)) as on:
            stands(on.simulator, server)  # made months later: what stands for all is on no suite's bill
            on.simulator.world.clock.bring_back(NOON.timestamp(), 0)
            with billed(on, tmp_path) as costs:
                yield replace(on.cloud, metrics=looked_at_by_cloud_run(on), costs=costs)
            await on.google.aclose()
    else:
        yield _local(request.getfixturevalue("platform"), tmp_path)


@pytest.fixture(scope="session")
def cloud_sql_instance() -> Iterator[Instance]:
    """A server for the Google cloud's databases."""
    with short_home() as home, cloud_sql(home / "m", number=2) as server:
        yield server


def _local(running: Any, tmp_path: Path) -> Cloud:
    made = make_local_cloud(Settings(data_dir=running.data, port=running.port), account="root")
    costs, metrics = made.costs, made.metrics
    assert isinstance(costs, MeteredCosts)
    assert isinstance(metrics, LocalMetrics)
    metrics.store = MetricStore(tmp_path / "metrics")
    return replace(made, costs=MeteredCosts(tmp_path / "billing", costs.measures, costs.sheet))


@pytest.fixture
async def environment(cloud: Cloud) -> AsyncIterator[EnvironmentSpec]:
    """An environment without a row, far from the numbers in use; whatever it was given is taken away after the test."""
    name = secrets.token_hex(6)
    yield EnvironmentSpec(
        id=name, number=100_000 + secrets.randbelow(90_000), tenant="ten_contract", slug=f"c{name}"
    )
    for facet in cloud.facets_down():
        await facet.remove(name)
    if isinstance(cloud.edge, NginxEdge):
        await cloud.edge.visitor.aclose()
