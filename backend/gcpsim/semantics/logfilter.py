"""The part of Cloud Logging's query language that AIPress speaks: comparisons, AND, OR, NOT, brackets, text in quotes.

https://cloud.google.com/logging/docs/view/logging-query-language
"""

import json
import re
from collections.abc import Callable
from datetime import datetime

from gcpsim.errors import Refused
from gcpsim.wire import Json

Fits = Callable[[Json], bool]
QUOTED = r'"(?:\\.|[^"\\])*"'
TOKEN = re.compile(rf'\s*(\(|\)|!=|>=|<=|=~|!~|[=:><]|(?:{QUOTED}|[^\s()=:><!"])+)')
SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)")
ORDERED = {">=": (0, 1), "<=": (-1, 0), ">": (1,), "<": (-1,)}
"""For each sign, how the value may compare with what is wanted: less, the same, more."""
OPERATORS = {"=", "!=", ":", "=~", "!~", *ORDERED}


def parsed(text: str) -> Fits:
    """What tells whether an entry fits; raises Refused 400 when the filter is none."""
    tokens = _tokens(text)
    if not tokens:
        return lambda entry: True
    fits = _any_of(tokens)
    if tokens:
        raise _unreadable(text)
    return fits


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if found is None:
            raise _unreadable(text[at:])
        tokens.append(found[1])
        at = found.end()
    return tokens


def _unreadable(text: str) -> Refused:
    return Refused(400, f"Unparseable filter: syntax error near '{text[:60]}'")


def _any_of(tokens: list[str]) -> Fits:
    parts = [_all_of(tokens)]
    while tokens[:1] == ["OR"]:
        tokens.pop(0)
        parts.append(_all_of(tokens))
    return lambda entry: any(part(entry) for part in parts)


def _all_of(tokens: list[str]) -> Fits:
    parts = [_one(tokens)]
    while tokens and tokens[0] not in {"OR", ")"}:
        if tokens[0] == "AND":
            tokens.pop(0)
        parts.append(_one(tokens))
    return lambda entry: all(part(entry) for part in parts)


def _one(tokens: list[str]) -> Fits:
    if not tokens or tokens[0] in OPERATORS | {"AND", "OR", ")"}:
        raise _unreadable(tokens[0] if tokens else "the end")
    token = tokens.pop(0)
    if token in {"NOT", "-"}:
        inner = _one(tokens)
        return lambda entry: not inner(entry)
    if token == "(":  # noqa: S105 - a bracket, no secret
        inner = _any_of(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise _unreadable("(")
        return inner
    if tokens and tokens[0] in OPERATORS:
        return _compared(token, tokens)
    wanted = _plain(token).lower()
    return lambda entry: wanted in json.dumps(entry, ensure_ascii=False).lower()


def _compared(field: str, tokens: list[str]) -> Fits:
    sign = tokens.pop(0)
    if not tokens or tokens[0] in OPERATORS | {")", "("}:
        raise _unreadable(field + sign)
    wanted, path = _plain(tokens.pop(0)), _path(field)
    return lambda entry: _holds(_at(entry, path), sign, wanted)


def _path(field: str) -> list[str]:
    return [_plain(part) for part in re.findall(rf'{QUOTED}|[^."]+', field)]


def _plain(token: str) -> str:
    return (
        re.sub(r"\\(.)", r"\1", token[1:-1])
        if token.startswith('"') and token.endswith('"') and len(token) > 1
        else token
    )


def _at(entry: Json, path: list[str]) -> object:
    value: object = entry
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _holds(value: object, sign: str, wanted: str) -> bool:
    if value is None:
        return sign in {"!=", "!~"}
    told = str(value).lower() if isinstance(value, bool) else str(value)
    if sign in {"=~", "!~"}:
        return bool(re.search(wanted, told)) == (sign == "=~")
    if sign == ":":
        return wanted == "*" or wanted.lower() in told.lower()
    if sign in ORDERED:
        return _ordered(told, wanted, sign)
    return (told == wanted) == (sign == "=")


def _ordered(told: str, wanted: str, sign: str) -> bool:
    times = [_nanoseconds(one) for one in (told, wanted)]
    if None not in times:
        return _sign(times[0] - times[1]) in ORDERED[sign]  # type: ignore[operator]
    if told in SEVERITIES and wanted.upper() in SEVERITIES:
        return _sign(SEVERITIES.index(told) - SEVERITIES.index(wanted.upper())) in ORDERED[sign]
    try:
        return _sign(float(told) - float(wanted)) in ORDERED[sign]
    except ValueError:
        return (told > wanted) - (told < wanted) in ORDERED[sign]


def _nanoseconds(told: str) -> int | None:
    """A time since 1970; it may be told to any precision."""
    found = TIME.fullmatch(told)
    if found is None:
        return None
    whole = int(datetime.fromisoformat(found[1] + found[3]).timestamp())
    return whole * 10**9 + int((found[2] or "0").ljust(9, "0")[:9])


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)
