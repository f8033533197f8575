"""How soon an alert opens: when a minute's figures are whole, and how many bad ones on end it takes. An installation may change both."""

from dataclasses import dataclass, replace
from datetime import timedelta

from aipress.telemetry.alerts.rules import Rule
from aipress.telemetry.alerts.steadiness import Bounds


@dataclass(frozen=True)
class Pace:
    """`settles`: from a minute's end until everything that happened in it is counted. `bad_minutes` of 0: each rule's own."""

    settles: timedelta = timedelta(minutes=1)
    bad_minutes: int = 0


_pace = [Pace()]


def use(pace: Pace) -> None:
    """How soon alerts of this process open."""
    _pace[:] = [pace]


def current() -> Pace:
    return _pace[0]


def bounds_of(rule: Rule) -> Bounds:
    """The rule's bounds, at this installation's pace."""
    own = rule.bounds
    return replace(own, opens_after=current().bad_minutes or own.opens_after)
