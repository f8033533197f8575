"""Conversations renamed, and shown to whoever has a link: words alone, what was said until then, until it is ended."""

import json

import httpx

from aipress.threads.models import Thread
from tests import make
from tests.api.world import Json, World, tolerant
from tests.make import Headers
from tests.tenants.lasting import together
from tests.threads.test_threads import begun, read, write

pytestmark = together
ANSWER = [
    {"type": "start", "messageId": "m2"},
    {"type": "reasoning-delta", "id": "r1", "delta": "they want to be rid of it"},
    {"type": "tool-input-available", "toolCallId": "call_1", "input": {"tenant": "bakery"}},
    {"type": "tool-output-available", "toolCallId": "call_1", "output": {"plan_id": "pln_secret"}},
    {"type": "text-delta", "id": "t1", "delta": "The plan "},
    {"type": "data-plan", "id": "pln_secret", "data": {"plan_id": "pln_secret"}},
    {"type": "text-delta", "id": "t1", "delta": "is ready."},
    {"type": "data-of-tomorrow", "id": "x", "data": {"rows": [["203.0.113.7"]]}},
    {"type": "finish"},
]


async def talked(world: World, headers: Headers) -> str:
    """A conversation with a question and an answer."""
    thread = await begun(world, headers, "The end of the bakery")
    await write(world, headers, f"{thread}/messages/m1", "delete the bakery")
    more = {"role": "assistant", "chunks": ANSWER, "history": [{"tool": "delete_site"}]}
    await write(world, headers, f"{thread}/messages/m2", None, **more)
    return thread


async def share(world: World, headers: Headers, thread: str) -> str:
    """The secret of a new link."""
    answer = await world.ask("POST", f"/threads/{thread}/share", headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    url: str = answer.json()["url"]
    assert url.startswith(f"{world.settings.base_url}/shared/")
    return url.rpartition("/")[2]


async def follow(world: World, secret: str) -> httpx.Response:
    return await tolerant(world).get(f"/api/shared/{secret}")


async def deeds(world: World, headers: Headers, thread: str) -> list[Json]:
    answer = await world.ask("GET", f"/audit?subject={thread}", headers)
    found: list[Json] = answer.json()["items"]
    return found[::-1]


async def test_whoever_has_the_link_reads_the_words_and_nothing_that_is_live(world: World) -> None:
    ada = await world.ada()
    answer = await follow(world, await share(world, ada, await talked(world, ada)))
    assert answer.status_code == 200
    assert answer.json()["title"] == "The end of the bakery"
    question, reply = answer.json()["messages"]
    assert question == {"role": "user", "parts": [{"kind": "text", "text": "delete the bakery"}]}
    assert reply["parts"] == [
        {"kind": "text", "text": "The plan is ready."},
        {"kind": "card", "text": "Here stood a plan to read and confirm."},
        {"kind": "card", "text": "Here stood a card."},
    ]
    for kept in ("pln_secret", "rid of it", "call_1", "tenant", "delete_site", "203.0.113.7", "thr_", "m2"):
        assert kept not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_link_shows_what_was_said_when_it_was_made(world: World) -> None:
    ada = await world.ada()
    thread = await talked(world, ada)
    first = await share(world, ada, thread)
    await write(world, ada, f"{thread}/messages/m3", "my telephone number is 5550123")
    assert "5550123" not in (await follow(world, first)).text
    second = await share(world, ada, thread)
    assert "5550123" in (await follow(world, second)).text
    assert (await follow(world, first)).status_code == 404, "a new link ends the one before"


async def test_an_answer_under_way_is_not_shown_and_one_that_was_tried_again_is_shown_once(
    world: World,
) -> None:
    ada = await world.ada()
    thread = await begun(world, ada)
    await write(world, ada, f"{thread}/messages/m1", "hello")
    failed = [{"type": "text-delta", "id": "t1", "delta": "let me"}, {"type": "error", "errorText": "{}"}]
    whole = [{"type": "text-delta", "id": "t1", "delta": "hello to you"}, {"type": "finish"}]
    await write(world, ada, f"{thread}/messages/m2", None, role="assistant", chunks=failed)
    await write(world, ada, f"{thread}/messages/m3", None, role="assistant", chunks=failed[:1], active=True)
    during = (await follow(world, await share(world, ada, thread))).json()["messages"]
    assert during[1]["parts"][1] == {"kind": "card", "text": "This answer did not come to its end."}
    await write(world, ada, f"{thread}/messages/m3", None, role="assistant", chunks=whole)
    afterwards = (await follow(world, await share(world, ada, thread))).json()["messages"]
    assert [part["text"] for message in afterwards for part in message["parts"]] == ["hello", "hello to you"]


async def test_its_owner_sees_that_it_is_shared_and_can_stop(world: World) -> None:
    ada = await world.ada()
    thread = await talked(world, ada)
    assert (await read(world, ada, thread))["shared_at"] is None
    secret = await share(world, ada, thread)
    (listed,) = (await world.ask("GET", "/threads", ada)).json()["items"]
    assert listed["shared_at"] == (await read(world, ada, thread))["shared_at"] is not None
    for _ in range(2):
        assert (await world.ask("DELETE", f"/threads/{thread}/share", ada)).status_code == 204
    assert (await read(world, ada, thread))["shared_at"] is None
    answer = await follow(world, secret)
    assert answer.status_code == 404
    assert "stopped sharing" in answer.json()["detail"]
    assert len((await read(world, ada, thread))["messages"]) == 2
    said = [deed["action"] for deed in await deeds(world, ada, thread)]
    assert said == ["SHARE_THREAD", "UNSHARE_THREAD"]


async def test_a_secret_is_stored_as_its_hash_and_what_is_stored_opens_nothing(world: World) -> None:
    ada = await world.ada()
    thread = await talked(world, ada)
    secret = await share(world, ada, thread)
    async with world.rows.reading() as session:
        stored = (await session.get_one(Thread, thread)).share_hash
    assert stored
    assert secret not in stored
    for shown in (stored, thread, "x", f"{secret}x", secret[:-1], "None", "%00"):
        assert (await follow(world, shown)).status_code == 404, shown
    assert (await follow(world, "x" * 65)).status_code == 422
    everything = [await read(world, ada, thread), await deeds(world, ada, thread)]
    assert secret not in json.dumps(everything)


async def test_a_link_ends_with_its_conversation_and_while_its_owner_is_shut_out(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    thread, other = await talked(world, ada), await talked(world, ada)
    secret, ended = await share(world, ada, thread), await share(world, ada, other)
    await world.ask("DELETE", f"/threads/{other}", ada)
    assert (await follow(world, ended)).status_code == 404
    for state, status in (("suspended", 404), ("active", 200)):
        changed = await world.ask("PATCH", f"/users/{person.id}", await world.grace(), {"state": state})
        assert changed.status_code == 200, changed.text
        assert (await follow(world, secret)).status_code == status


async def test_an_agent_shares_nothing_and_what_nobody_said_is_not_shared(world: World) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    thread = await talked(world, ada)
    assert (await world.ask("POST", f"/threads/{thread}/share", agent)).status_code == 403
    secret = await share(world, ada, thread)
    assert (await world.ask("DELETE", f"/threads/{thread}/share", agent)).status_code == 403
    assert (await follow(world, secret)).status_code == 200
    empty = await begun(world, ada)
    assert (await world.ask("POST", f"/threads/{empty}/share", ada)).status_code == 422
    assert (await read(world, ada, empty))["shared_at"] is None


async def test_a_conversation_takes_another_title_and_keeps_its_place(world: World) -> None:
    ada = await world.ada()
    thread = await talked(world, ada)
    before = await read(world, ada, thread)
    answer = await world.ask("PATCH", f"/threads/{thread}", ada, {"title": "  The bakery \n"})
    assert (answer.status_code, answer.json()["title"]) == (200, "The bakery")
    await world.ask("PATCH", f"/threads/{thread}", ada, {"title": "The bakery"})
    assert await read(world, ada, thread) == before | {"title": "The bakery"}
    await write(world, ada, f"{thread}/messages/m3", "something else")
    assert (await read(world, ada, thread))["title"] == "The bakery"
    for wrong in (
        {"title": ""},
        {"title": " "},
        {"title": "x" * 121},
        {},
        {"title": "x", "owner_id": "usr_1"},
    ):
        assert (await world.ask("PATCH", f"/threads/{thread}", ada, wrong)).status_code == 422


async def test_the_log_says_what_was_done_to_a_conversation_and_not_what_it_is_about(world: World) -> None:
    ada = await world.ada()
    thread = await talked(world, ada)
    await world.ask("PATCH", f"/threads/{thread}", ada, {"title": "My divorce"})
    await share(world, ada, thread)
    await world.ask("DELETE", f"/threads/{thread}", ada)
    entries = await deeds(world, await world.grace(), thread)
    assert [one["action"] for one in entries] == ["RENAME_THREAD", "SHARE_THREAD", "DELETE_THREAD"]
    assert [one["detail"] for one in entries] == [{}, {}, {}]
