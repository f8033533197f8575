"""From words to meanings: phrases with gaps and inflections, and every word known well enough to be misspelt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from aipress.chat.offline.ordinary import ORDINARY
from aipress.chat.offline.spelling import nearest
from aipress.chat.offline.vocabulary import LEVELS, MEANINGS, METRIC_WORDS, METRICS, SOURCES, TIERS

WIDEST_GAP = 4


@dataclass(frozen=True)
class Phrase:
    """Words that mean something together; `None` is a gap of up to four words."""

    meaning: str
    words: tuple[str | None, ...]


@dataclass(frozen=True)
class Match:
    """A meaning found: `places` are the positions of its own words, gaps left out."""

    meaning: str
    places: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[-1] + 1


class Lexicon:
    """A set of meanings, each with its words."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self.by_first: dict[str, list[Phrase]] = {}
        for meaning, words in meanings.items():
            for phrase in words.split("|"):
                self._learn(meaning, phrase.split())

    def _learn(self, meaning: str, words: list[str]) -> None:
        rest: list[str | None] = [None if word == "*" else word for word in words[1:]]
        for first in _inflections(words[0]) if words[0] not in UNBENDING else (words[0],):
            self.by_first.setdefault(first, []).append(Phrase(meaning, (first, *rest)))

    def find(self, words: Sequence[str]) -> list[Match]:
        """Every meaning in `words`; a phrase that is part of a longer one does not count on its own."""
        found = [match for start in range(len(words)) for match in self._starting_at(words, start)]
        longer = [set(match.places) for match in found if len(match.places) > 1]
        return [match for match in found if not any(set(match.places) < places for places in longer)]

    def _starting_at(self, words: Sequence[str], start: int) -> Iterator[Match]:
        for phrase in self.by_first.get(words[start], ()):
            if places := _places(phrase.words, words, start):
                yield Match(phrase.meaning, places)

    def values(self, words: Sequence[str]) -> list[str]:
        """The meanings found, the longest phrases first."""
        found = sorted(self.find(words), key=lambda match: (-len(match.places), match.start))
        return list(dict.fromkeys(match.meaning for match in found))


def _places(phrase: tuple[str | None, ...], words: Sequence[str], start: int) -> tuple[int, ...] | None:
    places = [start]
    position, gap = start + 1, 0
    for word in phrase[1:]:
        if word is None:
            gap = WIDEST_GAP
            continue
        reach = words[position : _end_of_gap(words, position, gap)]
        if word not in reach:
            return None
        places.append(position + reach.index(word))
        position, gap = places[-1] + 1, 0
    return tuple(places)


def _end_of_gap(words: Sequence[str], position: int, gap: int) -> int:
    """How far a gap may reach; a site in it is one word, however long its name."""
    end = position
    while end < len(words) and gap >= 0:
        is_repeated = end > position and words[end] == words[end - 1]
        gap -= not is_repeated
        end += 1
    return end


def _inflections(word: str) -> set[str]:
    """The forms of a word, generously: forms nobody uses do no harm."""
    forms = {word, word + "s"}
    if not word.isalpha() or len(word) < 3:
        return forms
    stem = word.removesuffix("e")
    forms |= {stem + "ed", stem + "ing", word + "d" if word.endswith("e") else word + "ed"}
    if word.endswith("y") and word[-2] not in "aeiou":
        forms |= {word[:-1] + "ies", word[:-1] + "ied"}
    if word[-1] in "bdgmnpt" and word[-2] in "aeiou" and word[-3] not in "aeiou":
        forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    if word.endswith(("s", "sh", "ch", "x")):
        forms.add(word + "es")
    return forms


@cache
def meanings() -> Lexicon:
    """What people ask for and about."""
    return Lexicon(
        {**MEANINGS, **{f"METRIC {name}": words for name, words in METRICS.items()}, "METRICS": METRIC_WORDS}
    )


@cache
def sources() -> Lexicon:
    return Lexicon(SOURCES)


@cache
def levels() -> Lexicon:
    return Lexicon(LEVELS)


@cache
def tiers() -> Lexicon:
    return Lexicon(TIERS)


@cache
def known_words() -> frozenset[str]:
    """Every word that is spelt right."""
    bent = {form for word in ORDINARY for form in _inflections(word)}
    return ORDINARY | bent | worth_misspelling() | UNBENDING


@cache
def worth_misspelling() -> frozenset[str]:
    """The words a misspelt one may have been meant for."""
    phrases = (
        phrase
        for lexicon in (meanings(), sources(), levels(), tiers())
        for same in lexicon.by_first.values()
        for phrase in same
    )
    words = {word for phrase in phrases for word in phrase.words if word and word.isalpha()}
    return (
        frozenset(word for word in words if len(word) > 4 or word not in ORDINARY or word in UNBENDING)
        | TIME_WORDS
    )


@cache
def as_listed() -> frozenset[str]:
    """The words of the vocabulary as they are written there, not their inflections."""
    listed = (
        words
        for meanings_listed in (MEANINGS, METRICS, SOURCES, LEVELS, TIERS)
        for words in meanings_listed.values()
    )
    return (
        frozenset(word for words in listed for phrase in words.split("|") for word in phrase.split())
        | TIME_WORDS
    )


@cache
def corrected(word: str) -> str:
    """`word`, or the known word it is a misspelling of."""
    if not word.isalpha() or word in known_words():
        return word
    if 3 <= len(word) <= 4 and (meant := _swapped(word)):
        return meant
    if word.endswith("in") and word + "g" in known_words():
        return word + "g"
    return nearest(word, worth_misspelling(), as_listed()) or word


def _swapped(word: str) -> str | None:
    """The everyday word with two neighbouring letters swapped: "hwo" is "how"."""
    swaps = (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in reversed(range(len(word) - 1)))
    return next((swap for swap in swaps if swap in SWAPPED), None)


SWAPPED = frozenset(
    """how who what show open the and for you can now with from have that this site blog shop logs live make name know want need list give
    does when why much many last week day hour cost bill pay slow down back copy push was are has all any new get put move plan""".split()
)
UNBENDING = frozenset(
    """it what how which why who where when can could may i my we is are a an the one do be no not so to up on off in with at by too less all
    un go there more this that new own p as old hi yo ok ta fine his has need ip""".split()
)
TIME_WORDS = frozenset(
    """minute minutes hour hours day days week weeks fortnight month months quarter year years yesterday today tonight morning
    january february march april june july august september october november december monday tuesday wednesday thursday friday
    saturday sunday called named titled please everything website three four five seven eight twelve thirty completely permanently
    entirely forever immediately label labelled""".split()
)
