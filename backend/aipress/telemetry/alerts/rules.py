"""What is watched, from which bound on it is bad, and how that is said. Certificates and backups are named and not measured yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aipress.telemetry.alerts.steadiness import Bounds

Kind = Literal[
    "error_rate",
    "latency",
    "disk",
    "db_connections",
    "cron_lag",
    "log_quota",
    "machine_disk",
    "certificate_age",
    "backup_age",
]
Unit = Literal["percent", "ms", "s", "lines", "days"]


@dataclass(frozen=True)
class Rule:
    """One kind of alert. `says` is a sentence with {value} and {bound} in it; both are in `unit`."""

    kind: Kind
    title: str
    unit: Unit
    bounds: Bounds
    says: str
    is_measured: bool = True

    def sentence(self, value: float) -> str:
        return self.says.format(value=_spelled(value), bound=_spelled(self.bounds.bad))


_ALL = (
    Rule(
        "error_rate",
        "Many errors",
        "percent",
        Bounds(5, 2, 3, 10),
        "{value} % of requests failed with an error of the server; from {bound} % on, with at least five in five minutes, that is too many.",
    ),
    Rule(
        "latency",
        "Slow",
        "ms",
        Bounds(3000, 2000, 5, 10),
        "A twentieth of requests took {value} ms or longer; from {bound} ms on, that is too slow.",
    ),
    Rule(
        "disk",
        "Nearly as large as its size includes",
        "percent",
        Bounds(90, 85, 3, 3),
        "Its files take {value} % of what its size includes; from {bound} % on, it is worth a look. What is beyond costs extra.",
    ),
    Rule(
        "db_connections",
        "Few database connections left",
        "percent",
        Bounds(80, 60, 3, 10),
        "{value} % of the database connections it may have are in use; from {bound} % on, visitors may soon see errors.",
    ),
    Rule(
        "cron_lag",
        "Scheduled tasks are late",
        "s",
        Bounds(900, 300, 2, 2),
        "Scheduled tasks run {value} s late; from {bound} s on, that is too late.",
    ),
    Rule(
        "log_quota",
        "Its logs are full",
        "lines",
        Bounds(1, 1, 1, 5),
        "Its logs reached what they may take; {value} lines were refused since.",
    ),
    Rule(
        "machine_disk",
        "The machine's disk is nearly full",
        "percent",
        Bounds(90, 85, 3, 10),
        "{value} % of the disk is in use; from {bound} % on, sites may soon fail to write.",
    ),
    Rule(
        "certificate_age",
        "Its certificate ends soon",
        "days",
        Bounds(76, 75, 1, 1),
        "Its certificate is {value} days old and was not renewed.",
        is_measured=False,
    ),
    Rule(
        "backup_age",
        "Its newest backup is old",
        "days",
        Bounds(2, 1.5, 1, 1),
        "Its newest backup is {value} days old.",
        is_measured=False,
    ),
)

RULES: Mapping[str, Rule] = {rule.kind: rule for rule in _ALL}


def _spelled(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
