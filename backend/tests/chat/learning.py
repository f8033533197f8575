"""Learns the second opinion of the offline engine from sentences/: `python -m tests.chat.learning` writes its table anew.

Multinomial logistic regression by stochastic gradient descent with step sizes of its own for each weight (Duchi, Hazan and Singer
2011), in plain Python; the same sentences give the same table. Files named `held-*` are for measuring and never learned from.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aipress.chat.evaluation import Line, read_lines
from aipress.chat.offline.clauses import split
from aipress.chat.offline.directory import Site
from aipress.chat.offline.features import features
from aipress.chat.offline.learned import DECLINE, TABLE
from aipress.chat.offline.reading import read

SENTENCES = Path(__file__).parent / "sentences"
ROUNDS, STEP, SHRINK, SEEN_AT_LEAST, LEAST_WEIGHT = 20, 0.3, 1e-4, 3, 0.2
ASKING = {
    "domain": "ADD_DOMAIN",
    "tier": "CHANGE_TIER",
    "to": "MOVE_SITE",
    "bundle": "INSTALL_BUNDLE",
    "metric": "GET_METRICS",
    "backup": "RESTORE_BACKUP",
}
Example = tuple[list[str], str]
Weights = dict[str, list[float]]


def main() -> None:
    """Learn from every file and write the table."""
    lines = [
        line
        for file in sorted(SENTENCES.glob("*.jsonl"))
        if not file.stem.startswith("held")
        for line in read_lines(file.read_text())
    ]
    found = examples(lines)
    classes = sorted({kind for _, kind in found})
    TABLE.write_text(as_table(classes, learn(found, classes)), encoding="utf-8")


def examples(lines: Sequence[Line]) -> list[Example]:
    """Sentences that stand alone as features and what they ask for; features too rare to tell anything are left out."""
    told = [(_features(line), kind) for line in lines if not line.thread and (kind := _kind(line))]
    seen = Counter(feature for found, _ in told for feature in found)
    return [
        (sorted(feature for feature in found if seen[feature] >= SEEN_AT_LEAST), kind) for found, kind in told
    ]


def _kind(line: Line) -> str | None:
    """What a sentence asks for; of one with something missing only where that gives the action away."""
    if line.expect.ask == "name":
        return "RENAME_SITE" if "name" in line.text else "CREATE_SITE"
    return ASKING.get(line.expect.ask) if line.expect.ask else line.expect.action or DECLINE


def learn(found: Sequence[Example], classes: Sequence[str]) -> Weights:
    """The weights of each feature, one for each class."""
    weights: Weights = {feature: [0.0] * len(classes) for words, _ in found for feature in words}
    pace: Weights = {feature: [1e-3] * len(classes) for feature in weights}
    order = random.Random(1)  # noqa: S311
    shuffled = list(found)
    for _ in range(ROUNDS):
        order.shuffle(shuffled)
        for words, kind in shuffled:
            _step(words, _errors(words, classes.index(kind), weights, len(classes)), weights, pace)
    return weights


def as_table(classes: Sequence[str], weights: Weights) -> str:
    """As learned.py reads it: weights in tenths, those that hardly matter left out."""
    lines = [" ".join(classes)]
    for feature in sorted(weights):
        told = [
            f"{place}:{round(weight * 10)}"
            for place, weight in enumerate(weights[feature])
            if abs(weight) >= LEAST_WEIGHT
        ]
        if told:
            lines.append(f"{feature}\t{' '.join(told)}")
    return "\n".join(lines) + "\n"


def _errors(words: Sequence[str], right: int, weights: Weights, count: int) -> list[float]:
    temper = math.sqrt(len(words) + 1)
    scores = [sum(weights[word][place] for word in words) / temper for place in range(count)]
    powers = [math.exp(score - max(scores)) for score in scores]
    return [power / sum(powers) - (place == right) for place, power in enumerate(powers)]


def _step(words: Sequence[str], errors: Sequence[float], weights: Weights, pace: Weights) -> None:
    temper = math.sqrt(len(words) + 1)
    wrong = [place for place, error in enumerate(errors) if abs(error) > 1e-3]
    for word in words:
        own, speed = weights[word], pace[word]
        for place in wrong:
            slope = errors[place] / temper + SHRINK * own[place]
            speed[place] += slope * slope
            own[place] -= STEP * slope / math.sqrt(speed[place])


def _features(line: Line) -> frozenset[str]:
    return features(split(read(line.text), tuple(Site(slug) for slug in line.sites)))


if __name__ == "__main__":
    main()
