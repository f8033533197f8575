"""Identifiers: sortable by time for rows, short hexadecimal for names that other systems have to carry."""

import re
import secrets
import threading
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
SHAPE = re.compile(rf"[a-z]+_[{ALPHABET}]{{26}}")


class Numbers:
    """48 bits of milliseconds and 80 random ones. Those of one process only grow, within a millisecond by random steps."""

    def __init__(self) -> None:
        self._turn, self._last = threading.Lock(), 0

    def fresh(self) -> int:
        """The next one, larger than all before."""
        with self._turn:
            now = (int(time.time() * 1000) << 80) | secrets.randbits(80)
            self._last = now if now > self._last else self._last + 1 + secrets.randbits(40)
            return self._last


_numbers = Numbers()


def new(prefix: str) -> str:
    """A fresh id such as `op_01kajq…`, 26 characters behind its prefix (a ULID, lower case); in one process a later one sorts later."""
    number = _numbers.fresh()
    return f"{prefix}_" + "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def looks_like_one(text: str) -> bool:
    """Whether `new` could have made it."""
    return SHAPE.fullmatch(text) is not None


def short() -> str:
    """Twelve random hexadecimal characters."""
    return secrets.token_hex(6)
