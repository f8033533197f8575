"""Watching an operation: every change as it happens, over a real connection, until the end and no longer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from aipress.errors import CloudRefused
from aipress.users.models import User
from tests import make
from tests.api.world import Json, World
from tests.make import Client, Headers
from tests.tenants.held import held
from tests.tenants.lasting import together

pytestmark = together

BLOG = {"name": "Blog"}


@asynccontextmanager
async def watched(wire: Client, operation_id: str, headers: Headers) -> AsyncIterator[AsyncIterator[Json]]:
    """The operation at each of its events."""
    async with wire.stream("GET", f"/api/operations/{operation_id}/events", headers=headers) as answer:
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
            200,
            "text/event-stream",
        )
        assert "no-transform" in answer.headers["cache-control"]
        yield events(answer)


async def events(answer: httpx.Response) -> AsyncIterator[Json]:
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        assert name in ("event", "data", "")
        if name == "event":
            assert value == "operation"
        elif name == "data":
            yield json.loads(value)


async def test_every_change_arrives_as_it_happens_and_the_last_one_ends_the_stream(
    world: World, wire: Client
) -> None:
    ada = await world.ada()
    with held(world.cloud.caches, "ensure") as hold:
        asked = (await world.ask("POST", "/tenants", ada, BLOG)).json()
        async with watched(wire, asked["id"], ada) as changes:
            await asyncio.wait_for(hold.asked.wait(), 10)
            async for seen in changes:
                states = [step["state"] for step in seen["steps"]]
                if states[3] == "running":
                    break
            assert (seen["state"], states[:3]) == ("running", ["done"] * 3)
            hold.go.set()
            rest = [change async for change in changes]
    assert (rest[-1]["state"], rest[-1]["result"]["url"]) == ("succeeded", "http://blog.fake.test")
    assert {step["state"] for step in rest[-1]["steps"]} == {"done"}
    assert all(change["state"] == "running" for change in rest[:-1])
    assert rest[-1] == (await world.ask("GET", f"/operations/{asked['id']}", ada)).json()


async def test_who_comes_late_or_comes_back_hears_how_it_ended(world: World, wire: Client) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    (done,) = (await world.ask("GET", "/operations", ada)).json()["items"]
    for came_back in ({}, {"Last-Event-ID": "3"}, {"Last-Event-ID": "nonsense"}):
        async with watched(wire, done["id"], ada | came_back) as changes:
            assert [change async for change in changes] == [done]


async def test_a_failure_is_the_last_thing_heard(world: World, wire: Client) -> None:
    ada = await world.ada()
    world.cloud.broken["ensure bucket"] = [CloudRefused("The disk is full.")]
    asked = (await world.ask("POST", "/tenants", ada, BLOG)).json()
    async with watched(wire, asked["id"], ada) as changes:
        last = [change async for change in changes][-1]
    assert (last["state"], last["error"]["title"]) == ("failed", "The site could not be made")
    assert "The disk is full." in last["error"]["detail"]
    assert [step["state"] for step in last["steps"]] == ["done", "failed", *["waiting"] * 6]


async def test_who_hangs_up_is_forgotten_and_the_work_goes_on(world: World, wire: Client) -> None:
    ada = await world.ada()
    with held(world.cloud.caches, "ensure"):
        asked = (await world.ask("POST", "/tenants", ada, BLOG)).json()
        async with watched(wire, asked["id"], ada) as changes:
            assert (await anext(changes))["state"] in ("queued", "running")
    assert (await world.ended(ada, asked["id"]))["state"] == "succeeded"


async def test_forty_watchers_hold_no_connection_to_the_database(world: World, wire: Client) -> None:
    ada = await world.ada()
    with held(world.cloud.caches, "ensure") as hold:
        asked = (await world.ask("POST", "/tenants", ada, BLOG)).json()

        async def watch() -> str:
            async with watched(wire, asked["id"], ada) as changes:
                return [change["state"] async for change in changes][-1]

        watchers = [asyncio.create_task(watch()) for _ in range(40)]
        await hold.asked.wait()
        assert (await world.ask("PATCH", "/tenants/blog", ada, {"name": "Still quick"})).status_code == 200
        hold.go.set()
    assert set(await asyncio.gather(*watchers)) == {"succeeded"}


async def test_watching_ends_with_the_right_to_watch(world: World, wire: Client) -> None:
    """Somebody who is suspended, and an admin who no longer is one, hear nothing more of work that goes on."""
    person, admin = await make.user(world.rows), await make.admin(world.rows)
    ada, grace = make.as_person(world.settings, person), make.as_person(world.settings, admin)
    with held(world.cloud.caches, "ensure") as hold:
        asked = (await world.ask("POST", "/tenants", ada, BLOG)).json()
        await asyncio.wait_for(hold.asked.wait(), 10)
        async with watched(wire, asked["id"], ada) as adas, watched(wire, asked["id"], grace) as graces:
            await anext(adas)
            await anext(graces)
            async with world.rows.transaction() as session:
                (await session.get_one(User, person.id)).state = "suspended"
                (await session.get_one(User, admin.id)).role = "tenant"
            async with asyncio.timeout(10):
                rest = [change for changes in (adas, graces) async for change in changes]
        assert all(change["state"] == "running" for change in rest)


async def test_nobody_watches_what_is_not_theirs(world: World, wire: Client) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    done = (await world.ask("GET", "/operations", ada)).json()["items"][0]["id"]
    for headers, status in (
        (await world.ada(), 404),
        ({}, 401),
        (make.as_operator(world.settings), 200),
        (await world.grace(), 200),
    ):
        answer = await wire.get(f"/api/operations/{done}/events", headers=headers)
        assert answer.status_code == status
