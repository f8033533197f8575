"""Every route of the whole app is asked by everybody there is, and none is there that says no policy."""

from dataclasses import dataclass
from typing import Any

from fastapi.routing import iter_route_contexts

from aipress.auth.door import routes_without_policy
from aipress.kit import ids
from tests import make
from tests.api.world import World
from tests.make import Headers
from tests.tenants.lasting import together
from tests.users.test_policies import WHO_MAY as WHO_MAY_AMONG_USERS

pytestmark = together

# Anonymous, stranger, owner, the owner's agent, admin, operator. What each is answered; bodies are so that whoever
# is let in to change something that others of this table need is refused for what they sent (422).
WHO_MAY = {
    "GET /api/health/live": (200, 200, 200, 200, 200, 200),
    "GET /api/health/ready": (200, 200, 200, 200, 200, 200),
    "GET /api/health/leaks": (401, 403, 403, 403, 403, 200),
    "GET /api/health/runtime": (401, 200, 200, 200, 200, 200),
    "GET /api/health/overview": (401, 403, 403, 403, 200, 200),
    "GET /api/me": (401, 200, 200, 200, 200, 200),
    "GET /api/audit": (401, 200, 200, 200, 200, 200),
    "GET /api/audit/verification": (401, 403, 403, 403, 200, 200),
    "GET /api/tenants": (401, 200, 200, 200, 200, 200),
    "GET /api/tiers": (401, 200, 200, 200, 200, 200),
    "POST /api/tenants": (401, 422, 422, 422, 422, 422),
    "GET /api/tenants/{tenant}": (401, 404, 200, 200, 200, 200),
    "PATCH /api/tenants/{tenant}": (401, 404, 200, 200, 200, 200),
    "DELETE /api/tenants/{tenant}": (401, 404, 422, 403, 422, 422),
    "POST /api/tenants/{tenant}/login-links": (401, 404, 201, 403, 201, 201),
    "GET /api/secrets": (401, 403, 403, 403, 200, 200),
    "GET /api/tenants/{tenant}/secrets": (401, 404, 200, 403, 200, 200),
    "PUT /api/tenants/{tenant}/secrets/{name}": (401, 404, 201, 403, 200, 200),
    "GET /api/tenants/{tenant}/secrets/{name}": (401, 404, 200, 403, 200, 200),
    "DELETE /api/tenants/{tenant}/secrets/{name}": (401, 404, 204, 403, 404, 404),
    "GET /api/operations": (401, 200, 200, 200, 200, 200),
    "GET /api/operations/{operation_id}": (401, 404, 200, 200, 200, 200),
    "GET /api/operations/{operation_id}/events": (401, 404, 200, 200, 200, 200),
    "POST /api/operations/{operation_id}/undo": (401, 404, 202, 202, 202, 202),
    "GET /api/events": (401, 200, 200, 200, 200, 200),
    "POST /api/plans": (401, 404, 201, 201, 201, 201),
    "GET /api/plans/{plan_id}": (401, 404, 200, 200, 404, 404),
    "POST /api/plans/{plan_id}/confirmation": (401, 404, 422, 403, 404, 404),
    "DELETE /api/plans/{plan_id}": (401, 404, 204, 403, 404, 404),
    "GET /api/threads": (401, 200, 200, 200, 200, 200),
    "POST /api/threads": (401, 201, 201, 201, 201, 201),
    "GET /api/threads/{thread_id}": (401, 404, 200, 200, 404, 404),
    "PUT /api/threads/{thread_id}/messages/{message_id}": (401, 404, 200, 200, 404, 404),
    "DELETE /api/threads/{thread_id}": (401, 404, 204, 204, 404, 404),
}
BODIES: dict[str, Any] = {
    "POST /api/tenants": {"name": ""},
    "PATCH /api/tenants/{tenant}": {"name": "Bakery"},
    "DELETE /api/tenants/{tenant}": {"typed_name": "wrong"},
    "PUT /api/tenants/{tenant}/secrets/{name}": {"value": "sk_live_of_the_bakery"},
    "POST /api/plans": {"action": "DELETE_SITE", "arguments": {"tenant": "bakery"}},
    "POST /api/plans/{plan_id}/confirmation": {"hash": "wrong"},
    "POST /api/threads": {},
    "PUT /api/threads/{thread_id}/messages/{message_id}": {"role": "user", "text": "hello"},
}


@dataclass(frozen=True)
class Owner:
    """Somebody with one of everything."""

    world: World
    headers: Headers
    tenant: str
    operation: str

    async def fill(self, path: str) -> str:
        """The path with something in it that is theirs, and fresh where it can be used up."""
        things = {
            "tenant": self.tenant,
            "operation_id": self.operation,
            "message_id": "m1",
            "name": "STRIPE_KEY",
        }
        for noun, key in (("plans", "plan_id"), ("threads", "thread_id")):
            if key in path:
                made = await self.world.ask("POST", f"/{noun}", self.headers, BODIES[f"POST /api/{noun}"])
                things[key] = made.json()["id"]
        if path.endswith("/undo"):
            things["operation_id"] = await self._renaming()
        return path.format(**things)

    async def _renaming(self) -> str:
        """The receipt of renaming their site, which can be undone."""
        name = {"name": f"Bakery {ids.short()}"}
        renamed = await self.world.ask("PATCH", f"/tenants/{self.tenant}", self.headers, name)
        assert renamed.status_code == 200, renamed.text
        return renamed.headers["aipress-operation"]


async def test_every_route_lets_in_exactly_whom_it_should(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    site = await world.site(ada, "Bakery")
    done = (await world.ask("GET", "/operations", ada)).json()["items"][0]["id"]
    owner = Owner(world, ada, site["id"], done)
    callers: list[Headers] = [
        {},
        await world.ada(),
        ada,
        world.agent_of(person),
        await world.grace(),
        make.as_operator(world.settings),
    ]
    found = {}
    world.app.state.hub.close()  # a stream that is let in has no end otherwise
    for route in WHO_MAY:
        found[route] = tuple([await answered(owner, route, caller) for caller in callers])
    assert found == WHO_MAY


async def answered(owner: Owner, route: str, caller: Headers) -> int:
    method, path = route.split(" ")
    filled, body = await owner.fill(path), BODIES.get(route)
    answer = await owner.world.client.request(method, filled, headers=caller, json=body)
    return answer.status_code


async def test_no_route_is_missing_here_and_none_says_no_policy(world: World) -> None:
    there = {
        f"{','.join(sorted(route.methods or ()))} {route.path}"
        for route in iter_route_contexts(world.app.routes)
        if str(route.path).startswith("/api/") and "openapi" not in route.path and "docs" not in route.path
    }
    assert there == WHO_MAY.keys() | WHO_MAY_AMONG_USERS.keys()
    assert routes_without_policy(world.app) == []
