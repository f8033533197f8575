"""`aipress token`: a bearer token for scripts, made by the operator on the machine itself."""

import re

from aipress.cli.client import Api
from aipress.cli.installation import Installation
from aipress.cli.say import Document
from aipress.cli.trouble import Trouble

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def make(place: Installation, email: str, role: str | None, ttl: str) -> Document:
    """`{token, expires_at}` for this person."""
    wish: Document = {"email": email, "ttl_seconds": seconds(ttl)}
    if role:
        wish["role"] = role
    return Api(place).post("/auth/tokens", wish)


def seconds(ttl: str) -> int:
    """`90s`, `30m`, `1h` or `7d` in seconds. Raises Trouble for anything else."""
    found = re.fullmatch(r"(\d{1,9})([smhd])", ttl)
    if not found:
        raise Trouble(f"{ttl} is no length of time.", "Say it like 90s, 30m, 1h or 7d.")
    return int(found[1]) * SECONDS[found[2]]
