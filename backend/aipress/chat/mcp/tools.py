"""The registry's actions as tools of MCP: their schemas and hints, a call of one, and its answer.

A call comes from an agent, so what costs, interrupts or destroys is only ever proposed: the answer is a plan, and where to read it.
Each call is a turn of its own at the gate.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import ValidationError
from pydantic_ai import ToolReturn

from aipress.chat.callers import Caller
from aipress.chat.control_plane import ControlPlane
from aipress.chat.gated import through
from aipress.chat.tools import carry_out, describe
from aipress.plans.actions import ACTIONS, Action, Tier
from aipress.plans.arguments import Arguments

Result = dict[str, Any]
BY_TOOL = {action.tool: action for action in ACTIONS.values()}
IN_THE_APP = "That did not work, and nothing was done. The person can try it in the app, which says why."
OURS = {
    "not_found": "There is no such thing among what the person may see; nothing was done. list_sites says which sites there are.",
    "conflict": "That is not possible as things are now; nothing was done. get_site says in which state a site is.",
    "too_many_requests": "That is more than this person may have or ask for; nothing was done. The app says how much that is.",
    "cloud_busy": "The platform is busy just now; nothing was done. Please try again in a moment.",
}
"""What is said in place of the platform's own words, which may quote what people wrote, by the problem's code."""


def tool_of(action: Action) -> Tool:
    """The tool a client is told of. Hints are of the action itself, so also of a plan's once a person confirmed it."""
    return Tool(
        name=action.tool,
        title=action.label,
        description=describe(action),
        input_schema=action.arguments.model_json_schema(),
        annotations=ToolAnnotations(
            title=action.label,
            read_only_hint=action.tier == Tier.READ,
            destructive_hint=action.tier >= Tier.COSTLY,
            idempotent_hint=action.tier == Tier.READ or action.repeatable,
            open_world_hint=action.reaches_out,
        ),
    )


async def call(action: Action, told: dict[str, Any], agent: ControlPlane, app: str) -> CallToolResult:
    """Do what the action says, in the name of the agent's person; `app` is where the app is. Raises what the control plane does."""
    try:
        arguments = action.arguments.model_validate(told)
    except ValidationError as error:
        return refused(_wrong(action, error))
    me = await agent.me()
    caller = Caller(agent, turn=uuid4().hex, id=me.id, role="admin" if me.role == "admin" else "tenant")
    found = await _told(action, told, caller)
    if "problem" in found:
        return refused(str(found["problem"]), found)
    link = _link(found)
    shown = {**found, "link": app + link} if link else found
    text = _planned(action, arguments, shown) if "plan_id" in shown else json.dumps(shown, ensure_ascii=False)
    return CallToolResult(content=[TextContent(text=text)], structured_content=shown)


async def _told(action: Action, told: dict[str, Any], caller: Caller) -> Result:
    """What the gate lets out of the answer; where it keeps the platform's words back, a problem is said in ours."""

    async def run() -> ToolReturn[Any]:
        return await carry_out(action, caller, told)

    answer = await through(caller, action.tool, action.tier, run, None)
    facts = _facts(answer.return_value)
    if "problem" in caller.results[action.tool] and "problem" not in facts:
        return {**facts, "problem": OURS.get(str(facts.get("code")), IN_THE_APP)}
    return facts


def _facts(found: object) -> Result:
    return dict(found) if isinstance(found, Mapping) else {"found": found}


def refused(said: str, found: Result | None = None) -> CallToolResult:
    """Nothing was done, and why, as a result: so the client's model can read it and do better."""
    content = [TextContent(text=said)]
    return CallToolResult(content=content, structured_content=found or {"problem": said}, is_error=True)


def _planned(action: Action, arguments: Arguments, shown: Result) -> str:
    return (
        f"{action.say(arguments)}: a plan is ready, and nothing has happened yet. Only the person can confirm it: they read it "
        f"and answer at {shown['link']} until {shown['confirm_by']}. No tool can."
    )


def _link(found: Result) -> str:
    """Where a person sees what the answer is about: the plan, else the site; empty for neither."""
    if "plan_id" in found:
        return f"/plans/{found['plan_id']}"
    return f"/sites/{found['tenant']}" if "tenant" in found else ""


def _wrong(action: Action, error: ValidationError) -> str:
    """Which arguments are not right, and which there are."""
    wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    known = ", ".join(action.arguments.model_fields) or "none"
    return f"The arguments of {action.tool} are not right, and nothing was done. {wrong}. Its arguments: {known}."
