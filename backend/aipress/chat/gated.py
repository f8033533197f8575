"""Tools behind the gate: every call of every tool asks it, and every result leaves through it. The MCP server's calls do, too."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_ai import RunContext, Tool, ToolReturn
from pydantic_ai.models import Model
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import FunctionToolset, ToolsetTool, WrapperToolset
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat.callers import Caller
from aipress.chat.gate import Refused
from aipress.chat.reader import Strange
from aipress.plans.actions import ACTIONS, Tier

Call = Callable[[], Awaitable[ToolReturn[Any]]]
TIER = "tier"


def gated(tools: Sequence[Tool[Caller]]) -> "Gated":
    """These tools, behind the gate."""
    return Gated(FunctionToolset(tools))


class Gated(WrapperToolset[Caller]):
    """Tools whose every call passes the gate of whoever calls."""

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[Caller], tool: ToolsetTool[Caller]
    ) -> ToolReturn[Any]:
        async def call() -> ToolReturn[Any]:
            found: ToolReturn[Any] = await self.wrapped.call_tool(name, tool_args, ctx, tool)
            return found

        model = ctx.model if isinstance(ctx.model, Model) else None
        return await through(ctx.deps, ctx.tool_call_id or name, tier_of(tool.tool_def), call, model)


async def through(
    caller: Caller, call_id: str, tier: Tier | None, call: Call, model: Model | None
) -> ToolReturn[Any]:
    """Do what is asked if the gate admits it, and tell of the result what the gate lets out.

    All of it is kept in `caller.results`, for our own engine and code; what strangers wrote becomes parts for the screen, and
    what `model` (None: our own counting) reads of it becomes facts.
    """
    try:
        caller.gate.admit(tier)
    except Refused as refusal:
        caller.results[call_id] = refusal.told()
        return ToolReturn(refusal.told())
    try:
        found = await call()
    except ValidationError as error:
        # The agent would tell the model what did not fit, and that can be anybody's words.
        raise RuntimeError("a tool made something that does not fit its schema") from error
    caller.results[call_id] = found.return_value
    told = caller.gate.told(found.return_value)
    facts: dict[str, Any] = told if isinstance(told, dict) else {"found": told}
    parts: list[object] = []
    for part in found.metadata or ():
        if not isinstance(part, Strange):
            parts.append(part)
            continue
        caller.gate.taint()
        parts.append(_lines(part, call_id))
        facts |= {"read": caller.gate.told(await caller.gate.read(part, model))}
    return ToolReturn(facts, metadata=[*parts, *_unsaid(found.return_value, facts, call_id)])


def tier_of(tool: ToolDefinition) -> Tier | None:
    """How much a tool can hurt: as the registry says, or as its own declaration; None when nobody says."""
    action = ACTIONS.get(tool.name.upper())
    declared = action.tier if action else (tool.metadata or {}).get(TIER)
    return None if declared is None else Tier(declared)


def _lines(strange: Strange, call_id: str) -> DataChunk:
    lines = [
        {"text": one.text, "at": one.at.isoformat() if one.at else None, "count": one.count}
        for one in strange.lines
    ]
    return DataChunk(type="data-lines", id=call_id, data={"where": strange.where, "lines": lines})


def _unsaid(found: Any, told: dict[str, Any], call_id: str) -> list[DataChunk]:
    """What the platform answered, for the screen, where the model is not told its words."""
    said = found.get("problem") if isinstance(found, dict) else None
    if not said or told.get("problem"):
        return []
    return [DataChunk(type="data-words", id=call_id, data={"text": str(said)})]
