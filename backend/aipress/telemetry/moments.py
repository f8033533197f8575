"""Moments as they are asked for: RFC 3339 alone. A plain number would be taken for seconds since 1970 otherwise."""

import re
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", re.ASCII)


def _as_it_is_written(value: object) -> object:
    if isinstance(value, str) and not WRITTEN.match(value):
        raise ValueError("write a moment as 2026-11-28T12:00:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_as_it_is_written)]
