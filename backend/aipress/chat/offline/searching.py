"""The text to look for in logs: in quotes, or "search … for X", "lines containing X"."""

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.names import phrases
from aipress.chat.offline.naming import place_after, quoted


def looked_for(clause: Clause, text: str) -> str | None:
    """Text to search for, from quotes or "search … for X", "containing X"."""
    if in_quotes := quoted(clause):
        return in_quotes
    for cue in FIND_CUES:
        place = place_after(clause, cue)
        if place is not None and set(clause.words) & FINDING:
            stop = next(
                (at for at in range(place, len(clause.words)) if clause.words[at] in AFTER_TEXT),
                len(clause.words),
            )
            found = [
                token for token in clause.tokens[place:stop] if token.kind != "mark" or token.text in "_-./"
            ]
            return text[found[0].start : found[-1].end] if found else None
    return _after_last_for(clause, text)


def _after_last_for(clause: Clause, text: str) -> str | None:
    """ "search the php log of the shop for timeout"."""
    if not set(clause.first_words(1)) & {"search", "grep", "look", "find", "filter", "scan"}:
        return None
    for place in range(len(clause.words) - 1, 0, -1):
        if clause.words[place - 1] == "for" and clause.words[place] not in (
            SITE_WORD,
            "the",
            "my",
            "our",
            "last",
            "past",
            "a",
            "me",
        ):
            stop = next(
                (at for at in range(place, len(clause.words)) if clause.words[at] in AFTER_TEXT),
                len(clause.words),
            )
            return text[clause.tokens[place].start : clause.tokens[stop - 1].end] if stop > place else None
    return None


FIND_CUES = phrases(
    """for the word|for the text|for the string|for the phrase|for the term|for lines with|for entries with|for lines containing|
    containing the word|containing|contain|contains|mentioning|mention|mentions|matching|with the word|with the text|grep for|search for|look for|
    grep|find"""
)
FINDING = frozenset(
    "search grep find look containing contain contains mentioning mention mentions matching filter lines entries".split()
)
AFTER_TEXT = frozenset(
    "in on from of since over during within at for the log logs last past today yesterday please error errors warnings".split()
)
