"""The second opinion: how likely each action is by what was learned from sentences. A linear model, read from a table.

The rules ask it where they found nothing or are contradicted; `advice.py` says when it is heard. `tests/chat/learning.py` writes
the table: a line for each feature, with a weight in tenths for each class that it speaks for or against.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("learned.txt")
DECLINE = "DECLINE"


@dataclass(frozen=True)
class Table:
    """The classes, and the weights of each feature: how much it speaks for the class at that place."""

    classes: tuple[str, ...]
    weights: Mapping[str, tuple[tuple[int, float], ...]]


def likelihoods(features: Iterable[str], table: Table) -> dict[str, float]:
    """How likely each class is, in all 1; the sum of the weights of what is known, tempered by how much that is."""
    known = [feature for feature in features if feature in table.weights]
    scores = [0.0] * len(table.classes)
    for feature in known:
        for place, weight in table.weights[feature]:
            scores[place] += weight
    temper = math.sqrt(len(known) + 1)
    powers = [math.exp(score / temper) for score in scores]
    total = sum(powers)
    return {name: power / total for name, power in zip(table.classes, powers, strict=True)}


@cache
def table() -> Table:
    """The table beside this file."""
    return read(TABLE.read_text(encoding="utf-8"))


def read(text: str) -> Table:
    """A table from its text: the classes in the first line, then `feature<tab>place:tenths place:tenths …`."""
    first, *lines = text.splitlines()
    weights = {}
    for line in lines:
        feature, told = line.split("\t")
        pairs = (pair.split(":") for pair in told.split())
        weights[feature] = tuple((int(place), int(tenths) / 10) for place, tenths in pairs)
    return Table(tuple(first.split()), weights)
