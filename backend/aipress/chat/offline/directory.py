"""The sites there are, found by what people call them: the whole name, nearly the name, or a telling word of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aipress.chat.offline.lexicon import known_words
from aipress.chat.offline.reading import fold
from aipress.chat.offline.spelling import distance, is_near


@dataclass(frozen=True)
class Site:
    """A site as the assistant knows it: `name` is shown, `slug` is what actions are told."""

    slug: str
    name: str = ""


class Directory:
    """Every form of every site's name, kept for looking up: there may be thousands of sites, and many words in a message."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self._by_form: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, dict[str, None]] = defaultdict(dict)
        for site in sites:
            for form in _forms(site):
                self._by_form[form].append(site.slug)
            for word in _telling_words(site):
                self._by_word[word][site.slug] = None
        self._forms = _by_beginning(self._by_form)
        self._words = _by_beginning(self._by_word)

    def called(self, form: str) -> tuple[str, ...]:
        """The sites whose name, run together, is `form`."""
        return tuple(dict.fromkeys(self._by_form.get(form, ())))

    def nearly_called(self, typed: str, edges: tuple[str, str], limit: int) -> tuple[str, ...]:
        """The sites whose name is nearest to `typed`, at most `limit` edits away; `edges` are its first and last word.

        A word spelt right at an edge belongs to the name: "up northwind" is not nearly northwind.
        """
        found = {
            form: far
            for length in range(max(4, len(typed) - limit), len(typed) + limit + 1)
            for form in self._forms.get((typed[0], length), ())
            if (far := _distance(typed, form, edges, limit)) <= limit
        }
        if not found or (len(typed) == 4 and not any(is_near(typed, form) for form in found)):
            return ()
        best = min(found.values())
        return tuple(
            dict.fromkeys(slug for form, far in found.items() if far == best for slug in self._by_form[form])
        )

    def known_by(self, typed: str) -> dict[str, None]:
        """The sites with `typed`, perhaps misspelt, as a telling word of their names."""
        if typed in self._by_word or typed in known_words() or not typed:
            return self._by_word.get(typed, {})
        alike = (
            word
            for length in range(len(typed) - MOST_SLIPS, len(typed) + MOST_SLIPS + 1)
            for word in self._words.get((typed[0], length), ())
        )
        near = (word for word in alike if is_near(typed, word))
        return {slug: None for word in near for slug in self._by_word[word]}

    def is_telling(self, word: str, slug: str) -> bool:
        """True when `word` is spelt as it is in that site's name."""
        return slug in self._by_word.get(word, {})


@lru_cache(maxsize=64)
def directory(sites: tuple[Site, ...]) -> Directory:
    """The directory of these sites, kept while the same people talk."""
    return Directory(sites)


def run_together(words: Iterable[str]) -> str:
    """Words as one form: no accents, capitals or marks, and no "and" or "the"."""
    return "".join(part for word in words for part in in_words(word) if part not in LINKS)


@lru_cache(maxsize=4096)
def in_words(text: str) -> tuple[str, ...]:
    """The words of a name or slug."""
    return tuple("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


def _forms(site: Site) -> set[str]:
    return {run_together([text]) for text in (site.slug, site.name) if text} - {""}


def _telling_words(site: Site) -> set[str]:
    words = [*in_words(site.slug), *in_words(site.name)]
    every = set(words) if len(in_words(site.slug)) > 1 or len(in_words(site.name)) > 1 else set()
    generic = {
        word
        for word in every
        if word in SMALL or word in GENERIC or len(word) < 3 or word in SHORT_AND_COMMON
    }
    same = {other for word in words for group in SYNONYMS if word in group for other in group}
    return (every - generic) | same


def _by_beginning(names: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Names by either of their first two letters and their length: a misspelt word seldom starts wrong."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name in names:
        for letter in dict.fromkeys(name[:2]):
            found[letter, len(name)].append(name)
    return found


def _distance(typed: str, form: str, edges: Sequence[str], limit: int) -> int:
    """How far `typed` is from a name; a word spelt right at an edge of it may be one slip: "harbour books" is harbor-books."""
    if _fits(form, edges):
        return distance(typed, form, limit)
    return 1 if len(typed) >= SURELY_A_NAME and distance(typed, form, 1) == 1 else limit + 1


def _fits(form: str, edges: Sequence[str]) -> bool:
    first, last = edges
    return (first not in known_words() or form.startswith(first)) and (
        last not in known_words() or form.endswith(last)
    )


SURELY_A_NAME = 10
MOST_SLIPS = 2
SHORT_AND_COMMON = frozenset(
    """new app web www com org net log php all one two you now out get set add can how why who not any few may see use way day
    pro top big old own""".split()
)
LINKS = frozenset(("and", "the", "n"))
SMALL = frozenset("the my our your a an of for on to from in at is and with by me it its s please".split())
GENERIC = frozenset("site website blog shop store page home online test demo wordpress company live".split())
SYNONYMS = (("shop", "store", "webshop", "storefront"), ("blog", "weblog", "journal"))
