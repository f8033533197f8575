"""The one platform that all tests with real parts share: brought up once, by the one command, and taken down after."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.e2e.platform import Platform
from tests.fakes.name_server import name_server

PORT = 18080
SAID = 4000  # characters of each service's log beside a failure


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside what fails on a platform stands what its services said last."""
    report = yield
    on = next((one for one in getattr(item, "funcargs", {}).values() if isinstance(one, Platform)), None)
    if report.failed and on is not None:
        for name in ("control", "hostd", "gcpsim"):
            log = on.data / "logs" / f"{name}.log"
            if log.exists():
                said = log.read_text(errors="replace")[-SAID:]
                report.sections.append((f"{name} said last, until {call.when}", said))
    return report


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """A running platform with default settings, which asks a name server of the tests. AIPRESS_TEST_PLATFORM names one that is up already, for quick rounds."""
    if running := os.environ.get("AIPRESS_TEST_PLATFORM"):
        yield Platform(Path(running), int(os.environ.get("AIPRESS_TEST_PORT", PORT)))
        return
    if os.geteuid() != 0:
        pytest.skip("needs root: own accounts and sandboxes")
    data = Path(tempfile.mkdtemp(prefix="aipress-", dir="/var/tmp"))
    with name_server() as names:
        platform = Platform(data, PORT, {"AIPRESS_NAME_SERVER": names.address}, names)
        try:
            platform.up()
            yield platform
        finally:
            platform.aipress("down", check=False)
            shutil.rmtree(data, ignore_errors=True)
