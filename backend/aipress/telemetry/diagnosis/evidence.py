"""Facts: what was seen, when, where, and how anybody can look at it again. All that a diagnosis says is made of them.

A fact's values are whole numbers and text as they are said, so that a sentence never has a number that no fact has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

Kind = Literal[
    "traffic",
    "failures",
    "slow_requests",
    "visitor",
    "agent",
    "logins",
    "login_failures",
    "cache",
    "front_page",
    "fatal",
    "memory",
    "disk_error",
    "connection_error",
    "http_call",
    "statement",
    "table",
    "cron",
    "change",
    "processor",
    "neighbours",
    "disk",
    "memory_limit",
    "connections",
    "certificate",
    "name",
]
Where = Literal["logs", "metrics", "operations", "audit", "inspection"]
Value = str | int
LONGEST = 160  # characters of what somebody else wrote


@dataclass(frozen=True)
class Rows:
    """Where the rows of a fact are, and the query that finds them there again: parameters of that route."""

    where: Where
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """Something that was so from `at` to `until`. `requests` are the ids of requests it belongs to, as far as they are known."""

    kind: Kind
    at: datetime
    until: datetime
    values: Mapping[str, Value]
    rows: Rows
    requests: frozenset[str] = frozenset()
    id: str = ""

    def number(self, name: str) -> int:
        """That value; 0 where it is none."""
        value = self.values.get(name)
        return value if isinstance(value, int) else 0

    def text(self, name: str) -> str:
        """That value; empty where it is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def said(self) -> dict[str, Value]:
        """Every value as it stands in a sentence."""
        return {**self.values, "at": clock_time(self.at), "until": clock_time(self.until)}


@dataclass(frozen=True)
class Window:
    """The time that is looked at."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True)
class Evidence:
    """All facts of one environment over a window, oldest first, and what could not be looked at."""

    window: Window
    facts: Sequence[Fact]
    unseen: tuple[str, ...] = ()

    def of(self, kind: Kind) -> list[Fact]:
        """Facts of that kind, oldest first."""
        return [fact for fact in self.facts if fact.kind == kind]

    def one(self, kind: Kind) -> Fact | None:
        """The first of that kind."""
        return next(iter(self.of(kind)), None)


def in_order(window: Window, facts: Iterable[Fact], unseen: Iterable[str] = ()) -> Evidence:
    """The evidence as one timeline; each fact gets its id, which is its kind and a number."""
    numbers: dict[str, int] = {}
    named = []
    for fact in sorted(facts, key=lambda one: (one.at, one.kind, str(sorted(one.values.items(), key=str)))):
        numbers[fact.kind] = numbers.get(fact.kind, 0) + 1
        named.append(_named(fact, f"{fact.kind}-{numbers[fact.kind]}"))
    return Evidence(window, named, tuple(sorted(unseen)))


def clock_time(moment: datetime) -> str:
    """A moment as sentences say it, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def shortened(text: object) -> str:
    """One line of what somebody else wrote, not longer than a line."""
    line = " ".join(str(text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def percent(part: float, whole: float) -> int:
    """In whole percent; 0 of nothing."""
    return round(100 * part / whole) if whole else 0


def _named(fact: Fact, id: str) -> Fact:
    return Fact(fact.kind, fact.at, fact.until, fact.values, fact.rows, fact.requests, id)
