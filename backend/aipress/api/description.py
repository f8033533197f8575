"""What the API says of itself (OpenAPI), beyond what FastAPI knows: how problems travel, and what must be shown at which door."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from aipress.auth.door import routes_for_callers
from aipress.users.current import COOKIE
from aipress.web.problems import MEDIA_TYPE

CREDENTIALS = {
    "token": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer …`"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "what signing in sets"},
}
EITHER: list[dict[str, list[str]]] = [{name: []} for name in CREDENTIALS]


class Described(FastAPI):
    """An app whose description says all that a client has to know."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            described = super().openapi()
            described["components"]["securitySchemes"] = CREDENTIALS
            doors = routes_for_callers(self)
            for name, operation in _operations(described):
                _say_how_it_fails(operation)
                if name in doors:
                    operation["security"] = EITHER
            self.openapi_schema = described
        return self.openapi_schema


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, by `GET /path`."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _say_how_it_fails(operation: dict[str, Any]) -> None:
    """A problem has a media type of its own (RFC 9457), which FastAPI can't be told for a model."""
    for status in ("4XX", "5XX"):
        content = operation["responses"][status]["content"]
        operation["responses"][status]["content"] = {MEDIA_TYPE: next(iter(content.values()))}
