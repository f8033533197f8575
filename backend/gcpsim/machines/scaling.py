"""How many instances a revision has: decided from how much is asked at once, as Cloud Run does it by concurrency."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How many requests an instance takes at once, how many instances there are at least and at most, and how long an idle one stays."""

    concurrency: int = 80
    least: int = 0
    most: int = 100
    idle_seconds: float = 60.0


def wanted(requests: int, limits: Limits) -> int:
    """Instances for that many requests at once, those that wait included."""
    enough = -(-requests // max(1, limits.concurrency))
    return min(max(enough, limits.least), max(limits.most, limits.least, 1))


def to_end(idle_for: Sequence[float | None], limits: Limits) -> list[int]:
    """Which instances may go, by place: idle long enough (None: busy), those that are idle longest first, and never below the least."""
    idle = [(seconds, at) for at, seconds in enumerate(idle_for) if seconds is not None]
    ripe = [at for seconds, at in sorted(idle, reverse=True) if seconds >= limits.idle_seconds]
    return ripe[: max(0, len(idle_for) - limits.least)]
