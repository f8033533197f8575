"""The shipper's tests stand on a data directory of their own; it asks no service."""

from pathlib import Path

import pytest

from tests.clouds.local.shipper.ground import Ground


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path).lay_out()
