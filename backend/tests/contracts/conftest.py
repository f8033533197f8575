"""Each facet's contract is run twice: on the fake that other tests stand on, and on the local cloud of a running platform."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.local.cloud import make_local_cloud
from aipress.clouds.local.costs import MeteredCosts
from aipress.clouds.local.edge import NginxEdge
from aipress.clouds.local.metric_store import MetricStore
from aipress.clouds.local.metrics import LocalMetrics
from aipress.config import Settings
from tests.fakes.cloud import FakeCloud


@pytest.fixture(params=["fake", "local"])
def cloud(request: pytest.FixtureRequest, tmp_path: Path) -> Cloud:
    """The cloud under contract; what it meters for the test is kept apart from what the platform itself does."""
    if request.param == "fake":
        return FakeCloud().as_cloud()
    running = request.getfixturevalue("platform")
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
