"""When an alert opens and when it closes: after minutes on end, and with a gap between the two bounds, so that nothing flaps.

A figure that stays between the bounds changes nothing, however long; neither does a minute in which nothing was measured.
"""

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Bounds:
    """A minute at or above `bad` is bad, one below `good` is good; so many on end open an alert, and so many close it."""

    bad: float
    good: float
    opens_after: int
    closes_after: int


@dataclass(frozen=True)
class Watch:
    """One figure as it was watched so far: whether its alert is open, and for how many minutes on end it was to be otherwise."""

    is_open: bool = False
    minutes: int = 0


Turn = Literal["opened", "closed"]


def after(watch: Watch, value: float | None, bounds: Bounds) -> tuple[Watch, Turn | None]:
    """The watch after one more minute, and what that minute did."""
    if value is None:
        return watch, None
    is_otherwise = value < bounds.good if watch.is_open else value >= bounds.bad
    minutes = watch.minutes + 1 if is_otherwise else 0
    if minutes < (bounds.closes_after if watch.is_open else bounds.opens_after):
        return replace(watch, minutes=minutes), None
    return Watch(not watch.is_open), "closed" if watch.is_open else "opened"
