"""What a language model would do, rehearsed: it sees the assistant's own tools and instructions, and nothing it calls happens."""

from collections.abc import Callable

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from aipress.chat.callers import Caller
from aipress.chat.rehearsal import caller_of, rehearsed
from aipress.chat.tools import tools
from aipress.chat.understanding import Explained, Sentence, understanding
from aipress.config import Settings
from aipress.errors import CloudBusy, Invalid

SENTENCE = Sentence("delete it", ("shop", "blog"), thread=("how is the shop?",))
Speaking = Callable[[list[ModelMessage], AgentInfo], ModelResponse]


async def rehearse(speak: Speaking, sentence: Sentence = SENTENCE) -> Explained:
    caller: Caller = caller_of(sentence)
    return await rehearsed(FunctionModel(speak), caller, sentence)


def calling(*calls: ToolCallPart) -> Speaking:
    return lambda _, __: ModelResponse(list(calls))


async def test_a_call_is_noted_and_not_made() -> None:
    found = await rehearse(calling(ToolCallPart("delete_site", {"tenant": "shop"})))
    assert found == {"action": "DELETE_SITE", "arguments": {"tenant": "shop"}}


async def test_several_calls_are_wishes_in_order_and_a_blank_argument_is_none() -> None:
    calls = (
        ToolCallPart("create_site", '{"name": "Luna", "tier": null}'),
        ToolCallPart("list_sites", {}),
    )
    assert await rehearse(calling(*calls)) == {
        "action": "CREATE_SITE",
        "arguments": {"name": "Luna"},
        "then": [{"action": "LIST_SITES", "arguments": {}}],
    }


async def test_the_model_is_told_the_thread_the_sites_and_every_tool() -> None:
    seen: list[tuple[list[ModelMessage], AgentInfo]] = []

    def look(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        seen.append((messages, info))
        return ModelResponse([TextPart("No.")])

    assert await rehearse(look) == {"decline": True}
    ((messages, info),) = seen
    said = [
        part.content
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart)
    ]
    assert said == ["how is the shop?", "delete it"]
    assert {tool.name for tool in info.function_tools} == {tool.name for tool in tools()}
    assert info.instructions is not None
    assert "- shop: live" in info.instructions


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ("Which of your sites do you mean?", "tenant"),
        ("What should it be called?", "name"),
        ("Which tier would you like?", "tier"),
    ],
)
async def test_words_that_ask_are_a_question(words: str, argument: str) -> None:
    assert await rehearse(lambda _, __: ModelResponse([TextPart(words)])) == {"ask": argument}


async def test_buttons_are_the_question_which_site() -> None:
    options = {"options": [{"label": "shop", "text": "shop"}]}
    assert await rehearse(calling(ToolCallPart("offer_choices", options))) == {"ask": "tenant"}


async def test_garbage_is_nothing_understood() -> None:
    found = await rehearse(calling(ToolCallPart("launch_rocket", {})))
    assert set(found) == {"failed"}


async def test_a_model_that_can_not_be_asked_is_trouble() -> None:
    def refuse(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        raise ModelHTTPError(429, "puppet")

    with pytest.raises(CloudBusy, match="could not be asked"):
        await rehearse(refuse)


def test_an_engine_that_is_not_configured_says_what_is_missing() -> None:
    with pytest.raises(Invalid, match="AIPRESS_MODEL"):
        understanding(Settings(engine="openai-compatible", model="", model_base_url=""))
