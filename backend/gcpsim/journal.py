"""What was asked and answered, to be asserted on; secrets are veiled before anything is written down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gcpsim.wire import Json

SECRET_FIELDS = frozenset(
    {
        "data",
        "password",
        "rootPassword",
        "privateKeyData",
        "privateKey",
        "authString",
        "clientSecret",
        "oauth2ClientSecret",
        "sqlStatement",
        "value",
    }
)
VEIL = "(veiled)"
IN_RULE = re.compile(r"[<>]\S+")
"""A password among the words of an access control list's rule."""


@dataclass(frozen=True)
class Entry:
    """One call. `method_id` is '' where no method fits the path; `key` names what it was about."""

    http: str
    path: str
    method_id: str
    body: Json
    status: int
    fault: str = ""
    key: str = ""


@dataclass
class Journal:
    """All calls, oldest first."""

    entries: list[Entry] = field(default_factory=list)

    def note(self, entry: Entry) -> None:
        """Write a call down."""
        self.entries.append(entry)

    def of(self, method_id: str) -> Iterator[Entry]:
        """The calls of one method."""
        return (entry for entry in self.entries if entry.method_id == method_id)


def veiled(value: Any) -> Any:
    """The same without what may be secret: any text or number in a field that by its name can hold one."""
    if isinstance(value, dict):
        return {name: _veiled_field(name, inner) for name, inner in value.items()}
    return [veiled(one) for one in value] if isinstance(value, list) else value


def _veiled_field(name: str, inner: Any) -> Any:
    if name in SECRET_FIELDS and not isinstance(inner, dict | list):
        return VEIL
    if name == "rule" and isinstance(inner, str):
        return IN_RULE.sub(VEIL, inner)
    return veiled(inner)
