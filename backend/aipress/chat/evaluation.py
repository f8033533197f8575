"""How well an engine understands: sentences with what is expected of them, judged and counted. Nothing is done with any of them.

A line of a file is `{"text", "sites", "role", "thread", "expect"}`; `expect` is as `aipress chat --explain` prints it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from aipress.chat.understanding import Explained, Sentence, Understanding
from aipress.errors import Invalid
from aipress.plans.actions import ACTIONS, Tier

DAYS = {"Y": 365, "M": 30, "W": 7, "D": 1}
SECONDS = {"H": 3600, "M": 60, "S": 1}
DURATION = re.compile(
    r"P(?=\d|T\d)(?P<days>(?:\d+(?:\.\d+)?[YMWD])*)(?:T(?P<clock>(?:\d+(?:\.\d+)?[HMS])+))?", re.IGNORECASE
)


class Expected(BaseModel):
    """What a sentence is to be understood as: an action with the arguments that are certain, a question, or a refusal."""

    model_config = ConfigDict(extra="forbid")

    action: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    ask: str | None = None
    decline: bool | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.action is not None) + (self.ask is not None) + bool(self.decline) != 1:
            raise ValueError("expect one of action, ask and decline: true")
        return self


class Line(BaseModel):
    """One line of a file of sentences."""

    text: str = Field(min_length=1)
    sites: list[str] = Field(default_factory=list)
    role: str = Field("tenant", pattern="^(tenant|admin)$")
    thread: list[str] = Field(default_factory=list)
    expect: Expected

    @property
    def sentence(self) -> Sentence:
        return Sentence(self.text, tuple(self.sites), self.role == "admin", tuple(self.thread))


@dataclass(frozen=True)
class Score:
    """What came of it. `misfires` counts, for each action that costs or destroys, how often it was understood and not meant."""

    total: int
    misfires: dict[str, int]
    wrong: tuple[Explained, ...]

    @property
    def correct(self) -> int:
        return self.total - len(self.wrong)

    @property
    def share(self) -> float:
        return self.correct / self.total


def read_lines(text: str) -> list[Line]:
    """The lines of a file, blank ones left out. Raises Invalid, naming the line, where one can't be read."""
    lines = [
        _read(number, line)
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1)
        if line.strip()
    ]
    if not lines:
        raise Invalid("There is no sentence in this file.")
    return lines


def score(lines: Sequence[Line], understand: Understanding) -> Score:
    """Have every line understood, and hold it against what is expected."""
    got = list(understand([line.sentence for line in lines]))
    pairs = list(zip(lines, got, strict=True))
    wrong = (_mistake(line, found) for line, found in pairs if not agrees(line.expect, found))
    return Score(len(lines), _misfires(pairs), tuple(wrong))


def agrees(expect: Expected, got: Explained) -> bool:
    """True when the first thing understood is what was expected; of the arguments only those expected are compared."""
    if expect.action is None:
        return got.get("ask") == expect.ask if expect.ask else got.get("decline") is True
    found = got.get("arguments", {})
    return got.get("action") == expect.action and all(
        is_same(value, found.get(name)) for name, value in expect.arguments.items()
    )


def is_same(expected: object, found: object) -> bool:
    """Durations of the same length are the same, and so are texts that differ in capitals and outer spaces only."""
    if not isinstance(expected, str) or not isinstance(found, str):
        return expected == found
    long, wanted = seconds_of(found), seconds_of(expected)
    if long is not None and wanted is not None:
        return long == wanted
    return expected.strip().casefold() == found.strip().casefold()


def seconds_of(text: str) -> float | None:
    """The length of an ISO 8601 duration, a month counted as 30 days and a year as 365; None when `text` is none."""
    found = DURATION.fullmatch(text.strip())
    if found is None:
        return None
    days = _sum(found["days"] or "", DAYS)
    return days * 86400 + _sum(found["clock"] or "", SECONDS)


def _sum(amounts: str, units: dict[str, int]) -> float:
    parts = re.findall(r"([\d.]+)([A-Z])", amounts.upper())
    return sum(float(amount) * units[unit] for amount, unit in parts)


def _read(number: int, line: str) -> Line:
    try:
        return Line.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        raise Invalid(f"Line {number} is no JSON: {error.msg} at character {error.colno}.") from error
    except ValidationError as error:
        wrong = (
            ": ".join([*(".".join(map(str, one["loc"])),), one["msg"].removeprefix("Value error, ")]).strip(
                ": "
            )
            for one in error.errors()
        )
        raise Invalid(f"Line {number} is not a sentence with what to expect: {'; '.join(wrong)}.") from error


def _misfires(pairs: Iterable[tuple[Line, Explained]]) -> dict[str, int]:
    counted = {action.id: 0 for action in ACTIONS.values() if action.tier >= Tier.COSTLY}
    for line, got in pairs:
        for action in set(_actions(got)) - {line.expect.action}:
            if action in counted:
                counted[action] += 1
    return counted


def _actions(got: Explained) -> Iterator[str]:
    """Every action in what was understood, the later wishes too."""
    for one in (got, *got.get("then", ())):
        if "action" in one:
            yield one["action"]


def _mistake(line: Line, got: Explained) -> Explained:
    expected = line.expect.model_dump(exclude_unset=True)
    return {"text": line.text, "expect": expected, "got": got}
