"""The fixtures of the hostile suite: the whole control plane, running, on SQLite in memory: thousands of attacks wait for no disk."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.world import running, world

__all__ = ["running", "world"]
IN_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def lasting_url() -> Iterator[str]:
    """An empty database for the suite."""
    directory = tempfile.mkdtemp(prefix="aipress-hostile-", dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
    yield f"sqlite+aiosqlite:///{directory}/aipress.sqlite3"
    shutil.rmtree(directory)
