"""Names in a site's place that are no site we know: "the logs of acme-corp". An admin may mean them; for a tenant there is none."""

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.lexicon import known_words, meanings
from aipress.chat.offline.names import places_in_names
from aipress.chat.offline.reading import Token


def unknown_name(clause: Clause) -> str | None:
    """A name in a site's place that is no site we know: "the logs of acme-corp"."""
    places = unknown_places(clause)
    return "-".join(clause.tokens[place].word for place in places) or None


def unknown_places(clause: Clause) -> range:
    """Where that name stands."""
    named = {place for mention in clause.mentions for place in range(mention.start, mention.end)}
    given = places_in_names(clause.tokens, named)
    for place, token in enumerate(clause.tokens):
        if place in given or not _may_be_name(clause, place):
            continue
        end = place + 1
        while end < len(clause.tokens) and _may_be_name(clause, end):
            end += 1
        if _looks_like_name(token) and _stands_like_name(clause, place, end):
            return range(place, end)
    return range(0)


def _may_be_name(clause: Clause, place: int) -> bool:
    token = clause.tokens[place]
    is_free = (
        token.kind == "word"
        and clause.words[place] not in known_words()
        and clause.words[place] not in ("", SITE_WORD)
    )
    return (
        is_free
        and not meanings().find([token.word])
        and any(map(str.isalpha, token.word))
        and token.word == clause.words[place]
    )


def _stands_like_name(clause: Clause, place: int, end: int) -> bool:
    """In a site's place: after "logs of", before "site", at the start, or hyphenated like a slug."""
    before = clause.words[place - 1] if place else ""
    if clause.words[max(0, place - 2) : place] == ("show", "me"):
        return True
    if before in ("the", "my", "our") and end < len(clause.words):
        return (
            clause.words[end] in ("site", "website", "blog", "shop", "store") or clause.tokens[end - 1].owns
        )
    if clause.tokens[end - 1].owns and end < len(clause.tokens):
        return True
    if before in ("does", "did") and clause.tokens[place].is_capitalised:
        return True
    if before in ("is", "how"):
        return clause.words[clause.opening : place] in (("is",), ("how",), ("how", "is"))
    return before in BEFORE_NAME or place == clause.opening or "-" in clause.tokens[place].word


def _looks_like_name(token: Token) -> bool:
    return (
        len(token.word) > 2
        and not token.word[0].isdigit()
        and not any(word in token.word for word in (".", "_"))
    )


BEFORE_NAME = frozenset(
    """of for on to from at site website called blog shop store tenant delete remove backup restore purge update upgrade clone
    diagnose rename clear show is how for's into with about check erase""".split()
)
