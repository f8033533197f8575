"""What goes over the wire: a request as it came, an answer as it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]  # a JSON object: what is in it is known only to the schema it is held against


@dataclass(frozen=True)
class Request:
    """`path` is still percent-encoded and has no query; `body` is None where there was none or it was no JSON;

    `query_string` is as it came, names in `headers` are in small letters.
    """

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Json | None = None
    host: str = ""
    raw: bytes = b""
    content_type: str = ""
    content_range: str = ""
    wanted_range: str = ""
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def asked(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        values = self.query.get(name)
        return values[0] if values else default


@dataclass(frozen=True)
class Answer:
    """A status and a body, or `media` where it is no JSON. `lost`: it was done, but the caller's line breaks before it hears so."""

    status: int
    body: Json | None = None
    lost: bool = False
    media: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
