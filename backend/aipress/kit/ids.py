"""Identifiers: sortable by time for rows, short hexadecimal for names that other systems have to carry."""

import re
import secrets
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
SHAPE = re.compile(rf"[a-z]+_[{ALPHABET}]{{26}}")


def new(prefix: str) -> str:
    """A fresh id such as `op_01kajq…`: 48 bits of milliseconds, 80 random bits, in 26 characters (a ULID, lower case)."""
    number = (int(time.time() * 1000) << 80) | secrets.randbits(80)
    return f"{prefix}_" + "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def looks_like_one(text: str) -> bool:
    """Whether `new` could have made it."""
    return SHAPE.fullmatch(text) is not None


def short() -> str:
    """Twelve random hexadecimal characters."""
    return secrets.token_hex(6)
