"""The contract of own domains once more, where Cloudflare answers for them on Google Cloud."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.gcp.cloudflare import domains as by_cloudflare
from aipress.clouds.gcp.cloudflare.domains import CloudflareDomains
from aipress.config import Settings
from tests.clouds.gcp.fronts import FRONT
from tests.clouds.gcp.simulated import PLATFORM, simulated
from tests.contracts import test_domains as promised
from tests.fakes.cloudflare import TOKEN, FakeCloudflare, cloudflare

there, domain = promised.there, promised.domain
globals().update({name: thing for name, thing in vars(promised).items() if name.startswith("test_")})


@pytest.fixture
async def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cloud]:
    """Google Cloud on the simulator, with Cloudflare before it."""
    monkeypatch.setattr(by_cloudflare, "PAUSE", 0.001)
    platform = PLATFORM.model_copy(update={"cloudflare": FRONT})
    with cloudflare(FakeCloudflare()) as endpoint:
        settings = Settings(data_dir=tmp_path, cloudflare_token=TOKEN, cloudflare_endpoint=endpoint)
        with simulated(settings, platform) as on:
            yield on.cloud
            await on.google.aclose()
            assert isinstance(on.cloud.domains, CloudflareDomains)
            await on.cloud.domains.hosts.cloudflare.aclose()


@pytest.fixture
async def environment(cloud: Cloud) -> AsyncIterator[EnvironmentSpec]:
    """One without a database: no instance is up for it here."""
    name = secrets.token_hex(6)
    yield EnvironmentSpec(id=name, number=7, tenant="ten_contract", slug=f"c{name}")
    for facet in (cloud.domains, cloud.edge, cloud.runtime, cloud.buckets):
        await facet.remove(name)


def test_all_of_the_contract_is_here() -> None:
    assert sum(name.startswith("test_") for name in globals()) > 8
