"""The Google cloud on a simulator of its own, without pauses."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from aipress.clouds.gcp import google, newest, waiting
from aipress.config import Settings
from tests.clouds.gcp.bases import Rig, bases
from tests.clouds.gcp.servers import Instance, cloud_sql
from tests.clouds.gcp.simulated import Simulated, simulated
from tests.clouds.local.rig import short_home


@pytest.fixture
async def on_google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Simulated]:
    monkeypatch.setattr(google, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(waiting, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(newest, "PAUSES", (0.001,) * 4)
    with simulated(Settings(data_dir=tmp_path)) as made:
        yield made
        await made.google.aclose()


@pytest.fixture(scope="package")
def server() -> Iterator[Instance]:
    """A Cloud SQL instance."""
    with short_home() as home, cloud_sql(home / "m") as made:
        yield made


@pytest.fixture
async def on(server: Instance, tmp_path: Path) -> AsyncIterator[Rig]:
    """Databases on it."""
    async with bases(server, tmp_path) as made:
        yield made
