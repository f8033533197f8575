"""Which site is meant: by name, nearly its name, a part of it, or a word that points back ("it", "the other one")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from aipress.chat.offline.lexicon import known_words, meanings
from aipress.chat.offline.reading import Token, fold
from aipress.chat.offline.spelling import distance, is_near

Pointer = Literal["it", "other", "all", "one"]


@dataclass(frozen=True)
class Site:
    """A site as the assistant knows it: `name` is shown, `slug` is what actions are told."""

    slug: str
    name: str = ""


@dataclass(frozen=True)
class Mention:
    """Where a site is meant, and which could be: one, several to choose from, or one a pointer leads to."""

    start: int
    end: int
    slugs: tuple[str, ...] = ()
    pointer: Pointer | None = None
    is_near: bool = False


def find_mentions(tokens: Sequence[Token], sites: Sequence[Site]) -> list[Mention]:
    """Every mention of a site in `tokens`, in order, none overlapping."""
    named = list(_in_full(tokens, sites))
    taken = {place for mention in named for place in range(mention.start, mention.end)}
    named += [part for part in _in_part(tokens, sites) if not taken & set(range(part.start, part.end))]
    taken = {place for mention in named for place in range(mention.start, mention.end)}
    named += [points for points in _pointers(tokens) if points.start not in taken]
    return sorted(named, key=lambda mention: mention.start)


def _in_full(tokens: Sequence[Token], sites: Sequence[Site]) -> Iterator[Mention]:
    forms = [(form, site.slug) for site in sites for form in _forms(site)]
    start = 0
    while start < len(tokens):
        mention = (
            None
            if _is_indefinite(tokens, start)
            else _in_quotes(tokens, start, forms) or _longest(tokens, start, forms)
        )
        if mention:
            yield mention
        start = mention.end if mention else start + 1


def _in_quotes(tokens: Sequence[Token], start: int, forms: list[tuple[str, str]]) -> Mention | None:
    """ "the site "shop"": a name may be quoted where a name is due; other quotes are content."""
    if tokens[start].kind != "quote" or not start or tokens[start - 1].word not in BEFORE_QUOTED:
        return None
    quoted = "".join(word for word in _words(tokens[start].text) if word not in LINKS)
    slugs = tuple(slug for form, slug in forms if form == quoted)
    return Mention(start, start + 1, slugs) if slugs else None


def _longest(tokens: Sequence[Token], start: int, forms: list[tuple[str, str]]) -> Mention | None:
    """The longest run of words from `start` that is a site's name exactly, or else nearly."""
    windows = [tokens[start:end] for end in range(min(len(tokens), start + WIDEST), start, -1)]
    windows = [window for window in windows if _may_be_name(window)]
    for window in windows:
        exact = tuple(dict.fromkeys(slug for form, slug in forms if form == _joined(window)))
        if exact and not _is_compound(tokens, start + len(window)):
            return Mention(start, start + len(window), exact)
    return next((mention for window in windows if (mention := _nearly(window, forms, start))), None)


def _nearly(window: Sequence[Token], forms: list[tuple[str, str]], start: int) -> Mention | None:
    joined = _joined(window)
    strange = any(token.kind == "word" and token.word not in known_words() for token in window)
    limit = _tolerance(len(joined)) if strange else int(len(joined) >= 8)
    if not limit:
        return None
    found = [
        (distance(joined, form, limit), slug)
        for form, slug in forms
        if len(form) >= 4 and _could_be(window, joined, form)
    ]
    best = min((far for far, _ in found), default=limit + 1)
    if best > limit or (len(joined) == 4 and not any(is_near(joined, form) for form, _ in forms)):
        return None
    slugs = tuple(dict.fromkeys(slug for far, slug in found if far == best))
    return Mention(start, start + len(window), slugs, is_near=True)


def _could_be(window: Sequence[Token], joined: str, form: str) -> bool:
    """A name starts right, and a word spelt right at its edge belongs to it: "up northwind" is not nearly northwind."""
    first, last = window[0].word, window[-1].word
    edges = (first not in known_words() or form.startswith(first)) and (
        last not in known_words() or form.endswith(last)
    )
    return edges and joined[0] in form[:2]


def _in_part(tokens: Sequence[Token], sites: Sequence[Site]) -> Iterator[Mention]:
    """A word or two of a longer name, such as "the bakery" for sunrise-bakery."""
    parts = {site.slug: _telling_words(site) for site in sites}
    start = 0
    while start < len(tokens):
        slugs, end = _sharing(tokens, start, parts)
        if slugs and not _is_indefinite(tokens, start):
            yield Mention(
                start,
                end,
                slugs,
                is_near=any(token.word not in parts[slugs[0]] for token in tokens[start:end]),
            )
        start = max(end, start + 1)


def _sharing(tokens: Sequence[Token], start: int, parts: dict[str, set[str]]) -> tuple[tuple[str, ...], int]:
    slugs, end = tuple(parts), start
    while end < len(tokens) and tokens[end].kind == "word":
        narrower = tuple(slug for slug in slugs if _has(parts[slug], tokens[end].word))
        if not narrower:
            break
        slugs, end = narrower, end + 1
    return (slugs, end) if end > start else ((), start)


def _has(words: set[str], typed: str) -> bool:
    return typed in words or (typed not in known_words() and any(is_near(typed, word) for word in words))


def _telling_words(site: Site) -> set[str]:
    words = _words(site.slug) + _words(site.name)
    every = set(words) if len(_words(site.slug)) > 1 or len(_words(site.name)) > 1 else set()
    generic = {word for word in every if word in SMALL or word in GENERIC or len(word) < 4}
    same = {other for word in words for group in SYNONYMS if word in group for other in group}
    return (every - generic) | same


def _pointers(tokens: Sequence[Token]) -> Iterator[Mention]:
    words = [token.word for token in tokens]
    start = 0
    while start < len(words):
        pointed = next(
            (found for phrase, pointer in POINTERS if (found := _pointing(words, start, phrase, pointer))),
            None,
        )
        if pointed:
            yield pointed
        start = pointed.end if pointed else start + 1


def _pointing(words: list[str], start: int, phrase: tuple[str, ...], pointer: Pointer) -> Mention | None:
    end = start + len(phrase)
    if tuple(words[start:end]) != phrase or (len(phrase) == 1 and not _stands_alone(phrase[0], words, end)):
        return None
    return Mention(start, end, pointer=pointer)


def _stands_alone(word: str, words: list[str], end: int) -> bool:
    """ "this" and "that" point at a site only when no noun follows: "this week" does not."""
    following = words[end] if end < len(words) else ""
    return (
        word not in ("this", "that", "same")
        or not following
        or not following[0].isalnum()
        or following in AFTER_POINTER
    )


def _is_indefinite(tokens: Sequence[Token], start: int) -> bool:
    """ "A shop", "an online shop" and "a travel blog" are not there yet."""
    for token in reversed(tokens[max(0, start - 3) : start]):
        if token.word in INDEFINITE:
            return True
        if token.kind != "word" or not _describes(token.word):
            return False
    return False


def _describes(word: str) -> bool:
    says = {match.meaning for match in meanings().find([word])} - {"SITE"}
    return word in DESCRIBING or (not says and word not in SMALL | NOT_DESCRIBING)


def _is_compound(tokens: Sequence[Token], end: int) -> bool:
    """ "blog post" is no mention of the site blog."""
    return end < len(tokens) and tokens[end].word in COMPOUNDS and not tokens[end - 1].owns


def _may_be_name(window: Sequence[Token]) -> bool:
    inner = all(token.kind in ("word", "number") or token.text in "&-+'" for token in window)
    return inner and not any(token.kind == "mark" or token.word in LINKS for token in (window[0], window[-1]))


def _joined(window: Sequence[Token]) -> str:
    spelt = (
        token.word + "s" if token.owns and place + 1 < len(window) else token.word
        for place, token in enumerate(window)
    )
    return "".join(word for text in spelt for word in _words(text) if word not in LINKS)


def _forms(site: Site) -> set[str]:
    return {
        "".join(word for word in _words(text) if word not in LINKS) for text in (site.slug, site.name) if text
    }


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()


def _tolerance(length: int) -> int:
    return 0 if length < 4 else 1 if length < 8 else 2 if length < 12 else 3


WIDEST = 7
LINKS = frozenset(("and", "the", "n"))
INDEFINITE = frozenset("a an another new any every each one fresh some second additional".split())
DESCRIBING = frozenset("online nice good cool little simple basic standard lovely".split())
NOT_DESCRIBING = frozenset(
    "into about onto over this that their or not if when where than between as off under called named titled".split()
)
BEFORE_QUOTED = frozenset("site website called named delete remove of on is".split())
SMALL = frozenset("the my our your a an of for on to from in at is and with by me it its s please".split())
GENERIC = frozenset("site website blog shop store page home online test demo wordpress company live".split())
COMPOUNDS = frozenset("post posts article articles entry entries owner bundle theme plugin".split())
SYNONYMS = (("shop", "store", "webshop", "storefront"), ("blog", "weblog", "journal"))
AFTER_POINTER = frozenset("now please up down back again too off out online live for from".split())
POINTERS: tuple[tuple[tuple[str, ...], Pointer], ...] = (
    *((tuple(text.split()), "other") for text in ("the other one", "the other site", "the other website", "my other site", "the other")),
    *(
        (tuple(text.split()), "all")
        for text in (
            "both of them", "all of them", "both sites", "all sites", "all my sites", "every site", "each site", "all my websites",
            "every one of my sites", "all of my sites", "all our sites", "both my sites", "all websites", "all the sites", "both",
            "everything",
        )
    ),
    *((tuple(text.split()), "one") for text in ("one of them", "one of my sites", "one of my websites", "one of the sites", "one of these")),
    *((tuple(text.split()), "it") for text in ("this one", "that one", "this site", "that site", "this website", "that website")),
    *((tuple(text.split()), "it") for text in ("the same site", "the same one", "same site", "it", "its", "this", "that")),
)  # fmt: skip
