"""The time, in UTC, with its zone."""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    return datetime.now(UTC)


def in_seconds(seconds: float) -> datetime:
    """The moment that many seconds from now."""
    return now() + timedelta(seconds=seconds)
