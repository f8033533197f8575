"""The Google cloud on a simulator of its own, without pauses."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aipress.clouds.gcp import google, newest, waiting
from aipress.config import Settings
from tests.clouds.gcp.simulated import Simulated, simulated


@pytest.fixture
async def on_google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Simulated]:
    monkeypatch.setattr(google, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(waiting, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(newest, "PAUSES", (0.001,) * 4)
    with simulated(Settings(data_dir=tmp_path)) as made:
        yield made
        await made.google.aclose()
