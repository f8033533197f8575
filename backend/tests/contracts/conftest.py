"""Each facet's contract is run twice: on the fake that other tests stand on, and on the local cloud of a running platform."""

import secrets
from collections.abc import AsyncIterator

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.local.cloud import make_local_cloud
from aipress.clouds.local.edge import NginxEdge
from aipress.config import Settings
from tests.fakes.cloud import FakeCloud


@pytest.fixture(params=["fake", "local"])
def cloud(request: pytest.FixtureRequest) -> Cloud:
    """The cloud under contract."""
    if request.param == "fake":
        return FakeCloud().as_cloud()
    running = request.getfixturevalue("platform")
    return make_local_cloud(Settings(data_dir=running.data, port=running.port), account="root")


@pytest.fixture
async def environment(cloud: Cloud) -> AsyncIterator[EnvironmentSpec]:
    """An environment without a row, far from the numbers in use; whatever it was given is taken away after the test."""
    name = secrets.token_hex(6)
    yield EnvironmentSpec(
        id=name, number=100_000 + secrets.randbelow(90_000), tenant="ten_contract", slug=f"c{name}"
    )
    for facet in (cloud.edge, cloud.runtime, cloud.caches, cloud.buckets, cloud.databases, cloud.vault):
        await facet.remove(name)
    if isinstance(cloud.edge, NginxEdge):
        await cloud.edge.visitor.aclose()
