"""What destroys or opens something asks more of whoever came by Firebase: still vouched for, and a fresh sign-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from fastapi import Request

from aipress.auth.door import a_fresh_person, a_vouched_person, an_admin, routes_asking
from aipress.auth.principal import Principal, Role, Voucher
from aipress.errors import NotSignedIn
from aipress.kit import clock
from aipress.kit.db import Session
from tests import make
from tests.api.world import Json, World
from tests.tenants.lasting import together

pytestmark = together

DESTROY_OR_OPEN = {
    "DELETE /api/tenants/{tenant}": {"typed_name": "blog"},
    "POST /api/tenants/{tenant}/login-links": None,
    "POST /api/tenants/{tenant}/members": {"email": "bob@example.com"},
    "PUT /api/tenants/{tenant}/secrets/{name}": {"value": "a value long enough"},
    "DELETE /api/tenants/{tenant}/secrets/{name}": None,
    "POST /api/threads/{thread_id}/share": None,
}
CONFIRM = "POST /api/plans/{plan_id}/confirmation"
ADJUST = "POST /api/tenants/{tenant}/adjustments"
UNSHARE = "DELETE /api/tenants/{tenant}/members/{user_id}"
MOVE = "POST /api/tenants/{tenant}/moves"
DISCONNECT = "DELETE /api/tenants/{tenant}/domains/{domain}"


@dataclass
class FirebaseDoor:
    """A doorkeeper before whom everybody shows one person's Firebase token; it notes whom it was asked to vouch for."""

    person: Principal
    is_good: bool = True
    vouched: list[str] = field(default_factory=list)

    async def admit(self, request: Request, session: Session) -> Principal:
        return self.person

    async def vouch(self, caller: Principal) -> None:
        self.vouched.append(caller.id)
        if not self.is_good:
            raise NotSignedIn("The account you signed in with is disabled.")


@asynccontextmanager
async def before(world: World, door: FirebaseDoor) -> AsyncIterator[None]:
    usual = world.app.state.doorkeeper
    world.app.state.doorkeeper = door
    try:
        yield
    finally:
        world.app.state.doorkeeper = usual


async def owner_of_a_blog(world: World, minutes_ago: float) -> Principal:
    person = await make.user(world.rows)
    await world.site(make.as_person(world.settings, person), "Blog")
    moment = clock.now() - timedelta(minutes=minutes_ago)
    return person.principal("user", moment, Voucher("uid", by_token=True))


async def ask(world: World, route: str, body: Any, **names: str) -> int:
    method, path = route.split(" ")
    filled = path.format(tenant="blog", name="API_KEY", thread_id="thr_any", **names)
    return (await world.client.request(method, filled, json=body)).status_code


async def plan(world: World, action: str, arguments: Json) -> Json:
    asked = await world.client.post("/api/plans", json={"action": action, "arguments": arguments})
    made: Json = asked.json()
    return {"id": made["id"], "yes": {"hash": made["hash"], "typed_name": made["typed_name"]}}


async def test_these_routes_and_no_others_ask_it(world: World) -> None:
    fresh, vouched = routes_asking(world.app, a_fresh_person), routes_asking(world.app, a_vouched_person)
    assert fresh == DESTROY_OR_OPEN.keys()
    assert vouched == fresh | {CONFIRM, UNSHARE, MOVE, ADJUST, DISCONNECT}
    assert len(routes_asking(world.app, an_admin)) >= 7
    assert not routes_asking(world.app, an_admin) & vouched


async def test_an_old_sign_in_destroys_and_opens_nothing_and_a_fresh_one_does(world: World) -> None:
    door = FirebaseDoor(await owner_of_a_blog(world, minutes_ago=6))
    async with before(world, door):
        for route, body in DESTROY_OR_OPEN.items():
            assert await ask(world, route, body) == 401, route
        whole = await plan(world, "DELETE_SITE", {"tenant": "blog"})
        assert await ask(world, CONFIRM, whole["yes"], plan_id=whole["id"]) == 401
        costly = await plan(world, "CREATE_SITE", {"name": "Shop", "tier": "performance"})
        assert await ask(world, CONFIRM, costly["yes"], plan_id=costly["id"]) == 202
        assert (await world.client.get("/api/tenants/blog")).json()["state"] == "live"
        door.person = replace(door.person, signed_in_at=clock.now())
        assert await ask(world, CONFIRM, whole["yes"], plan_id=whole["id"]) == 202


async def test_a_browsers_person_need_not_sign_in_again(world: World) -> None:
    person = await owner_of_a_blog(world, minutes_ago=6000)
    door = FirebaseDoor(replace(person, voucher=Voucher("uid", by_token=False)))
    async with before(world, door):
        assert await ask(world, "DELETE /api/tenants/{tenant}", {"typed_name": "blog"}) == 202
    assert door.vouched


async def test_whom_nobody_vouches_for_is_out_everywhere_it_matters(world: World) -> None:
    door = FirebaseDoor(await owner_of_a_blog(world, 1), is_good=False)
    async with before(world, door):
        for route, body in DESTROY_OR_OPEN.items():
            assert await ask(world, route, body) == 401
        whole = await plan(world, "DELETE_SITE", {"tenant": "blog"})
        assert await ask(world, CONFIRM, whole["yes"], plan_id=whole["id"]) == 401
        assert (await world.client.get("/api/tenants/blog")).json()["state"] == "live"
        door.person = replace(door.person, role=Role.ADMIN)
        for route in routes_asking(world.app, an_admin):
            method, path = route.split(" ")
            answer = await world.client.request(method, path.replace("{user_id}", "usr_nobody"), json={})
            assert answer.status_code in (401, 422), route
    assert await ask(world, "GET /api/tenants/{tenant}", None) == 401, "the usual doorkeeper is back"
