"""How the offline reader tells what a line of a log is about: the class of its error, and which installed plugin it names."""

import re
from collections.abc import Collection
from typing import Literal, get_args

Error = Literal[
    "out_of_memory",
    "timeout",
    "database",
    "fatal",
    "warning",
    "not_found",
    "forbidden",
    "server_error",
    "failed_login",
    "mail",
    "cron",
    "none",
]
ERRORS: frozenset[str] = frozenset(get_args(Error))
SIGNS: dict[Error, re.Pattern[str]] = {
    "out_of_memory": re.compile(r"allowed memory size|out of memory", re.IGNORECASE),
    "timeout": re.compile(r"maximum execution time|timed? ?out|\b504\b", re.IGNORECASE),
    "database": re.compile(r"wordpress database error|mysqli|deadlock|too many connections", re.IGNORECASE),
    "fatal": re.compile(r"fatal error|uncaught|parse error", re.IGNORECASE),
    "warning": re.compile(r"\bwarning\b|\bnotice\b|deprecated", re.IGNORECASE),
    "failed_login": re.compile(r"wp-login|authentication fail|incorrect password", re.IGNORECASE),
    "not_found": re.compile(r"\b404\b|not found", re.IGNORECASE),
    "forbidden": re.compile(r"\b40[13]\b|forbidden|permission denied", re.IGNORECASE),
    "server_error": re.compile(r"\b50[0-3]\b|bad gateway", re.IGNORECASE),
    "mail": re.compile(r"\bsmtp\b|wp_mail|\bmail\b", re.IGNORECASE),
    "cron": re.compile(r"\bcron\b", re.IGNORECASE),
}


def kind_of(line: str) -> Error:
    """The class of the error that a line tells of; "none" when it tells of none."""
    return next((error for error, sign in SIGNS.items() if sign.search(line)), "none")


def plugin_in(line: str, installed: Collection[str]) -> str | None:
    """The installed plugin whose folder the line names."""
    named = re.findall(r"/(?:plugins|mu-plugins|themes)/([a-z0-9-]{1,63})", line)
    return next((slug for slug in named if slug in installed), None)
