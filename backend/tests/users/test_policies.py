"""Every route of this room is asked by everybody there is."""

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from httpx import Response

from aipress.auth.door import routes_without_policy
from aipress.config import Settings
from aipress.kit.db import Database
from tests import make
from tests.make import Client, Headers

# Anonymous, tenant, their agent, admin, their agent, operator: 401 who are you, 403 not you, 200 come in,
# whatever the answer then is.
WHO_MAY = {
    "POST /api/auth/email-link": (200, 200, 200, 200, 200, 200),
    "POST /api/auth/email-link/redeem": (200, 200, 200, 200, 200, 200),
    "GET /api/auth/providers": (200, 200, 200, 200, 200, 200),
    "POST /api/auth/firebase": (200, 200, 200, 200, 200, 200),
    "POST /api/auth/logout": (200, 200, 200, 200, 200, 200),
    "GET /api/auth/jwks": (200, 200, 200, 200, 200, 200),
    "POST /api/auth/agent-token": (401, 200, 403, 200, 403, 200),
    "POST /api/auth/admin-link": (401, 403, 403, 403, 403, 200),
    "POST /api/auth/tokens": (401, 403, 403, 403, 403, 200),
    "GET /api/outbox": (401, 403, 403, 403, 403, 200),
    "GET /api/users": (401, 403, 403, 200, 403, 200),
    "POST /api/users": (401, 403, 403, 200, 403, 200),
    "GET /api/users/{user_id}": (401, 403, 403, 200, 403, 200),
    "PATCH /api/users/{user_id}": (401, 403, 403, 200, 403, 200),
    "DELETE /api/users/{user_id}": (401, 403, 403, 200, 403, 200),
}


async def test_every_route_lets_in_exactly_whom_it_should(
    app: FastAPI, client: Client, rows: Database, settings: Settings
) -> None:
    ada, root = await make.user(rows), await make.admin(rows)
    shown: tuple[Headers, ...] = (
        {},
        make.as_person(settings, ada),
        make.as_agent(settings, ada),
        make.as_person(settings, root),
        make.as_agent(settings, root),
        make.as_operator(settings),
    )
    found = {}
    for route in WHO_MAY:
        method, path = route.split(" ")
        path = path.replace("{user_id}", "usr_nobody")
        answers = [
            await client.request(method, path, headers=headers, json=BODIES.get(path)) for headers in shown
        ]
        found[route] = tuple(door_says(answer) for answer in answers)
    assert found == WHO_MAY
    assert {
        name_of(route) for route in iter_route_contexts(app.routes) if "/api" in str(route.path)
    } == WHO_MAY.keys()
    assert routes_without_policy(app) == []


BODIES = {
    "/api/auth/email-link": {"email": "new@example.com"},
    "/api/auth/email-link/redeem": {"token": "invented"},
    "/api/auth/firebase": {"id_token": "invented"},
    "/api/auth/tokens": {"email": "script@example.com"},
    "/api/users": {"email": "new@example.com"},
    "/api/users/usr_nobody": {"name": "Nobody"},
}


def door_says(answer: Response) -> int:
    """What the policy decided: an invented link and an unknown person were let in, and then refused for what they are."""
    refused = answer.status_code in (401, 403) and "link" not in answer.json()["detail"].partition(".")[0]
    assert answer.status_code < 500
    return answer.status_code if refused else 200


def name_of(route: RouteContext) -> str:
    return f"{','.join(sorted(route.methods or ()))} {route.path}"
