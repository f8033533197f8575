"""The whole platform on PostgreSQL: the same life of a site, through a crash of the control plane, with its rows in another server."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CLEAN, PostgreSQL
from tests.e2e.platform import Platform

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]


@pytest.fixture
def elsewhere(postgresql: PostgreSQL) -> Iterator[Platform]:
    """A platform whose control plane keeps its rows and workflows in PostgreSQL."""
    if os.geteuid() != 0:
        pytest.skip("needs root: own accounts and sandboxes")
    postgresql.say(*CLEAN)
    postgresql.directory.chmod(0o711)  # the control plane's account has to reach the socket
    data = Path(tempfile.mkdtemp(prefix="aipress-pg-", dir="/var/tmp"))
    platform = Platform(
        data, 18082, {"AIPRESS_DATABASE_URL": postgresql.url("postgres"), "AIPRESS_POOL_SIZE": "1"}
    )
    try:
        platform.up()
        yield platform
    finally:
        platform.aipress("down", check=False)
        shutil.rmtree(data, ignore_errors=True)


def test_a_site_lives_and_goes_with_its_rows_in_postgresql(
    elsewhere: Platform, postgresql: PostgreSQL
) -> None:
    assert elsewhere.create("Elephant")["state"] == "succeeded"
    assert "<title>Elephant</title>" in elsewhere.visit("elephant").text
    assert not list((elsewhere.data / "control").glob("*.sqlite3"))
    os.kill(elsewhere.pid("control"), signal.SIGKILL)
    assert elsewhere.visit("elephant").status_code == 200
    elsewhere.ready()
    assert elsewhere.remove("elephant")["state"] == "succeeded"
    assert elsewhere.visit("elephant").status_code == 404
    assert elsewhere.leaks() == []
