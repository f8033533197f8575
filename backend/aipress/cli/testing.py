"""`aipress test`: sets up what the tests need, runs every part, and ends with one line that counts them all."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from aipress.cli import say
from aipress.cli.checks import run_checks
from aipress.cli.installation import CHECKOUT
from aipress.cli.machine import distribution, packages
from aipress.cli.machine.frontend import ensure_node_packages
from aipress.cli.machine.node import node_environment
from aipress.cli.trouble import Trouble

REPORTS = CHECKOUT / "artifacts/reports"


@dataclass(frozen=True)
class Count:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run_tests(only: list[str], pytest_arguments: list[str]) -> int:
    """Every part, or those named; the exit code. A part that breaks counts as failed, and the next one still runs."""
    if unknown := set(only) - set(PARTS):
        raise Trouble(f"There is no part {', '.join(sorted(unknown))}.", f"There are: {', '.join(PARTS)}.")
    ensure_test_packages()
    REPORTS.mkdir(parents=True, exist_ok=True)
    total, times = Count(), []
    for name in only or PARTS:
        say.line(f"\n== {name}")
        began = time.monotonic()
        counted = PARTS[name](pytest_arguments)
        times.append(f"{name} {time.monotonic() - began:.0f} s ({counted})")
        total += counted
    say.line("\n" + "\n".join(times))
    say.line(str(total))
    return 1 if total.failed or not total.passed else 0


def ensure_test_packages() -> None:
    """What the platform needs, and a browser, PostgreSQL and a load generator beside it."""
    wanted = distribution.wanted_packages(with_tests=True)
    if not (missing := distribution.missing_packages(wanted)):
        return
    if os.geteuid() != 0:
        raise Trouble(
            f"{len(missing)} packages are missing for the tests.",
            f"Please run: {packages.sudo_line(missing)}",
        )
    with say.step(f"Installing {', '.join(missing)}"):
        packages.install(missing)


def ensure_tools() -> None:
    """Firebase's emulator and Lighthouse, for the tests and benches that play them."""
    ensure_node_packages(CHECKOUT / "frontend/tools", node_environment(CHECKOUT))


def run_pytest(arguments: list[str], environment: Mapping[str, str] | None = None) -> Count:
    """The backend's tests, those with the whole platform and a browser too; their output goes straight through."""
    ensure_tools()
    report = REPORTS / "backend.xml"
    # Firebase's emulator: a test tool that nothing of the platform needs.
    ensure_node_packages(CHECKOUT / "frontend/tools", node_environment(CHECKOUT))
    report.unlink(missing_ok=True)
    command = [sys.executable, "-P", "-m", "pytest", f"--junitxml={report}", *arguments]
    code = _stream(command, CHECKOUT / "backend", dict(os.environ) | dict(environment or {}))
    return _counted(read_junit, report, code)


def _check(_: list[str]) -> Count:
    passed, failed = run_checks()
    return Count(passed, failed)


def _frontend(_: list[str]) -> Count:
    sources, report = CHECKOUT / "frontend", REPORTS / "frontend.json"
    environment = node_environment(CHECKOUT)
    ensure_node_packages(sources, environment)
    report.unlink(missing_ok=True)
    reporters = ["--reporter=default", "--reporter=json", f"--outputFile.json={report}"]
    code = _stream(["npm", "test", "--", *reporters], sources, environment)
    return _counted(read_vitest, report, code)


def _stream(command: list[str], folder: Path, environment: Mapping[str, str]) -> int:
    sys.stdout.flush()
    return subprocess.run(
        command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, check=False
    ).returncode


def _counted(read: Callable[[Path], Count], report: Path, code: int) -> Count:
    """What the report says; a runner that failed without a failed test (or a report) is a failure itself."""
    counted = read(report) if report.is_file() else Count()
    return counted + Count(failed=1) if code and not counted.failed else counted


def read_junit(report: Path) -> Count:
    """The counts of pytest's JUnit XML."""
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 (pytest wrote it just now)
    numbers = [
        {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
        for suite in suites
    ]
    failed = sum(one["failures"] + one["errors"] for one in numbers)
    skipped = sum(one["skipped"] for one in numbers)
    return Count(sum(one["tests"] for one in numbers) - failed - skipped, failed, skipped)


def read_vitest(report: Path) -> Count:
    """The counts of vitest's JSON report (Jest's shape)."""
    says = json.loads(report.read_text())
    broken = sum(
        1 for file in says["testResults"] if file["status"] == "failed" and not file["assertionResults"]
    )
    skipped = says["numPendingTests"] + says.get("numTodoTests", 0)
    return Count(says["numPassedTests"], says["numFailedTests"] + broken, skipped)


PARTS: dict[str, Callable[[list[str]], Count]] = {
    "check": _check,
    "backend": run_pytest,
    "frontend": _frontend,
}
