"""Signals of a question: what it begins with, and whether yes or no would answer it."""

from collections.abc import Sequence
from itertools import pairwise

from aipress.chat.offline.clauses import SITE_WORD, Clause


def is_asked(words: Sequence[str]) -> bool:
    """True for a question to be answered by yes or no; "can you …" is a request, not such a question."""
    first = words[0] if words else ""
    second = words[1] if len(words) > 1 else ""
    return (
        (
            first in YES_OR_NO
            and not (first == "have" and second in ("a", "an", "other", "another", "different", "some"))
        )
        or (first == "do" and second in SUBJECTS and not set(words[2:4]) & DOABLE)
        or first == "any"
        or (first == "can" and second in OTHERS)
    )


def of_questions(clause: Clause) -> set[str]:
    """QUESTION: yes or no would answer it; WH, HOW, WHEN: what it begins with; VERIFY, DIGITS5: what is to be looked into."""
    first, words = clause.first_words(4), clause.words
    pairs = set(pairwise(words))
    embedded = bool({"if", "whether"} & set(words)) and first[:1] != ("if",)
    signals = (
        {"QUESTION"}
        if is_asked(first)
        or embedded
        or _asks_what_is_left(clause)
        or (clause.ends_asking and first[:1] == ("there",))
        else set()
    )
    signals |= {"WH"} if first and first[0] in WH else set()
    signals |= {"WHICH"} if first and first[0] in ("which", "what") else set()
    signals |= {"HOW"} if first and first[0] == "how" else set()
    signals |= {"WHEN"} if "when" in first[:2] else set()
    signals |= {"HOW_MANY"} if ("how", "many") in pairs else set()
    signals |= {"HOW_MUCH"} if ("how", "much") in pairs else set()
    signals |= (
        {"DIGITS5"}
        if any(token.kind == "number" and token.word in HTTP_ERRORS for token in clause.tokens)
        else set()
    )
    is_looked_at = pairs & {("look", "at"), ("look", "into"), ("look", "over")}
    signals |= {"VERIFY"} if CHECKING & set(words) or is_looked_at else set()
    return signals


def _asks_what_is_left(clause: Clause) -> bool:
    """ "Do backups of the shop still exist?" is no order to do any."""
    return (
        clause.ends_asking
        and clause.first_words(1) == ("do",)
        and bool({"exist", "remain", "still"} & set(clause.words))
    )


CHECKING = frozenset("verify check validate recheck inspect examine investigate".split())
DOABLE = frozenset(
    "same update updates upgrade upgrades backup restore staging renaming wordpress wp core".split()
)
YES_OR_NO = frozenset("is are was were does did has have am will isn aren".split())
SUBJECTS = frozenset(("i", "we", "you", "they", "my", "the", "any", "people", "our", SITE_WORD))
OTHERS = frozenset(
    "people anyone anybody everyone everybody visitors customers users they others google somebody someone".split()
)
WH = frozenset("what which how why when where who whose".split())
HTTP_ERRORS = frozenset("500 501 502 503 504 508 520 521 522 524".split())
