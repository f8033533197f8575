"""The veil: of what a tool found, a model is told numbers, times, slugs, ids, words of an enumeration, and sentences of ours.

Every other text (names, addresses, titles, what the platform answered) is for the person's screen, whoever wrote it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from aipress.kit import ids

LONGEST_WORD = 40
# Of letters, with few digits at the end of a part: whole sentences can be written in hexadecimal.
WORD = re.compile(r"([a-z]+\d{0,3}|\d{1,3})([_-]([a-z]+\d{0,3}|\d{1,3}))*")
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
MEASURE = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?( ?(%|ms|s|[KMGT]?i?B|[A-Z]{3}))?|[A-Z]{3}")
TIME = re.compile(
    r"\d{4}-\d\d(-\d\d)?(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?|P[0-9DWTHMS.]{2,20}"
)
SLUGS, IDS = frozenset({"tenant"}), frozenset({"id", "operation", "plan"})
SHAPES = (MEASURE, TIME)


class Ours(str):
    """A sentence that stands in our own source, with nothing in it that anybody else wrote: models may be told it."""

    __slots__ = ()


def veiled(value: object) -> object:
    """As much of a tool's result as a model may be told; what it may not be told is left out with its key."""
    match value:
        case None | bool() | int() | float() | Decimal() | Ours():
            return value
        case bytes():
            return None
        case date():
            return value.isoformat()
        case str():
            return value if is_plain(value) else None
        case Mapping():
            told = {str(key): _under(str(key), one) for key, one in value.items() if is_plain(str(key))}
            return {key: one for key, one in told.items() if one is not None or value[key] is None}
        case Sequence():
            told_of = [(one, veiled(one)) for one in value]
            return [told for one, told in told_of if told is not None or one is None]
        case _:
            return None


def _under(key: str, value: object) -> object:
    """Slugs of sites and ids of ours may be any word, where they are called that."""
    is_named = isinstance(value, str) and (
        (key in SLUGS and SLUG.fullmatch(value))
        or ((key in IDS or key.endswith("_id")) and ids.looks_like_one(value))
    )
    return value if is_named else veiled(value)


def is_plain(text: str) -> bool:
    """Whether it is one word, number, amount or time, in letters that hide nothing: too little to be an order."""
    is_word = len(text) <= LONGEST_WORD and WORD.fullmatch(text) is not None
    return is_word or any(shape.fullmatch(text) for shape in SHAPES)
