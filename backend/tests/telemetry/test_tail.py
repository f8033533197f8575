"""The live tail, over a real connection: every line as it comes, for as long as whoever listens may see it and no longer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from sqlalchemy import select

from aipress import clouds
from aipress.errors import CloudBusy
from aipress.events.hub import MOST_STREAMS, Hub
from aipress.kit import clock
from aipress.tenants.models import Environment
from tests import make
from tests.api.world import World
from tests.fakes.cloud import FakeCloud
from tests.fakes.logs import line
from tests.make import Client, Headers
from tests.tenants.lasting import together
from tests.waiting import until

pytestmark = together


@dataclass
class Tail:
    """What a stream said so far: the messages, the ids, and how often it only said that it is alive."""

    messages: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    comments: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def says(self, *messages: str) -> None:
        async def are_there() -> bool:
            return len(self.messages) >= len(messages)

        await until(are_there)
        assert self.messages == list(messages)

    async def is_over(self) -> None:
        async with asyncio.timeout(10):
            await self.ended.wait()


@asynccontextmanager
async def tailing(
    wire: Client, headers: Headers, site: str, query: str = "", after: str = ""
) -> AsyncIterator[Tail]:
    tail, shown = Tail(), headers | ({"Last-Event-ID": after} if after else {})
    async with wire.stream(
        "GET", f"/api/tenants/{site}/logs/stream?{query}", headers=shown, timeout=30
    ) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "no-transform" in answer.headers["cache-control"]
        noting = asyncio.create_task(note(answer, tail))
        try:
            await until(lambda: alive(tail, 1))
            yield tail
        finally:
            noting.cancel()
            with suppress(asyncio.CancelledError):
                await noting


async def alive(tail: Tail, times: int) -> bool:
    return tail.comments >= times


async def note(answer: httpx.Response, tail: Tail) -> None:
    with suppress(httpx.RemoteProtocolError):
        async for text in answer.aiter_lines():
            name, _, value = text.partition(": ")
            if text.startswith(":"):
                tail.comments += 1
            elif name == "id":
                tail.ids.append(value)
            elif name == "event":
                assert value == "line"
            elif name == "data":
                tail.messages.append(json.loads(value)["message"])
    tail.ended.set()


async def test_lines_arrive_as_they_come_and_only_those_that_are_wanted(
    world: World, wire: Client, hub: Hub
) -> None:
    ada = await world.ada()
    site = (await world.site(ada, "Bakery"))["id"]
    world.cloud.logs.put(line(site, "long ago", clock.now() - timedelta(minutes=1)))
    async with (
        tailing(wire, ada, site) as every,
        tailing(wire, ada, "bakery", "source=php,slow&level=error&q=FATAL") as few,
    ):
        world.cloud.logs.put(
            line(site, "GET /", source="access", level="info"),
            line(site, "fatal: x"),
            line(site, "fatal: y", level="warning"),
            line("ten_other", "fatal: z"),
        )
        await every.says("GET /", "fatal: x", "fatal: y")
        await few.says("fatal: x")
        await until(lambda: alive(few, 3))  # silence is said, too


async def test_whoever_comes_back_hears_what_they_missed(world: World, wire: Client, hub: Hub) -> None:
    ada = await world.ada()
    site = (await world.site(ada, "Bakery"))["id"]
    async with tailing(wire, ada, site) as first:
        world.cloud.logs.put(line(site, "one"))
        await first.says("one")
    world.cloud.logs.put(line(site, "two"))
    async with tailing(wire, ada, site, after=first.ids[-1]) as second:
        world.cloud.logs.put(line(site, "three"))
        await second.says("two", "three")


async def test_a_tail_ends_with_the_right_to_it_and_says_nothing_after_that(
    world: World, wire: Client, hub: Hub
) -> None:
    ada = await world.ada()
    site = (await world.site(ada, "Bakery"))["id"]
    bob = await make.member(world.rows, site)
    shown = make.as_person(world.settings, bob)
    async with tailing(wire, shown, site) as bobs, tailing(wire, ada, site) as adas:
        world.cloud.logs.put(line(site, "before"))
        await bobs.says("before")
        await world.ask("DELETE", f"/tenants/{site}/members/{bob.id}", ada)
        world.cloud.logs.put(line(site, "after"))
        await bobs.is_over()
        await adas.says("before", "after")
        assert bobs.messages == ["before"]
    answer = await wire.get(f"/api/tenants/{site}/logs/stream", headers=shown)
    assert answer.status_code == 404


async def test_a_tail_ends_when_its_person_is_suspended_or_the_site_removed(
    world: World, wire: Client, hub: Hub
) -> None:
    person, grace = await make.user(world.rows), await world.grace()
    ada = make.as_person(world.settings, person)
    site = (await world.site(ada, "Bakery"))["id"]
    async with tailing(wire, ada, site) as hers, tailing(wire, grace, site) as graces:
        await world.ask("PATCH", f"/users/{person.id}", grace, {"state": "suspended"})
        await hers.is_over()
        removal = await world.ask("DELETE", f"/tenants/{site}", grace, {"typed_name": "bakery"})
        await world.ended(grace, removal.json()["id"])
        await graces.is_over()


async def test_a_tail_ends_when_the_logs_can_not_be_read(world: World, wire: Client, hub: Hub) -> None:
    ada = await world.ada()
    site = (await world.site(ada, "Bakery"))["id"]
    honest = world.cloud.logs.follow

    async def failing(*told: object) -> AsyncIterator[object]:
        async for one in honest(*told):  # type: ignore[arg-type]
            yield one
            raise CloudBusy("The disk is slow.")

    world.cloud.logs.follow = failing  # type: ignore[method-assign,assignment]
    async with tailing(wire, ada, site) as tail:
        world.cloud.logs.put(line(site, "one"))
        await tail.is_over()
        assert tail.messages == ["one"]


async def test_nobody_has_more_streams_than_they_can_look_at(world: World, wire: Client, hub: Hub) -> None:
    person, others = await make.user(world.rows), await world.grace()
    ada = make.as_person(world.settings, person)
    site = (await world.site(ada, "Bakery"))["id"]
    kept = [hub.listen(person.principal(), None) for _ in range(MOST_STREAMS)]
    assert (await wire.get(f"/api/tenants/{site}/logs/stream", headers=ada)).status_code == 429
    hub.leave(kept.pop())
    async with tailing(wire, ada, site), tailing(wire, others, site):
        assert hub.how_many == MOST_STREAMS + 1

    async def all_left() -> bool:
        return hub.how_many == len(kept)

    await until(all_left)  # who hangs up is forgotten


async def test_who_follows_a_site_that_moves_to_another_cloud_is_let_go_to_come_back(
    world: World, wire: Client
) -> None:
    google = FakeCloud()
    clouds.use(world.cloud.as_cloud("local"), google.as_cloud("gcp"))
    ada = await world.ada()
    site = await world.site(ada, "Cafe", cloud="gcp")
    async with tailing(wire, ada, site["slug"]) as tail:
        world.cloud.logs.put(line(site["id"], "from elsewhere"))
        google.logs.put(line(site["id"], "from its own"))
        await tail.says("from its own")
        world.cloud.logs.put(line(site["id"], "from its new cloud"))
        async with world.rows.transaction() as session:
            (await session.scalars(select(Environment))).one().cloud = "local"
        google.logs.put(line(site["id"], "too late"))
        await tail.is_over()
    async with tailing(wire, ada, site["slug"], after=tail.ids[0]) as tail:
        await tail.says("from its new cloud")
