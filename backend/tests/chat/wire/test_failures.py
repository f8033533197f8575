"""Gemini unavailable, over quota, slow, silent, cut off, talking nonsense: one clear sentence, a reference, nothing half-done."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from aipress.chat.engines import engine_for
from aipress.config import Settings
from tests import make
from tests.chat.wire.conftest import Heard, Office, Puppet, assistant_at
from tests.chat.wire.patience import IMPATIENT
from tests.fakes.gemini import KEY, ScriptedGemini, scripted_gemini
from tests.fakes.gemini_faults import FAULTS, INSISTS

CODES = {
    "busy": "model_busy",
    "busy_for_long": "model_busy",
    "over_quota": "model_over_quota",
    "unpaid": "model_over_quota",
    "quota_denied": "model_over_quota",
    "forbidden": "model_refused",
    "bad_key": "model_refused",
    "retired": "model_refused",
    "too_long": "model_too_long",
    "broken": "model_unavailable",
    "overloaded": "model_unavailable",
    "page": "model_unavailable",
    "hang": "model_slow",
    "stall": "model_slow",
    "cut": "model_unavailable",
    "cut_at_once": "model_unavailable",
    "ended_early": "model_unavailable",
    "error_inside": "model_unavailable",
    "garbage": "model_garbled",
    "garbage_inside": "model_garbled",
    "not_ours": "model_garbled",
    "unknown_tool": "model_garbled",
    "wrong_arguments": "model_garbled",
    "no_candidates": "model_unavailable",
    "nothing": "model_garbled",
    "malformed_call": "model_garbled",
    "blocked": "model_blocked",
    "unsafe": "model_blocked",
    "cut_short": "model_cut_short",
    "cut_short_at_once": "model_cut_short",
}
ASKED_AGAIN = ("busy", "broken", "overloaded", "page", "cut_at_once")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One database is enough here."""
    return f"sqlite+aiosqlite:///{tmp_path}/aipress.sqlite3"


@pytest.fixture
def gemini() -> Iterator[ScriptedGemini]:
    with scripted_gemini() as gemini:
        yield gemini
        assert gemini.problems == []


@pytest.fixture
async def desk(
    control: FastAPI, settings: Settings, gemini: ScriptedGemini, tmp_path: Path
) -> AsyncIterator[Office]:
    """A person whose assistant is a Gemini that fails when it is told to."""
    chosen = settings.model_copy(
        update={"engine": "gemini", "model_base_url": gemini.url, "model_api_key": KEY}
    )
    puppet, person, socket = Puppet(), await make.user(control.state.rows), tmp_path / "chat.sock"
    async with assistant_at(socket, control, chosen, puppet, engine_for(chosen, IMPATIENT)) as assistant:
        yield Office(control, chosen, puppet, socket, person, assistant)


def test_every_fault_has_its_code() -> None:
    assert set(CODES) == set(FAULTS)


async def test_a_failure_is_one_sentence_with_a_code_and_a_reference_that_the_log_knows(
    desk: Office,
) -> None:
    for fault, code in CODES.items():
        began = time.monotonic()
        with capture_logs() as logged:
            heard = await desk.say(f"{fault}: create Sunrise Bakery", f"q-{fault}")
        assert time.monotonic() - began < 60, fault
        told = _told(heard)
        assert (told["code"], told["offline"]) == (code, True), fault
        assert str(told["detail"]).endswith("."), fault
        assert "hunter2" not in json.dumps(heard.of("error"))
        (entry,) = (one for one in logged if one.get("ref") == told["ref"])
        assert (entry["code"], entry["log_level"]) == (code, "error")
        assert entry["exc_info"]
    assert await _slugs(desk) == []


async def test_what_may_pass_is_asked_again_and_the_answer_shows_nothing_of_it(
    desk: Office, gemini: ScriptedGemini
) -> None:
    for number, fault in enumerate(ASKED_AGAIN):
        gemini.asked.clear()
        heard = await desk.say(f"{fault}*2: create Site {number}", f"q-{fault}")
        assert heard.chunks[-1]["type"] == "finish", heard.chunks
        assert len(gemini.asked) == 4, fault
    assert len(await _slugs(desk)) == len(ASKED_AGAIN)


async def test_a_model_that_was_told_what_is_wrong_may_mend_it(desk: Office) -> None:
    for fault in INSISTS:
        heard = await desk.say(f"{fault}*1: hi", f"q-{fault}")
        assert heard.chunks[-1]["type"] == "finish", heard.chunks
    assert await _slugs(desk) == []


async def test_the_model_is_asked_again_when_it_wishes_and_not_before(
    desk: Office, gemini: ScriptedGemini
) -> None:
    began = time.monotonic()
    await desk.say("busy*2: hi")
    assert time.monotonic() - began >= 0.08  # two times retryDelay
    assert len(gemini.asked) == 3


async def test_a_wait_longer_than_anybodys_patience_is_not_begun(
    desk: Office, gemini: ScriptedGemini
) -> None:
    await desk.say("busy_for_long: hi")
    assert len(gemini.asked) == 1


async def test_an_answer_that_has_begun_is_not_begun_again(desk: Office, gemini: ScriptedGemini) -> None:
    heard = await desk.say("cut: hi")
    assert len(gemini.asked) == 1
    assert heard.text.count("Let me see") == 1


async def test_what_was_done_before_a_failure_is_done_once_and_seen(desk: Office) -> None:
    for number, fault in enumerate(("broken", "cut", "hang", "unknown_tool")):
        heard = await desk.say(f"create Site {number} / {fault}", f"q-{fault}")
        assert _told(heard)["code"] == CODES[fault]
        assert len(heard.of("data-operation")) == 1
        await desk.settled(heard.conversation)
        body: dict[str, object] = {"conversation_id": heard.conversation, "retry": f"q-{fault}"}
        again = await desk.listen("POST", "/chat", body)
        assert _told(again)["code"] == CODES[fault]
        assert again.of("data-operation") == heard.of("data-operation")
    assert len(await _slugs(desk)) == 4


async def test_the_same_message_can_be_answered_offline_and_nothing_is_done_twice(
    desk: Office, gemini: ScriptedGemini
) -> None:
    for number, wish in enumerate(("broken: create Site 0", "create Site 1 / broken", "hang: create Site 2")):
        failed = await desk.say(wish, f"q-{number}")
        assert _told(failed)["offline"] is True
        await desk.settled(failed.conversation)
        gemini.asked.clear()
        body: dict[str, object] = {"conversation_id": failed.conversation, "retry": f"q-{number}"}
        heard = await desk.listen("POST", "/chat", {**body, "engine": "offline"})
        assert heard.chunks[-1]["type"] == "finish", heard.chunks
        assert heard.text
        assert gemini.asked == []
        await desk.settled(failed.conversation)
        again = await desk.listen("POST", "/chat", body)
        assert again.chunks == heard.chunks, "a whole answer is not asked for again"
    roles = [one["role"] for one in (await desk.read(failed.conversation))["messages"]]
    assert roles == ["user", "assistant", "assistant"]


async def test_the_conversation_goes_on_with_the_model_after_an_answer_without_it(
    desk: Office, gemini: ScriptedGemini
) -> None:
    failed = await desk.say("page: list my sites", "q1")
    await desk.settled(failed.conversation)
    body: dict[str, object] = {"conversation_id": failed.conversation, "retry": "q1", "engine": "offline"}
    offline = await desk.listen("POST", "/chat", body)
    assert "no sites" in offline.text.lower(), offline.text
    await desk.settled(failed.conversation)
    heard = await desk.say("sites", "q2", failed.conversation)
    assert heard.text.startswith("done: ")


async def test_another_engine_is_for_a_message_whose_answer_failed(desk: Office) -> None:
    wrong: list[dict[str, object]] = [
        {"message": {"id": "q1", "text": "hi"}, "engine": "offline"},
        {"conversation_id": "thr_1", "retry": "q1", "engine": "gemini"},
    ]
    for body in wrong:
        assert (await desk.listen("POST", "/chat", body)).status == 422


def _told(heard: Heard) -> dict[str, object]:
    assert heard.chunks[-1]["type"] == "error", heard.chunks[-3:]
    told: dict[str, object] = json.loads(str(heard.chunks[-1]["errorText"]))
    return told


async def _slugs(office: Office) -> list[str]:
    async with make.client_of(office.control) as client:
        answer = await client.get("/api/tenants", headers=make.as_person(office.settings, office.person))
    return [item["slug"] for item in answer.json()["items"]]
