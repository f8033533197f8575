"""A message as features for the second opinion: its words, their beginnings, meanings and pairs of meanings. No names."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.lexicon import known_words
from aipress.chat.offline.reading import Token
from aipress.chat.offline.signals import meanings_of

BEGINNING = 5


def features(clauses: Sequence[Clause]) -> frozenset[str]:
    """What is told of these clauses, each feature once."""
    found: set[str] = set()
    meant: set[str] = set()
    for clause in clauses:
        words = set(_words(clause))
        found |= words | {f"{word[:BEGINNING]}_" for word in words if len(word) > BEGINNING}
        meant |= {f"={meaning}" for meaning in meanings_of(clause)}
        if clause.ends_asking:
            found.add("?")
    return frozenset(found | meant | {one + other for one, other in combinations(sorted(meant), 2)})


def _words(clause: Clause) -> Iterator[str]:
    """The words as they are spelt right; sites, quotes, names and numbers by their kind."""
    for token, word, spelt in zip(clause.tokens, clause.words, clause.spelt, strict=True):
        if token.kind != "mark":
            yield _said(token, word, spelt)


def _said(token: Token, word: str, spelt: str) -> str:
    if token.kind != "word":
        return f"<{token.kind}>"
    if word and not word[0].isalpha():
        return "<site>"
    return spelt if spelt in known_words() else "<strange>"
