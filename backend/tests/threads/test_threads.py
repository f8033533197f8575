"""Conversations: whose they are, what is written into them and in which order, and that they can be forgotten."""

import asyncio

import httpx

from aipress.threads.models import Thread, ThreadMessage
from tests import make
from tests.api.world import Json, World, tolerant
from tests.make import Headers
from tests.tenants.lasting import together
from tests.users.looking import count, statements_of

pytestmark = together


async def begun(world: World, headers: Headers, title: str = "") -> str:
    answer = await world.ask("POST", "/threads", headers, {"title": title})
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def write(
    world: World, headers: Headers, path: str, text: str | None = "hello", **more: object
) -> httpx.Response:
    message = {"role": "user", "text": text, **more}
    return await tolerant(world).put(f"/api/threads/{path}", json=message, headers=headers)


async def read(world: World, headers: Headers, thread: str) -> Json:
    found: Json = (await world.ask("GET", f"/threads/{thread}", headers)).json()
    return found


async def test_a_conversation_is_kept_as_it_was_said(world: World) -> None:
    ada = await world.ada()
    thread = await begun(world, ada)
    chunks = [{"type": "text-delta", "delta": "Hi 👋"}, {"type": "data-site", "data": {"tenant": "blog"}}]
    await write(world, ada, f"{thread}/messages/m1", "make me a site\nfor my bäckerei")
    await write(world, ada, f"{thread}/messages/m2", None, role="assistant", chunks=chunks, history=[[1], {}])
    first, second = (await read(world, ada, thread))["messages"]
    assert (first["id"], first["role"], first["text"]) == ("m1", "user", "make me a site\nfor my bäckerei")
    assert (first["chunks"], first["history"], first["active"]) == (None, None, False)
    assert (second["text"], second["chunks"], second["history"]) == (None, chunks, [[1], {}])


async def test_what_is_said_first_is_its_title_unless_it_has_one(world: World) -> None:
    ada = await world.ada()
    untitled, titled = await begun(world, ada), await begun(world, ada, "Plans")
    for thread in (untitled, titled):
        await write(world, ada, f"{thread}/messages/m1", "x" * 200)
        await write(world, ada, f"{thread}/messages/m2", "something else")
    assert (await read(world, ada, untitled))["title"] == "x" * 120
    assert (await read(world, ada, titled))["title"] == "Plans"


async def test_writing_a_message_again_replaces_it_where_it_stands(world: World) -> None:
    ada = await world.ada()
    thread = await begun(world, ada)
    for number in range(12):
        await write(world, ada, f"{thread}/messages/m{number}", f"first {number}", active=True)
    before = (await read(world, ada, thread))["messages"][3]
    await write(world, ada, f"{thread}/messages/m3", None, role="assistant", chunks=[])
    messages = (await read(world, ada, thread))["messages"]
    assert [message["id"] for message in messages] == [f"m{number}" for number in range(12)]
    assert messages[3] == before | {"role": "assistant", "text": None, "chunks": [], "active": False}
    assert messages[4]["active"] is True


async def test_the_same_message_written_by_many_at_once_is_one_message(world: World) -> None:
    ada = await world.ada()
    thread = await begun(world, ada)
    paths = [f"{thread}/messages/m{number % 3}" for number in range(12)]
    answers = await asyncio.gather(*(write(world, ada, path) for path in paths))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(message["id"] for message in (await read(world, ada, thread))["messages"]) == [
        "m0",
        "m1",
        "m2",
    ]
    async with world.rows.reading() as session:
        stored = await session.get_one(Thread, thread)
    assert [message.position for message in stored.messages] == [0, 1, 2]


async def test_a_conversation_is_its_owners_and_not_even_an_admins(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    thread = await begun(world, ada, "Secret plans")
    for other in (await world.ada(), await world.grace(), make.as_operator(world.settings)):
        assert (await world.ask("GET", f"/threads/{thread}", other)).status_code == 404
        assert (await write(world, other, f"{thread}/messages/m1")).status_code == 404
        assert (await world.ask("DELETE", f"/threads/{thread}", other)).status_code == 404
        assert (await world.ask("GET", "/threads", other)).json()["items"] == []
    assert (await read(world, world.agent_of(person), thread))["messages"] == []


async def test_conversations_are_listed_newest_first_without_what_was_said(world: World) -> None:
    ada = await world.ada()
    threads = [await begun(world, ada, f"Number {number}") for number in range(3)]
    await write(world, ada, f"{threads[0]}/messages/m1", "a very long story")
    with statements_of(world.rows) as heard:
        answer = await world.ask("GET", "/threads", ada)
    assert sorted(thread["id"] for thread in answer.json()["items"]) == sorted(threads)
    assert {"title", "created_at", "updated_at"} <= answer.json()["items"][0].keys()
    assert "long story" not in answer.text
    assert [said for said in heard.seen if "thread_messages" in said] == []


async def test_a_list_says_which_conversations_wait_for_an_answer(world: World) -> None:
    ada = await world.ada()
    thread = await begun(world, ada)
    cards = [{"type": "data-choices", "data": {}}, {"type": "data-plan", "data": {"plan_id": "pln_1"}}]
    await write(world, ada, f"{thread}/messages/m1", None, role="assistant", chunks=cards)
    (waiting,) = (await world.ask("GET", "/threads", ada)).json()["items"]
    assert waiting["asks"] == [{"kind": "choice", "plan_id": None}, {"kind": "plan", "plan_id": "pln_1"}]
    await write(world, ada, f"{thread}/messages/m2", "the first one")
    assert (await read(world, ada, thread))["asks"] == []


async def test_a_forgotten_conversation_is_gone_with_all_that_was_said_in_it(world: World) -> None:
    ada = await world.ada()
    thread, other = await begun(world, ada), await begun(world, ada)
    for path in (f"{thread}/messages/m1", f"{thread}/messages/m2", f"{other}/messages/m1"):
        await write(world, ada, path)
    assert (await world.ask("DELETE", f"/threads/{thread}", ada)).status_code == 204
    assert (await world.ask("GET", f"/threads/{thread}", ada)).status_code == 404
    assert (await world.ask("DELETE", f"/threads/{thread}", ada)).status_code == 404
    assert await count(world.rows, ThreadMessage) == 1
    assert await count(world.rows, Thread) == 1


async def test_what_is_no_message_is_refused(world: World) -> None:
    ada = await world.ada()
    thread = await begun(world, ada)
    for id_, message in (
        ("m 1", {}),
        ("m" * 65, {}),
        ("m1", {"role": "system"}),
        ("m1", {"text": "x" * 100_001}),
        ("m1", {"chunks": "none"}),
        ("m1", {"owner_id": "usr_other"}),
    ):
        answer = await write(world, ada, f"{thread}/messages/{id_}", **message)
        assert (id_, answer.status_code) == (id_, 422)
    assert (await read(world, ada, thread))["messages"] == []
