"""An answer over a network that fails: nothing lost, nothing doubled, and the run goes on whoever listens."""

import asyncio
import json

import pytest

from aipress.chat.log import Log, compacted
from tests.chat.wire.conftest import Heard, Office
from tests.waiting import until

WORDS = 30
ALL = " ".join(f"word{number}" for number in range(WORDS))


async def test_a_message_begins_a_conversation_and_its_answer_is_streamed_to_its_end(office: Office) -> None:
    heard = await office.say(f"count {WORDS}")
    assert (heard.status, heard.ended, heard.text.strip()) == (200, True, ALL)
    assert heard.conversation.startswith("thr_")
    assert heard.chunks[0]["type"] == "start"
    assert heard.chunks[-1]["type"] == "finish"
    answer = heard.chunks[0]["messageId"]
    assert heard.last_id == f"{answer}:{len(heard.chunks)}"


@pytest.mark.parametrize("most", [1, 2, 3, 7, 29])
async def test_however_often_the_connection_is_cut_every_chunk_arrives_once(
    office: Office, most: int
) -> None:
    first = await office.listen(
        "POST", "/chat", {"message": {"id": "q1", "text": f"count {WORDS}"}}, most=most
    )
    chunks, last, part = list(first.chunks), first.last_id, first
    for _ in range(200):
        if part.ended:
            break
        part = await office.listen(
            "GET", f"/chat/{first.conversation}/stream", after=last, most=None if most > 20 else most
        )
        chunks, last = [*chunks, *part.chunks], part.last_id or last
    whole = await office.listen("GET", f"/chat/{first.conversation}/stream", after=_before_all(last))
    assert chunks == whole.chunks
    assert "".join(str(one["delta"]) for one in chunks if one["type"] == "text-delta").strip() == ALL


async def test_a_second_tab_sees_all_of_an_answer_that_is_being_given(office: Office) -> None:
    office.puppet.go.clear()
    first = asyncio.create_task(office.say("count 20"))
    conversation = await _begun(office)
    second = Heard()
    async with office.client() as client, client.stream("GET", f"/chat/{conversation}/stream") as answer:
        lines = answer.aiter_lines()
        while not second.chunks:
            second.take(await anext(lines))
        office.puppet.go.set()
        async for line in lines:
            second.take(line)
    assert (await first).chunks == second.chunks
    assert second.ended


async def test_a_closed_browser_ends_nothing(office: Office) -> None:
    office.puppet.go.clear()
    left = await office.listen("POST", "/chat", {"message": {"id": "q1", "text": "count 9"}}, most=1)
    office.puppet.go.set()
    await office.settled(left.conversation)
    _question, answer = (await office.read(left.conversation))["messages"]
    assert _text_of(answer).strip() == " ".join(f"word{number}" for number in range(9))


async def test_what_is_read_back_later_is_what_was_streamed(office: Office) -> None:
    heard = await office.say("create Sunrise Bakery")
    await office.settled(heard.conversation)
    run = office.assistant.state.runs.of(heard.conversation)
    await run.saved.wait()
    live = (await office.read(heard.conversation))["messages"][1]["chunks"]
    await office.assistant.state.runs.forget(heard.conversation)
    stored = (await office.read(heard.conversation))["messages"][1]["chunks"]
    assert live == stored == compacted(heard.chunks)


async def test_an_ended_answer_has_nothing_more_to_stream(office: Office) -> None:
    heard = await office.say("hi")
    path = f"/chat/{heard.conversation}/stream"
    assert (await office.listen("GET", path)).status == 204
    assert (await office.listen("GET", path, after="m_other:3")).status == 204
    nothing_new = await office.listen("GET", path, after=heard.last_id)
    assert (nothing_new.chunks, nothing_new.ended) == ([], True)


async def test_stop_stops_the_run_itself_and_says_so_for_good(office: Office) -> None:
    office.puppet.go.clear()
    listening = asyncio.create_task(office.say("count 50"))
    conversation = await _begun(office)
    async with office.client() as client:
        assert (await client.post(f"/chat/{conversation}/cancel")).status_code == 202
        assert (await client.post(f"/chat/{conversation}/cancel")).status_code == 202
    heard = await listening
    assert [one["type"] for one in heard.chunks[-3:]][-1] == "abort"
    assert heard.of("data-run") == [{"type": "data-run", "id": "run", "data": {"state": "cancelled"}}]
    await office.settled(conversation)
    answer = (await office.read(conversation))["messages"][1]
    assert {"type": "data-run", "id": "run", "data": {"state": "cancelled"}} in _chunks_of(answer)
    office.puppet.go.set()
    assert (await office.say("hi", "q2", conversation)).text == "hello"


async def test_one_answer_at_a_time(office: Office) -> None:
    office.puppet.go.clear()
    listening = asyncio.create_task(office.say("count 3"))
    conversation = await _begun(office)
    refused = await office.say("hi", "q2", conversation)
    assert refused.status == 409
    assert json.loads(refused.problem)["code"] == "conflict"
    office.puppet.go.set()
    assert (await listening).ended


async def test_a_quiet_answer_is_kept_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aipress.chat.log.SILENCE_SECONDS", 0.01)
    log = Log("m_1")
    frames = log.frames()
    assert await anext(frames) == ": keep-alive\n\n"
    log.append({"type": "start"})
    assert await anext(frames) == 'id: m_1:1\ndata: {"type": "start"}\n\n'
    log.end()
    assert [frame async for frame in frames] == ["data: [DONE]\n\n"]


def _before_all(event_id: str) -> str:
    return event_id.rpartition(":")[0] + ":0"


async def _begun(office: Office) -> str:
    """The conversation whose answer is being given now."""

    async def found() -> str | None:
        async with office.client() as client:
            items = (await client.get("/chat")).json()["items"]
        run = office.assistant.state.runs.of(items[0]["id"]) if items else None
        return items[0]["id"] if run and run.log.chunks else None

    return await until(found)


def _chunks_of(message: dict[str, object]) -> list[dict[str, object]]:
    chunks = message["chunks"]
    assert isinstance(chunks, list)
    return chunks


def _text_of(message: dict[str, object]) -> str:
    return Heard(chunks=_chunks_of(message)).text
