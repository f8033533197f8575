"""The name of a bundle: "the store bundle", "bundle store", "the bundle called store"."""

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.lexicon import known_words
from aipress.chat.offline.spelling import nearest


def bundle(clause: Clause) -> str | None:
    """The bundle's name: what stands before the word, else after it."""
    words = clause.spelt
    place = next((at for at, word in enumerate(words) if word in ("bundle", "bundles")), None)
    if place is None:
        return None
    start = place
    while start and words[start - 1] not in BEFORE_BUNDLE and _may_name_bundle(clause, start - 1):
        start -= 1
    named = [
        token.text if token.kind == "quote" else _as_meant(token.word) for token in clause.tokens[start:place]
    ]
    if not named and words[place + 1 : place + 2] in (("called",), ("named",), (":",), ("=",)):
        named = [token.text for token in clause.tokens[place + 2 : place + 3]]
    elif not named and place + 1 < len(words) and clause.tokens[place + 1].kind == "quote":
        named = [clause.tokens[place + 1].text]
    elif not named and words[place + 1 : place + 3] in (("of", "name"), ("by", "name"), ("with", "name")):
        named = [token.word for token in clause.tokens[place + 3 : place + 4]]
    elif not named and place + 1 < len(words) and words[place + 1] not in AFTER_BUNDLE:
        named = [_as_meant(clause.tokens[place + 1].word)]
    return " ".join(named).lower() or None


def _as_meant(word: str) -> str:
    """A bundle's name spelt right; names nobody knows stay as they are."""
    return word if word in known_words() or word in USUAL else nearest(word, USUAL) or word


def _may_name_bundle(clause: Clause, place: int) -> bool:
    is_slug = clause.words[place] == SITE_WORD and "-" in clause.tokens[place].word
    return clause.tokens[place].kind in ("word", "quote") and not is_slug


USUAL = frozenset(
    "store shop blog booking bookings events membership portfolio restaurant business magazine forum gallery learning".split()
)
BEFORE_BUNDLE = frozenset(
    "the a an my our this that install add put with use want apply enable same which any some of want need plus and include by get give deploy activate enable load equip switch turn fit attach supply pls pop stick".split()
)
AFTER_BUNDLE = frozenset("on for to in at from please onto into of and with is which now it too".split())
