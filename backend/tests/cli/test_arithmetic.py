"""What the command line counts and converts: lengths of time, percentiles, test reports."""

import json
from pathlib import Path

import pytest

from aipress.cli import bench, bench_create, token
from aipress.cli.testing import Count, read_junit, read_vitest, run_tests
from aipress.cli.trouble import Trouble


@pytest.mark.parametrize(
    ("said", "seconds"), [("90s", 90), ("30m", 1800), ("1h", 3600), ("7d", 604_800), ("0s", 0)]
)
def test_a_length_of_time_is_a_number_and_a_letter(said: str, seconds: int) -> None:
    assert token.seconds(said) == seconds


@pytest.mark.parametrize("said", ["", "1", "h", "1 h", "-1h", "1.5h", "1w", "1h30m", "1H", "1" * 10 + "s"])
def test_any_other_length_of_time_is_refused_with_examples(said: str) -> None:
    with pytest.raises(Trouble, match="no length of time") as trouble:
        token.seconds(said)
    assert "30m" in trouble.value.remedy


def test_a_percentile_is_a_measured_value() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert bench_create._quantile(values, 0.95) == 96.0
    assert bench_create._quantile(values, 0.0) == 1.0
    assert bench_create._quantile([7.0], 0.95) == 7.0
    assert bench_create._median(values) == 50.5
    assert bench_create._median([1.0, 1.26, 9.0]) == 1.3


def test_a_bench_needs_a_name_and_enough_sites() -> None:
    with pytest.raises(Trouble, match="no bench called") as unknown:
        bench.measure("speed", 300)
    assert "create" in unknown.value.remedy
    with pytest.raises(Trouble, match="too few"):
        bench.measure("create", 99)


JUNIT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests">
  <testsuite name="one" tests="10" failures="2" errors="1" skipped="3" time="1.5"></testsuite>
  <testsuite name="two" tests="4" failures="0" errors="0" skipped="0"></testsuite>
</testsuites>"""


def test_pytests_report_is_counted_over_all_its_suites(tmp_path: Path) -> None:
    report = tmp_path / "backend.xml"
    report.write_text(JUNIT)
    assert read_junit(report) == Count(passed=8, failed=3, skipped=3)


def test_vitests_report_counts_files_that_did_not_even_load(tmp_path: Path) -> None:
    report = tmp_path / "frontend.json"
    files = [
        {"status": "passed", "assertionResults": [{}]},
        {"status": "failed", "assertionResults": [{}]},
        {"status": "failed", "assertionResults": []},
    ]
    says = {"numPassedTests": 5, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 1}
    report.write_text(json.dumps(says | {"testResults": files}))
    assert read_vitest(report) == Count(passed=5, failed=2, skipped=3)


def test_counts_add_up_and_say_so() -> None:
    total = Count(1, 2, 3) + Count(10, 20, 30)
    assert (total, str(total)) == (Count(11, 22, 33), "11 passed, 22 failed, 33 skipped")


def test_a_part_nobody_knows_is_named_before_anything_is_run() -> None:
    with pytest.raises(Trouble, match="no part everything") as trouble:
        run_tests(["everything"], [])
    assert "backend" in trouble.value.remedy
