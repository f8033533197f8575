"""From metrics to what rules want: shares of what there is, and nothing where too little is known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from aipress.telemetry.alerts.readings import figures, share_used

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
MINUTES = [NOON + timedelta(minutes=number) for number in range(3)]


def told(**series: dict[int, float | None]) -> dict[str, dict[datetime, float | None]]:
    """By metric, and minutes after noon."""
    names = ("requests", "errors", "latency_p95", "disk_bytes", "db_connections", "cron_lag")
    return {
        name: {NOON + timedelta(minutes=at): value for at, value in series.get(name, {}).items()}
        for name in names
    }


def test_errors_are_a_share_of_five_minutes_requests_and_few_are_none() -> None:
    requests: dict[int, float | None] = {-4: 60, -3: 10, 0: 10, 1: 10, 2: None}
    found = figures(told(requests=requests, errors={-4: 4, 0: 4, 1: 1}), MINUTES, 1, 1)
    assert found["error_rate"] == [10.0, 100 * 5 / 30, None]
    assert figures(told(requests={0: 4}, errors={0: 4}), MINUTES, 1, 1)["error_rate"][0] == 0
    assert figures(told(requests={0: 0}), MINUTES, 1, 1)["error_rate"][0] == 0


def test_slowness_of_a_few_requests_says_nothing_and_nobody_is_not_slow() -> None:
    found = figures(told(requests={0: 5, 1: 4, 2: 0}, latency_p95={0: 4000, 1: 9000}), MINUTES, 1, 1)
    assert found["latency"] == [4000, None, 0.0]


def test_what_is_used_is_a_share_of_what_there_is() -> None:
    found = figures(told(disk_bytes={0: 95, 1: None}, db_connections={0: 15}), MINUTES, 100, 20)
    assert found["disk"] == [95.0, None, None]
    assert found["db_connections"] == [75.0, None, None]
    assert found["cron_lag"] == [None, None, None]


def test_the_machines_disk_is_a_share_too(tmp_path: Path) -> None:
    assert 0 <= share_used(tmp_path) <= 100
