"""What a clause asks for: the meanings and signals said in it, weighed against each action's evidence."""

from dataclasses import dataclass
from functools import cache

from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.evidence import EVIDENCE, HURT, WEIGHTS
from aipress.chat.offline.signals import meanings_of

THRESHOLD = 3.0


@dataclass(frozen=True)
class Reading:
    """An action a clause may ask for, how sure we are, and on which meanings that rests."""

    action: str
    score: float
    rests_on: frozenset[str]


def rank(clause: Clause, about: frozenset[str] = frozenset()) -> list[Reading]:
    """The actions the clause may ask for, most likely first; only those sure enough.

    `about` is what "it" stands for: it can complete what the clause says, never replace it.
    """
    said = meanings_of(clause)
    found = [reading for action in EVIDENCE if (reading := weigh(action, said, about))]
    return sorted(
        (reading for reading in found if reading.score >= THRESHOLD), key=lambda reading: -reading.score
    )


def weigh(action: str, said: frozenset[str], about: frozenset[str] = frozenset()) -> Reading | None:
    """How much of what was said speaks for `action`; None when its core is missing."""
    cores, helps, hurts = _columns(action)
    is_foreign = bool(said & {"FOREIGN", "WRITE"})
    about_it = frozenset(("THE_SITE",)) if about else frozenset()
    fitting = [
        core
        for core, is_weak in cores
        if core <= said | about and core & said - about_it and not (is_weak and is_foreign)
    ]
    if not fitting:
        return None
    core = max(fitting, key=_weight)
    score = (
        _weight(core)
        + _weight((helps & said) - core)
        - sum(HURT.get(meaning, WEIGHTS.get(meaning, 2)) for meaning in hurts & said - core)
    )
    return Reading(action, score, core)


def _weight(meanings: frozenset[str]) -> float:
    return sum(WEIGHTS.get(meaning, 1.0) for meaning in meanings)


@cache
def _columns(action: str) -> tuple[list[tuple[frozenset[str], bool]], frozenset[str], frozenset[str]]:
    evidence = EVIDENCE[action]
    cores = [(frozenset(core.replace("~", "").split()), "~" in core) for core in evidence.core.split("|")]
    return cores, frozenset(evidence.helps.split()), frozenset(evidence.hurts.split())
