"""Every route of the whole app is asked by everybody there is, and none is there that says no policy."""

from typing import Any

from fastapi.routing import iter_route_contexts

from aipress.auth.door import routes_for_callers, routes_without_policy
from aipress.kit import ids
from tests import make
from tests.api.callers import SITE, Scene, no_longer_good, set_scene
from tests.api.world import World
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together

# What each is answered: anonymous; a stranger; a member, the owner and the owner's agent; an admin and the admin's agent;
# the operator. Bodies are such that whoever is let in to change something that others of this table need is refused
# for what they sent (422).
WHO_MAY = {
    "GET /api/health/live": (200, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/health/ready": (200, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/health/leaks": (401, 403, 403, 403, 403, 403, 403, 200),
    "GET /api/health/runtime": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/health/overview": (401, 403, 403, 403, 403, 200, 403, 200),
    "GET /api/metrics": (401, 403, 403, 403, 403, 200, 403, 200),
    "GET /api/me": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/audit": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/audit/verification": (401, 403, 403, 403, 403, 200, 403, 200),
    # signing in
    "POST /api/auth/email-link": (202, 202, 202, 202, 202, 202, 202, 202),
    "POST /api/auth/email-link/redeem": (401, 401, 401, 401, 401, 401, 401, 401),
    "GET /api/auth/providers": (200, 200, 200, 200, 200, 200, 200, 200),
    "POST /api/auth/firebase": (404, 404, 404, 404, 404, 404, 404, 404),
    "POST /api/auth/logout": (204, 204, 204, 204, 204, 204, 204, 204),
    "GET /api/auth/jwks": (200, 200, 200, 200, 200, 200, 200, 200),
    "POST /api/auth/agent-token": (401, 200, 200, 200, 403, 200, 403, 200),
    "POST /api/auth/admin-link": (401, 403, 403, 403, 403, 403, 403, 201),
    "POST /api/auth/tokens": (401, 403, 403, 403, 403, 403, 403, 200),
    "GET /api/outbox": (401, 403, 403, 403, 403, 403, 403, 200),
    # people
    "GET /api/users": (401, 403, 403, 403, 403, 200, 403, 200),
    "POST /api/users": (401, 403, 403, 403, 403, 201, 403, 201),
    "GET /api/users/{user_id}": (401, 403, 403, 403, 403, 200, 403, 200),
    "PATCH /api/users/{user_id}": (401, 403, 403, 403, 403, 200, 403, 200),
    "DELETE /api/users/{user_id}": (401, 403, 403, 403, 403, 204, 403, 204),
    "DELETE /api/users/{user_id}/sessions": (401, 403, 403, 403, 403, 204, 403, 204),
    # sites
    "GET /api/tenants": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /api/tenants": (401, 422, 422, 422, 422, 422, 422, 422),
    "GET /api/tenants/{tenant}": (401, 404, 200, 200, 200, 200, 200, 200),
    "PATCH /api/tenants/{tenant}": (401, 404, 200, 200, 200, 200, 200, 200),
    "DELETE /api/tenants/{tenant}": (401, 404, 403, 422, 403, 422, 403, 422),
    "POST /api/tenants/{tenant}/adjustments": (401, 404, 403, 422, 403, 422, 403, 422),
    "POST /api/tenants/{tenant}/login-links": (401, 404, 403, 201, 403, 201, 403, 201),
    "POST /api/tenants/{tenant}/moves": (401, 404, 403, 422, 403, 422, 403, 422),
    "DELETE /api/tenants/{tenant}/cache": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/tenants/{tenant}/members": (401, 404, 200, 200, 200, 200, 200, 200),
    "POST /api/tenants/{tenant}/members": (401, 404, 403, 201, 403, 201, 403, 201),
    "DELETE /api/tenants/{tenant}/members/{user_id}": (401, 404, 403, 204, 403, 204, 403, 204),
    "GET /api/options": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/tiers": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/secrets": (401, 403, 403, 403, 403, 200, 403, 200),
    "GET /api/tenants/{tenant}/secrets": (401, 404, 403, 200, 403, 200, 403, 200),
    "PUT /api/tenants/{tenant}/secrets/{name}": (401, 404, 403, 201, 403, 200, 403, 200),
    "GET /api/tenants/{tenant}/secrets/{name}": (401, 404, 403, 200, 403, 200, 403, 200),
    "DELETE /api/tenants/{tenant}/secrets/{name}": (401, 404, 403, 204, 403, 404, 403, 404),
    "GET /api/tenants/{tenant}/domains": (401, 404, 200, 200, 200, 200, 200, 200),
    "POST /api/tenants/{tenant}/domains": (401, 404, 403, 422, 422, 422, 422, 422),
    "GET /api/tenants/{tenant}/domains/{domain}": (401, 404, 200, 200, 200, 200, 200, 200),
    "DELETE /api/tenants/{tenant}/domains/{domain}": (401, 404, 403, 200, 403, 200, 403, 200),
    "POST /api/tenants/{tenant}/domains/{domain}/verification": (401, 404, 204, 204, 204, 204, 204, 204),
    "GET /api/tenants/{tenant}/mail": (401, 404, 403, 200, 403, 200, 403, 200),
    "GET /api/tenants/{tenant}/mail/{mail_id}": (401, 404, 403, 200, 403, 200, 403, 200),
    "GET /api/billing": (401, 403, 403, 403, 403, 200, 403, 200),
    "GET /api/tenants/{tenant}/billing": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/tenants/{tenant}/metrics": (401, 404, 200, 200, 200, 200, 200, 200),
    "POST /api/billing/counts": (401, 403, 403, 403, 403, 202, 403, 202),
    "GET /api/billing/advice": (401, 403, 403, 403, 403, 200, 403, 200),
    "GET /api/tenants/{tenant}/billing/advice": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/tenants/{tenant}/diagnosis": (401, 404, 200, 200, 200, 200, 200, 200),
    "PUT /api/tenants/{tenant}/budget": (401, 404, 403, 200, 403, 200, 403, 200),
    "DELETE /api/tenants/{tenant}/budget": (401, 404, 403, 204, 403, 204, 403, 204),
    "GET /api/tenants/{tenant}/logs": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/tenants/{tenant}/logs/counts": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/tenants/{tenant}/logs/usage": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/tenants/{tenant}/logs/stream": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/alerts": (401, 403, 403, 403, 403, 200, 403, 200),
    "GET /api/tenants/{tenant}/alerts": (401, 404, 200, 200, 200, 200, 200, 200),
    "PUT /api/alerts/{alert_id}/acknowledgement": (401, 404, 200, 200, 403, 200, 403, 200),
    "GET /api/alert-rules": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/alert-settings": (401, 403, 403, 403, 403, 200, 403, 403),
    "PUT /api/alert-settings": (401, 403, 403, 403, 403, 200, 403, 403),
    # what is done to them, and what is only proposed
    "GET /api/operations": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/operations/{operation_id}": (401, 404, 200, 200, 200, 200, 200, 200),
    "GET /api/operations/{operation_id}/events": (401, 404, 200, 200, 200, 200, 200, 200),
    "POST /api/operations/{operation_id}/undo": (401, 404, 202, 202, 202, 202, 202, 202),
    "GET /api/events": (401, 200, 200, 200, 200, 200, 200, 200),
    "GET /api/actions": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /api/plans": (401, 404, 403, 201, 201, 201, 201, 201),
    "GET /api/plans/{plan_id}": (401, 404, 404, 200, 200, 404, 404, 404),
    "POST /api/plans/{plan_id}/confirmation": (401, 404, 404, 422, 403, 404, 403, 404),
    "DELETE /api/plans/{plan_id}": (401, 404, 404, 204, 403, 404, 403, 404),
    # conversations, which are nobody else's
    "GET /api/threads": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /api/threads": (401, 201, 201, 201, 201, 201, 201, 201),
    "GET /api/threads/{thread_id}": (401, 404, 404, 200, 200, 404, 404, 404),
    "PUT /api/threads/{thread_id}/messages/{message_id}": (401, 404, 404, 200, 200, 404, 404, 404),
    "PATCH /api/threads/{thread_id}": (401, 404, 404, 200, 200, 404, 404, 404),
    "DELETE /api/threads/{thread_id}": (401, 404, 404, 204, 204, 404, 404, 404),
    "POST /api/threads/{thread_id}/share": (401, 404, 404, 201, 403, 404, 403, 404),
    "DELETE /api/threads/{thread_id}/share": (401, 404, 404, 204, 403, 404, 403, 404),
    # what the assistant used of language models: everybody's own, and everybody's for admins
    "GET /api/usage": (401, 200, 200, 200, 200, 200, 200, 200),
    "POST /api/usage/grants": (401, 200, 200, 200, 200, 200, 200, 200),
    "PUT /api/usage/grants/{use_id}": (401, 404, 404, 204, 204, 404, 404, 404),
    # one that its owner made a link of, for whoever has that
    "GET /api/shared/{secret}": (200, 200, 200, 200, 200, 200, 200, 200),
}


def bodies() -> dict[str, Any]:
    """What is sent; addresses are new ones each time."""
    somebody = {"email": f"{ids.short()}@example.com"}
    return {
        "POST /api/auth/email-link": somebody,
        "POST /api/auth/email-link/redeem": {"token": "invented"},
        "POST /api/auth/firebase": {"id_token": "invented"},
        "POST /api/auth/tokens": somebody,
        "POST /api/users": somebody,
        "PATCH /api/users/{user_id}": {"name": "Another"},
        "POST /api/tenants": {"name": ""},
        "PATCH /api/tenants/{tenant}": {"name": "Bakery"},
        "DELETE /api/tenants/{tenant}": {"typed_name": "wrong"},
        "POST /api/tenants/{tenant}/moves": {"to": "gcp"},
        "POST /api/tenants/{tenant}/adjustments": {"options": {"min_instances": 900}},
        "POST /api/tenants/{tenant}/members": somebody,
        "PUT /api/tenants/{tenant}/secrets/{name}": {"value": "sk_live_of_the_bakery"},
        "POST /api/tenants/{tenant}/domains": {"domain": "bakery.localhost"},
        "PUT /api/tenants/{tenant}/budget": {"amount": "20.00"},
        "POST /api/plans": {"action": "DELETE_SITE", "arguments": {"tenant": SITE}},
        "POST /api/plans/{plan_id}/confirmation": {"hash": "wrong"},
        "PUT /api/alert-settings": {"by_mail": True},
        "POST /api/threads": {},
        "POST /api/usage/grants": {"engine": "google", "model": "gemini-3.8-flash"},
        "PUT /api/usage/grants/{use_id}": {"input_tokens": 1},
        "PATCH /api/threads/{thread_id}": {"title": "Another"},
        "PUT /api/threads/{thread_id}/messages/{message_id}": {"role": "user", "text": "hello"},
    }


async def test_every_route_lets_in_exactly_whom_it_should(world: World) -> None:
    scene = await set_scene(world)
    world.app.state.hub.close()  # a stream that is let in has no end otherwise
    found = {}
    for route in WHO_MAY:
        found[route] = tuple([await answered(scene, route, caller) for caller in scene.callers.values()])
    assert found == WHO_MAY


async def test_whoever_shows_what_is_no_good_is_nobody_on_every_route(world: World) -> None:
    scene = await set_scene(world)
    asks_who = routes_for_callers(world.app)
    expected = {route: 401 if route in asks_who else row[0] for route, row in WHO_MAY.items()}
    for fault, shown in (await no_longer_good(world)).items():
        found = {route: await answered(scene, route, shown) for route in WHO_MAY}
        assert (fault, found) == (fault, expected)


async def test_what_is_no_good_would_be_good_without_its_one_fault(world: World) -> None:
    root = await make.admin(world.rows)
    browser = make.as_browser(await make.session(world.rows, root), world.settings)
    for good in (browser, make.as_person(world.settings, root)):
        assert (await world.ask("GET", "/users", good)).status_code == 200


async def answered(scene: Scene, route: str, caller: Headers) -> int:
    method, path = route.split(" ")
    filled = await scene.fill(path)
    answer = await scene.world.client.request(method, filled, headers=caller, json=bodies().get(route))
    return answer.status_code


async def test_no_route_is_missing_here_and_none_says_no_policy(world: World) -> None:
    there = {
        f"{','.join(sorted(route.methods or ()))} {route.path}"
        for route in iter_route_contexts(world.app.routes)
        if str(route.path).startswith("/api/") and "openapi" not in route.path and "docs" not in route.path
    }
    assert there == WHO_MAY.keys()
    assert routes_without_policy(world.app) == []
    anonymous_is_refused = {route for route, row in WHO_MAY.items() if row[0] == 401}
    assert routes_for_callers(world.app) == anonymous_is_refused - {"POST /api/auth/email-link/redeem"}
