"""Every action of the registry is a tool of the assistant, and what is not built yet answers without doing anything."""

import json
from collections.abc import Mapping

import pytest
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

from aipress.chat.agent import assistant
from aipress.chat.callers import Caller
from aipress.chat.tools import tools
from aipress.plans.actions import ACTIONS, Action, Tier
from aipress.plans.not_yet import NOT_YET
from tests.chat.offline.control import Control, renaming

WORDS = {
    "tenant": "shop",
    "name": "Fern and Fig",
    "domain": "tea.example",
    "tier": "basic",
    "metric": "requests",
    "backup": "latest",
    "bundle": "store",
    "to": "gcp",
}


def test_each_of_them_is_a_tool_with_the_arguments_of_the_registry() -> None:
    made = {tool.name: tool for tool in tools()}
    assert set(made) - {"offer_choices"} == {action.tool for action in ACTIONS.values()}
    assert len(ACTIONS) == 27
    for action in ACTIONS.values():
        assert made[action.tool].function_schema.json_schema == action.arguments.model_json_schema()


@pytest.mark.parametrize(
    "action", [action for action in ACTIONS.values() if not action.built], ids=lambda one: one.id
)
async def test_what_is_not_built_says_so_and_asks_nobody(action: Action) -> None:
    control = Control("shop")
    assert (await _call(control, action))["problem"] == NOT_YET[action.id]
    assert control.asked == []


@pytest.mark.parametrize(
    "action", [action for action in ACTIONS.values() if action.built], ids=lambda one: one.id
)
async def test_what_is_built_works_and_what_hurts_becomes_a_plan(action: Action) -> None:
    control = Control("shop")
    control.done = [renaming("op_renaming", "Fern and Fig", "Shop")]
    answer = await _call(control, action)
    assert "problem" not in answer
    assert ("plan_id" in answer) == (action.tier >= Tier.COSTLY)


async def _call(control: Control, action: Action) -> Mapping[str, object]:
    """What the action's tool answers a model that calls it once."""
    fields = action.arguments.model_fields.items()
    told = {name: WORDS[name] for name, field in fields if field.is_required()}
    answers: list[Mapping[str, object]] = []

    def model(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        last = messages[-1]
        assert isinstance(last, ModelRequest)
        answers.extend(part.content for part in last.parts if isinstance(part, ToolReturnPart))
        return ModelResponse(
            parts=[TextPart("done") if answers else ToolCallPart(action.tool, json.dumps(told))]
        )

    await assistant().run("please", deps=Caller(control.client(), id="usr_ada"), model=FunctionModel(model))
    return answers[0]
