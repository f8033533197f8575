"""What the control plane says of itself: what has to be shown at which door."""

from typing import Any

from aipress.auth.door import routes_for_callers
from aipress.users.current import COOKIE
from aipress.web.description import Described, operations

CREDENTIALS = {
    "token": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer …`"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "what signing in sets"},
}
EITHER: list[dict[str, list[str]]] = [{name: []} for name in CREDENTIALS]


class ControlPlane(Described):
    """An app that says of each route whether a token or a session is asked for."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            described, doors = super().openapi(), routes_for_callers(self)
            described["components"]["securitySchemes"] = CREDENTIALS
            for name, operation in operations(described):
                if name in doors:
                    operation["security"] = EITHER
        return super().openapi()
