"""Conversations with Gemini over the wire: on Vertex AI and by API key. The scripted endpoint objects to whatever Google would."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from aipress.chat.engines import engine_for
from aipress.config import Settings
from aipress.errors import Invalid
from aipress.plans.actions import ACTIONS
from tests import make
from tests.chat.wire.conftest import Office, Puppet, assistant_at
from tests.chat.wire.patience import IMPATIENT
from tests.fakes import gemini_wire
from tests.fakes.gemini import KEY, LOCATION, PROJECT, ScriptedGemini, default_credentials, scripted_gemini


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One database is enough here."""
    return f"sqlite+aiosqlite:///{tmp_path}/aipress.sqlite3"


@pytest.fixture
def gemini() -> Iterator[ScriptedGemini]:
    with scripted_gemini() as gemini:
        yield gemini
        assert gemini.problems == []


@pytest.fixture(params=["vertex", "key"])
def engine(
    request: pytest.FixtureRequest,
    settings: Settings,
    gemini: ScriptedGemini,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Settings:
    """Settings that lead to it, in both ways."""
    common = {"engine": "gemini", "model_base_url": gemini.url}
    if request.param == "key":
        return settings.model_copy(update={**common, "model_api_key": KEY})
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(default_credentials(tmp_path, gemini)))
    place = {"google_cloud_project": PROJECT, "google_cloud_location": LOCATION}
    return settings.model_copy(update={**common, **place})


@pytest.fixture
async def desk(control: FastAPI, engine: Settings, tmp_path: Path) -> AsyncIterator[Office]:
    """A person whose assistant is Gemini."""
    puppet, person, socket = Puppet(), await make.user(control.state.rows), tmp_path / "chat.sock"
    async with assistant_at(socket, control, engine, puppet, engine_for(engine, IMPATIENT)) as assistant:
        yield Office(control, engine, puppet, socket, person, assistant)


async def test_a_sentence_becomes_an_operation_and_its_result_is_put_in_words(
    desk: Office, gemini: ScriptedGemini
) -> None:
    heard = await desk.say("create Sunrise Bakery")
    assert heard.chunks[-1]["type"] == "finish", heard.chunks
    assert len(heard.of("data-operation")) == 1
    assert heard.text.startswith("done: ")
    assert "sunrise-bakery" in heard.text
    assert len(gemini.asked) == 2


async def test_pitfall_16_a_whole_conversation_comes_back_as_it_was_signed(
    desk: Office, gemini: ScriptedGemini
) -> None:
    first = await desk.say("create Sunrise Bakery", "q1")
    for number, text in enumerate(["hi", "two Blue Fox and Red Fox", "sites", "delete sunrise-bakery"], 2):
        heard = await desk.say(text, f"q{number}", first.conversation)
        assert heard.chunks[-1]["type"] == "finish", heard.chunks
    latest = gemini.asked[-1].contents
    signed = [part for one in latest for part in one.parts or [] if part.thought_signature]
    assert {part.thought_signature for part in signed} <= set(gemini.issued)
    assert sum(part.function_call is not None for part in signed) == 4


async def test_on_vertex_every_request_says_for_whom_it_is(desk: Office, gemini: ScriptedGemini) -> None:
    """The bill then says it too. By API key there is nobody to say it to."""
    first = await desk.say("create Sunrise Bakery", "q1")
    await desk.say("hi", "q2", first.conversation)
    await desk.say("create Blue Fox", "q3", first.conversation)
    await desk.say("count 3", "q4", first.conversation)
    await desk.say("delete blue-fox", "q5", first.conversation)
    if not desk.settings.google_cloud_project:
        assert [one.labels for one in gemini.asked] == [{}] * len(gemini.asked)
        return
    async with make.client_of(desk.control) as client:
        headers = make.as_person(desk.settings, desk.person)
        items = (await client.get("/api/tenants", headers=headers)).json()["items"]
    ids = {one["slug"]: one["id"] for one in items}
    by_prompt = {one.prompt: one.labels["aipress-tenant-id"] for one in gemini.asked}
    assert by_prompt == {
        "create Sunrise Bakery": "shared",  # there was none when it was said
        "hi": ids["sunrise-bakery"],
        "create Blue Fox": ids["sunrise-bakery"],
        "count 3": "shared",
        "delete blue-fox": ids["blue-fox"],
    }
    assert {one.labels["aipress-user-id"] for one in gemini.asked} == {desk.person.id}


async def test_the_instructions_the_sites_and_every_tool_are_sent(
    desk: Office, gemini: ScriptedGemini
) -> None:
    first = await desk.say("create Sunrise Bakery", "q1")
    await desk.say("hi", "q2", first.conversation)
    assert "You are the assistant of AIPress" in gemini.asked[-1].instructions
    assert "sunrise-bakery" in gemini.asked[-1].instructions
    built = {action.tool for action in ACTIONS.values() if action.built}
    assert built <= set(gemini.asked[-1].tools)


Damage = Callable[[dict[str, Any]], object]


DAMAGES: list[tuple[Damage, str]] = [
    (lambda body: body.update(temperature=1), "unknown fields"),
    (lambda body: body["contents"][0].update(speaker="me"), "contents"),
    (lambda body: body.pop("systemInstruction"), "no system instruction"),
    (
        lambda body: body["contents"].append({"role": "model", "parts": [{"text": "hi"}]}),
        "the last to speak",
    ),
    (lambda body: body["contents"][-1]["parts"].append({}), "nothing in it"),
    (lambda body: body["contents"][-1]["parts"].pop(), "answers [] to ['create_site']"),
    (lambda body: _call_of(body).pop("thoughtSignature"), "missing a thought_signature"),
    (lambda body: _call_of(body).update(thoughtSignature="AAAA"), "a signature nobody gave"),
    (
        lambda body: _call_of(body)["functionCall"]["args"].update(name="Evil"),
        "the signature of another part",
    ),
    (lambda body: _tools_of(body).append(_tools_of(body)[0]), "declared twice"),
    (lambda body: _tools_of(body)[0].update(name="no name"), "needs a name"),
    (lambda body: body.update(toolConfig={"functionCallingConfig": {"mode": "MAYBE"}}), "toolConfig"),
    (lambda body: body.update(labels={"Aipress": "yes"}), "label"),
]


async def test_the_scripted_endpoint_objects_to_what_google_would(
    desk: Office, gemini: ScriptedGemini
) -> None:
    await desk.say("create Sunrise Bakery")
    asked = gemini.asked[-1]
    for damage, problem in DAMAGES:
        body = json.loads(json.dumps(asked.body))
        damage(body)
        raw = json.dumps(body).encode()
        found = gemini_wire.read(asked.path, asked.is_vertex, raw, gemini.issued).problems
        assert problem in "; ".join(found), problem


async def test_without_credentials_the_machine_is_told_and_the_person_is_offered_another_way(
    control: FastAPI, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nowhere.json"))
    chosen = settings.model_copy(update={"engine": "gemini", "google_cloud_project": PROJECT})
    puppet, person, socket = Puppet(), await make.user(control.state.rows), tmp_path / "chat.sock"
    async with assistant_at(socket, control, chosen, puppet, engine_for(chosen, IMPATIENT)) as assistant:
        heard = await Office(control, chosen, puppet, socket, person, assistant).say("hi")
    told = json.loads(str(heard.chunks[-1]["errorText"]))
    assert (told["code"], told["offline"]) == ("model_refused", True)


def test_an_engine_that_lacks_what_it_needs_is_refused_at_the_start(settings: Settings) -> None:
    with pytest.raises(Invalid, match="AIPRESS_GOOGLE_CLOUD_PROJECT"):
        engine_for(settings.model_copy(update={"engine": "gemini"}))
    with pytest.raises(Invalid, match="AIPRESS_MODEL_BASE_URL"):
        engine_for(settings.model_copy(update={"engine": "openai-compatible"}))
    with pytest.raises(Invalid, match="no engine"):
        engine_for(settings.model_copy(update={"engine": "abacus"}))
    named = {"engine": "gemini", "google_cloud_project": PROJECT, "google_cloud_credentials": "/nowhere.json"}
    with pytest.raises(Invalid, match="AIPRESS_GOOGLE_CLOUD_CREDENTIALS"):
        engine_for(settings.model_copy(update=named))


def _call_of(body: dict[str, Any]) -> dict[str, Any]:
    parts = [part for one in body["contents"] for part in one["parts"]]
    return next(part for part in parts if "functionCall" in part)


def _tools_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    declared: list[dict[str, Any]] = body["tools"][0]["functionDeclarations"]
    return declared
