"""Typos: how far two words are apart, and the known word a misspelt one was meant to be."""

from collections.abc import Collection

from rapidfuzz.distance import OSA


def distance(left: str, right: str, limit: int) -> int:
    """Edits between two words, a swap of neighbours being one (optimal string alignment); `limit` + 1 means "more"."""
    return OSA.distance(left, right, score_cutoff=limit)


def is_near(typed: str, known: str) -> bool:
    """True when `typed` is plausibly `known` misspelt. Short words must be nearly right: too many are one letter apart."""
    length = min(len(typed), len(known))
    if length < 4:
        return False
    if length == 4:
        is_swap = sorted(typed) == sorted(known)
        is_slip = abs(len(typed) - len(known)) == 1 and typed[0] == known[0] and typed[-1] == known[-1]
        return typed != known and (is_swap or is_slip) and distance(typed, known, 1) == 1
    limit = 1 if length < 8 else 2
    return distance(typed, known, limit) <= limit and typed[0] in known[:2]


def nearest(typed: str, known: Collection[str], likelier: Collection[str] = ()) -> str | None:
    """The known word meant by `typed`, `likelier` ones first; None when there is none."""
    found = {word: distance(typed, word, 2) for word in known if is_near(typed, word)}
    if not found:
        return None
    best = min(found.values())
    nearest_ones = [word for word, far in found.items() if far == best]
    return min(nearest_ones, key=lambda word: (word not in likelier, abs(len(word) - len(typed)), word))
