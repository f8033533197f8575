"""`Idempotency-Key`: said twice is done once, for whoever said it, and answered twice the same."""

import asyncio

from sqlalchemy import select

from aipress.api.idempotency import Deed
from aipress.errors import CloudBusy
from aipress.operations.models import Operation
from aipress.tenants.models import Tenant
from tests import make
from tests.api.world import World, tolerant
from tests.make import Headers
from tests.tenants.lasting import together
from tests.users.looking import count, everything_in

pytestmark = together

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
BLOG = {"name": "Blog"}


async def test_the_same_request_twice_is_done_once_and_answered_the_same(world: World) -> None:
    ada = await world.ada() | KEY
    first = await world.ask("POST", "/tenants", ada, BLOG)
    again = await world.ask("POST", "/tenants", ada, BLOG)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert await count(world.rows, Tenant) == await count(world.rows, Operation) == 1


async def test_the_key_of_another_request_is_refused_and_nothing_is_done(world: World) -> None:
    ada = await world.ada() | KEY
    await world.ask("POST", "/tenants", ada, BLOG)
    refused = await world.ask("POST", "/tenants", ada, {"name": "Shop"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert await count(world.rows, Tenant) == 1


async def test_the_same_key_on_another_route_is_another_request(world: World) -> None:
    ada = await world.ada() | KEY
    assert (await world.ask("POST", "/tenants", ada, BLOG)).status_code == 202
    assert (await world.ask("POST", "/threads", ada, {})).status_code == 201


async def test_a_request_that_failed_is_not_remembered(world: World) -> None:
    ada = await world.ada() | KEY
    world.cloud.broken["look for room in runtime"] = [CloudBusy("Later."), ZeroDivisionError("ouch")]
    assert (await world.ask("POST", "/tenants", ada, BLOG)).status_code == 503
    assert (await tolerant(world).post("/api/tenants", json=BLOG, headers=ada)).status_code == 500
    assert (await world.ask("POST", "/tenants", ada, {"name": ""})).status_code == 422
    assert await count(world.rows, Deed) == 0
    assert (await world.ask("POST", "/tenants", ada, BLOG)).status_code == 202


async def test_of_twenty_at_once_one_is_done_and_all_hear_of_it(world: World) -> None:
    ada = await world.ada() | KEY
    answers = await asyncio.gather(*(world.ask("POST", "/tenants", ada, BLOG) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await count(world.rows, Tenant) == 1


async def test_another_person_has_keys_of_their_own(world: World) -> None:
    ada, bob = await world.ada() | KEY, await world.ada() | KEY
    first = await world.ask("POST", "/tenants", ada, BLOG)
    other = await world.ask("POST", "/tenants", bob, BLOG)
    assert (first.status_code, other.status_code) == (202, 202)
    assert first.json()["tenant"] != other.json()["tenant"]


async def test_the_same_person_with_a_fresh_token_has_the_same_keys(world: World) -> None:
    person = await make.user(world.rows)
    secret = await make.session(world.rows, person)
    shown: list[Headers] = [
        make.as_person(world.settings, person),
        make.as_person(world.settings, person),
        make.as_browser(secret, world.settings),
    ]
    answers = [await world.ask("POST", "/tenants", headers | KEY, BLOG) for headers in shown]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_a_replay_is_not_for_somebody_who_was_shut_out(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person) | KEY
    await world.ask("POST", "/tenants", ada, BLOG)
    change = {"state": "suspended"}
    assert (await world.ask("PATCH", f"/users/{person.id}", await world.grace(), change)).status_code == 200
    refused = await world.ask("POST", "/tenants", ada, BLOG)
    assert (refused.status_code, "Blog" in refused.text) == (401, False)


async def test_an_answer_with_a_secret_is_kept_nowhere_and_made_afresh(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    path = f"/tenants/{site['id']}/login-links"
    first, second = [await world.ask("POST", path, ada | KEY, {}) for _ in range(2)]
    lent = await world.ask("POST", "/auth/agent-token", ada | KEY)
    assert (first.status_code, second.status_code, lent.status_code) == (201, 201, 200)
    assert first.json()["url"] != second.json()["url"]
    stored = await everything_in(world.rows)
    assert await count(world.rows, Deed) == 0
    for secret in (first.json()["url"].partition("=")[2], lent.json()["token"]):
        assert secret not in stored


async def test_a_key_that_is_no_key_is_refused_and_reads_need_none(world: World) -> None:
    ada = await world.ada()
    for key in ("", "   ", "x" * 201):
        refused = await world.ask("POST", "/tenants", ada | {"Idempotency-Key": key}, BLOG)
        assert (key, refused.status_code) == (key, 422)
        assert {one["field"] for one in refused.json()["errors"]} <= {"Idempotency-Key"}
    assert (await world.ask("GET", "/tenants", ada | KEY)).status_code == 200
    async with world.rows.reading() as session:
        assert (await session.scalars(select(Deed))).all() == []


async def test_an_answer_without_a_body_is_replayed_without_one(world: World) -> None:
    ada = await world.ada() | KEY
    answers = [await world.ask("POST", "/auth/logout", ada) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]


async def test_a_key_whose_first_request_is_still_being_answered_has_to_wait(world: World) -> None:
    ada = await world.ada() | KEY
    await world.ask("POST", "/tenants", ada, BLOG)
    async with world.rows.transaction() as session:
        (await session.scalars(select(Deed))).one().body = None
    refused = await world.ask("POST", "/tenants", ada, BLOG)
    assert (refused.status_code, "still being answered" in refused.json()["detail"]) == (409, True)
