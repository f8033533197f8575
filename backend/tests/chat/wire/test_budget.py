"""The day's tokens over the whole wire: counted by the engine's figures with person and site, and kept also by two answers at once."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI

from aipress.chat.callers import Caller
from aipress.chat.offline_model import OfflineModel
from aipress.config import Settings
from aipress.users.models import User
from tests import make
from tests.chat.wire.conftest import Office, assistant_at
from tests.waiting import until


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"tokens_per_day": 2000})


async def test_an_answer_is_counted_for_its_person_by_its_engines_own_figures(office: Office) -> None:
    await office.say("hello")
    (row,) = await counted(office)
    assert (row["engine"], row["model"]) == ("function", "puppet")
    assert (row["answers"], row["requests"], row["tenant"], row["cost"]) == (1, 1, None, None)
    assert row["person"]["id"] == office.person.id
    assert row["input_tokens"] > 0 < row["output_tokens"]


async def test_what_an_answer_about_one_site_used_is_that_sites(office: Office) -> None:
    await office.say("create Sunrise Bakery")
    (row,) = await counted(office)
    assert row["requests"] == 2
    assert row["tenant"] == await tenant(office)


async def test_whoever_has_used_up_the_day_is_told_when_it_is_free_again(office: Office) -> None:
    await use_up(office)
    heard = await office.say("hello")
    error = json.loads(str(heard.chunks[-1]["errorText"]))
    assert (heard.ended, error["code"]) == (True, "quota")
    assert error["detail"] == (
        "You have used today's 2,000 tokens of the language model. It is free again at 00:00 UTC."
    )
    assert office.puppet.seen == []
    assert json.dumps(await office.read(heard.conversation)).count("free again") == 1


async def test_the_offline_engine_answers_also_then_and_is_not_counted(
    office: Office, control: FastAPI
) -> None:
    await use_up(office)

    class Offline:
        def engine(self, caller: Caller) -> OfflineModel:
            return OfflineModel(caller)

        go = office.puppet.go

    socket = office.socket.with_name("offline.sock")
    async with assistant_at(socket, control, office.settings, Offline()):  # type: ignore[arg-type]
        office.socket = socket
        heard = await office.say("list my sites")
        assert heard.chunks[-1]["type"] == "finish"
    assert len((await usage(office))["items"]) == 1


async def test_two_answers_at_once_cannot_both_have_the_last_tokens(office: Office) -> None:
    office.puppet.go.clear()
    first = asyncio.create_task(office.say("count 2", "q1"))
    while not office.puppet.seen:
        await asyncio.sleep(0.01)
    second = await office.say("count 2", "q2")
    error = json.loads(str(second.chunks[-1]["errorText"]))
    assert (error["code"], "Another answer of yours" in error["detail"]) == ("quota", True)
    office.puppet.go.set()
    assert (await first).chunks[-1]["type"] == "finish"
    await counted(office)
    retried = await office.listen("POST", "/chat", {"conversation_id": second.conversation, "retry": "q2"})
    assert retried.chunks[-1]["type"] == "finish"


async def test_an_answer_that_failed_holds_no_tokens_any_longer(office: Office) -> None:
    office.puppet.failures = 1
    await office.say("crash")
    (row,) = await counted(office)
    assert row["answers"] == 1
    assert (await office.say("hello", "q2")).chunks[-1]["type"] == "finish"


async def use_up(office: Office) -> None:
    await note(office, office.person, 2000)


async def note(office: Office, person: User, tokens: int) -> None:
    async with make.client_of(office.control) as client:
        who: dict[str, Any] = {"headers": make.as_agent(office.settings, person)}
        wish = {"engine": "google", "model": "gemini-3.8-flash"}
        grant = (await client.post("/api/usage/grants", json=wish, **who)).json()["id"]
        await client.put(f"/api/usage/grants/{grant}", json={"input_tokens": tokens, "ended": True}, **who)


async def counted(office: Office) -> list[dict[str, Any]]:
    """The rows, once no answer holds tokens that it has not used."""

    async def is_quiet() -> list[dict[str, Any]] | None:
        shown = await usage(office)
        used = sum(row["tokens"] for row in shown["items"])
        return shown["items"] if shown["today"]["tokens"] == used else None

    return await until(is_quiet)


async def usage(office: Office) -> dict[str, Any]:
    async with make.client_of(office.control) as client:
        answer = await client.get("/api/usage", headers=make.as_person(office.settings, office.person))
    found: dict[str, Any] = answer.json()
    return found


async def tenant(office: Office) -> str:
    async with make.client_of(office.control) as client:
        answer = await client.get("/api/tenants", headers=make.as_person(office.settings, office.person))
    return str(answer.json()["items"][0]["id"])
