"""Tokens that are almost good: random edits of a good one, by characters, bits, segments and meaning."""

import json
import random
from collections.abc import Callable

from aipress.auth.claims import LAST_MOMENT
from tests.auth.hostile import decoded, encoded

Change = dict[str, object]
HEADERS: list[Change] = [
    {"alg": "none"},
    {"alg": "HS256"},
    {"kid": "x"},
    {"crit": []},
    {"jku": "x"},
    {"typ": ""},
]
CLAIMS: list[Change] = [
    {"sub": "usr_2"},
    {"kind": "operator"},
    {"exp": LAST_MOMENT},
    {"iss": "x"},
    {"role": "admin"},
]


def mutants(token: str, chance: random.Random, count: int) -> list[str]:
    """Different tokens, each one to three random edits away from a good one."""
    made: list[str] = []
    while len(made) < count:
        mutant = token
        for _ in range(chance.randint(1, 3)):
            mutant = chance.choice(EDITS)(mutant, chance)
        if mutant != token:
            made.append(mutant)
    return made


def flip_a_character(token: str, chance: random.Random) -> str:
    at = chance.randrange(len(token) or 1)
    return token[:at] + chance.choice("ABCxyz019-_.=+/ é\x00") + token[at + 1 :]


def flip_a_bit(token: str, chance: random.Random) -> str:
    """One bit of one decoded segment."""
    segments = token.split(".")
    which = chance.randrange(len(segments))
    try:
        content = bytearray(decoded(segments[which]))
    except ValueError:
        return token
    if content:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    segments[which] = encoded(bytes(content))
    return ".".join(segments)


def cut(token: str, chance: random.Random) -> str:
    start, end = sorted((chance.randrange(len(token) + 1), chance.randrange(len(token) + 1)))
    return token[:start] + token[end:]


def double(token: str, chance: random.Random) -> str:
    start, end = sorted((chance.randrange(len(token) + 1), chance.randrange(len(token) + 1)))
    return token[:end] + token[start:end] + token[end:]


def swap_segments(token: str, chance: random.Random) -> str:
    segments = token.split(".")
    chance.shuffle(segments)
    return ".".join(segments)


def set_in_header(token: str, chance: random.Random) -> str:
    return rewritten(token, 0, chance.choice(HEADERS))


def set_in_claims(token: str, chance: random.Random) -> str:
    return rewritten(token, 1, chance.choice(CLAIMS))


EDITS: list[Callable[[str, random.Random], str]] = [
    flip_a_character,
    flip_a_bit,
    cut,
    double,
    swap_segments,
    set_in_header,
    set_in_claims,
]


def rewritten(token: str, which: int, change: Change) -> str:
    segments = token.split(".")
    try:
        segments[which] = encoded(json.dumps({**json.loads(decoded(segments[which])), **change}).encode())
    except (ValueError, IndexError, TypeError):
        return token
    return ".".join(segments)
