"""Which site is meant: by name, nearly its name, a part of it, or a word that points back ("it", "the other one")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from aipress.chat.offline.directory import LINKS, SMALL, Directory, Site, directory, run_together
from aipress.chat.offline.lexicon import known_words, meanings
from aipress.chat.offline.reading import Token

Pointer = Literal["it", "other", "all", "one"]


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
    known = directory(tuple(sites))
    named = list(_in_full(tokens, known))
    taken = {place for mention in named for place in range(mention.start, mention.end)}
    named += [part for part in _in_part(tokens, known) if not taken & set(range(part.start, part.end))]
    taken = {place for mention in named for place in range(mention.start, mention.end)}
    named += [points for points in _pointers(tokens) if points.start not in taken]
    return sorted(named, key=lambda mention: mention.start)


def _in_full(tokens: Sequence[Token], known: Directory) -> Iterator[Mention]:
    start = 0
    while start < len(tokens):
        mention = (
            None
            if _is_indefinite(tokens, start)
            else _in_quotes(tokens, start, known) or _longest(tokens, start, known)
        )
        if mention:
            yield mention
        start = mention.end if mention else start + 1


def _in_quotes(tokens: Sequence[Token], start: int, known: Directory) -> Mention | None:
    """ "the site "shop"": a name may be quoted where a name is due; other quotes are content."""
    if tokens[start].kind != "quote" or not start or tokens[start - 1].word not in BEFORE_QUOTED:
        return None
    slugs = known.called(run_together([tokens[start].text]))
    return Mention(start, start + 1, slugs) if slugs else None


def _longest(tokens: Sequence[Token], start: int, known: Directory) -> Mention | None:
    """The longest run of words from `start` that is a site's name exactly, or else nearly."""
    windows = [tokens[start:end] for end in range(min(len(tokens), start + WIDEST), start, -1)]
    windows = [window for window in windows if _may_be_name(window)]
    for window in windows:
        exact = known.called(_joined(window))
        if exact and not _is_compound(tokens, start + len(window)):
            return Mention(start, start + len(window), exact)
    return next((mention for window in windows if (mention := _nearly(window, known, start))), None)


def _nearly(window: Sequence[Token], known: Directory, start: int) -> Mention | None:
    joined = _joined(window)
    strange = any(token.kind == "word" and token.word not in known_words() for token in window)
    limit = _tolerance(len(joined)) if strange else int(len(joined) >= 8)
    slugs = known.nearly_called(joined, (window[0].word, window[-1].word), limit) if limit else ()
    return Mention(start, start + len(window), slugs, is_near=True) if slugs else None


def _in_part(tokens: Sequence[Token], known: Directory) -> Iterator[Mention]:
    """A word or two of a longer name, such as "the bakery" for sunrise-bakery."""
    start = 0
    while start < len(tokens):
        slugs, end = _sharing(tokens, start, known)
        if slugs and not _is_indefinite(tokens, start):
            is_near = not all(known.is_telling(token.word, slugs[0]) for token in tokens[start:end])
            yield Mention(start, end, slugs, is_near=is_near)
        start = max(end, start + 1)


def _sharing(tokens: Sequence[Token], start: int, known: Directory) -> tuple[tuple[str, ...], int]:
    """The sites all of whose names have the words from `start` on, and where those words end."""
    slugs: dict[str, None] = {}
    end = start
    while end < len(tokens) and tokens[end].kind == "word":
        having = known.known_by(tokens[end].word)
        narrower = {slug: None for slug in slugs if slug in having} if end > start else having
        if not narrower:
            break
        slugs, end = narrower, end + 1
    return tuple(slugs), end


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
    is_new = False
    for token in reversed(tokens[max(0, start - 3) : start]):
        if token.word in INDEFINITE - NEWER:
            return True
        if token.word in NEWER:
            is_new = True
            continue
        if token.word in DEFINITE:
            return False
        if token.kind != "word" or not _describes(token.word):
            break
    return is_new


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
    return run_together(spelt)


def _tolerance(length: int) -> int:
    return 0 if length < 4 else 1 if length < 8 else 2 if length < 12 else 3


WIDEST = 7
INDEFINITE = frozenset("a an another new any every each one fresh some second additional".split())
NEWER = frozenset("new fresh second additional".split())
DEFINITE = frozenset("the my our this that your its".split())
DESCRIBING = frozenset("online nice good cool little simple basic standard lovely".split())
NOT_DESCRIBING = frozenset(
    "into about onto over this that their or not if when where than between as off under called named titled".split()
)
BEFORE_QUOTED = frozenset("site website called named delete remove of on is".split())
COMPOUNDS = frozenset("post posts article articles entry entries owner bundle theme plugin".split())
AFTER_POINTER = frozenset("now please up down back again too off out online live for from".split())
POINTING: dict[Pointer, str] = {
    "other": "the other one|the other site|the other website|my other site|the other",
    "all": """both of them|all of them|both sites|all sites|all my sites|every site|each site|all my websites|every one of my sites|
        all of my sites|all our sites|both my sites|all websites|all the sites|both|everything""",
    "one": "one of them|one of my sites|one of my websites|one of the sites|one of these",
    "it": """this one|that one|this site|that site|this website|that website|the same site|the same one|same site|it|its|this|that""",
}
POINTERS = tuple(
    (tuple(phrase.split()), pointer) for pointer, same in POINTING.items() for phrase in same.split("|")
)
