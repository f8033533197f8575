"""hostd's tests run against a real hostd, PHP-FPM and bubblewrap; most of it needs root, which own uids and sandboxes do."""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.hostd.small_cloud import SmallCloud

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root: environments run under uids of their own"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory with a short name (sockets' paths have 107 characters at most) that everyone may enter."""
    directory = Path(tempfile.mkdtemp(prefix="hostd-", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
async def cloud(place: Path) -> AsyncIterator[SmallCloud]:
    """A cloud that sleeps late, with hostd running."""
    async for each in running(SmallCloud(place)):
        yield each


@pytest.fixture
async def drowsy(place: Path) -> AsyncIterator[SmallCloud]:
    """A cloud whose environments sleep after a second without visitors."""
    async for each in running(SmallCloud(place, idle_seconds=1)):
        yield each


async def running(cloud: SmallCloud) -> AsyncIterator[SmallCloud]:
    """Started and, whatever happens, stopped with everything it started."""
    cloud.lay_out()
    try:
        await cloud.start()
        yield cloud
    finally:
        await cloud.clear_away()


@pytest.fixture
def figure(
    capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> Callable[[str], None]:
    """Says a measured figure where people see it, and keeps it in the report."""

    def say(text: str) -> None:
        record_property("figure", text)
        with capsys.disabled():
            sys.stdout.write(f"\n    {text}\n")

    return say
