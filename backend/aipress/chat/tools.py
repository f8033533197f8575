"""What the assistant can do: one tool for each action of the registry, and buttons to choose with.

A read or a reversible action runs; anything that costs, interrupts or destroys only ever becomes a plan for a person. What is
not built yet says so, and does nothing.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_ai import ModelRetry, RunContext, Tool, ToolReturn
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat import listing
from aipress.chat.advice import get_cost_advice
from aipress.chat.callers import Caller
from aipress.chat.costs import get_billing
from aipress.chat.diagnosing import diagnose
from aipress.chat.gated import TIER
from aipress.chat.metrics import get_metrics
from aipress.chat.own_domains import add_domain, check_domain
from aipress.chat.site_logs import get_logs
from aipress.chat.veil import Ours
from aipress.errors import AIPressError, NotAllowed, NotSignedIn
from aipress.operations.schemas import OperationRead
from aipress.plans.actions import ACTIONS, Action, Tier
from aipress.plans.arguments import (
    Arguments,
    NewName,
    NewPlace,
    NewSite,
    NewTier,
    OneSite,
    WhatToPurge,
    WhichOperation,
)
from aipress.plans.not_yet import NOT_YET
from aipress.tenants.schemas import TenantRead

Result = dict[str, Any]
Doing = Callable[[Caller, Any, str], Awaitable[ToolReturn[Result]]]
MOST_SHOWN = 50


def tools() -> list[Tool[Caller]]:
    """All tools, from the registry."""
    return [
        *(_tool(action) for action in ACTIONS.values()),
        Tool(offer_choices, takes_ctx=True, metadata={TIER: Tier.READ}),
    ]


async def create_site(caller: Caller, wish: NewSite, key: str) -> ToolReturn[Result]:
    """Start making a site and show its progress."""
    operation = await caller.control_plane.create_site(wish, key)
    said: Result = {
        "operation_id": operation.id,
        "tenant": operation.tenant.slug,
        "name": operation.tenant.name,
        "state": operation.state,
    }
    if wish.bundle:
        said["note"] = Ours("Bundles can't be installed yet; the site is a plain WordPress.")
    return ToolReturn(said, metadata=[_receipt(operation.id)])


async def list_sites(caller: Caller, _: Arguments, __: str) -> ToolReturn[Result]:
    """Show the person's sites."""
    caller.sites = await caller.control_plane.sites()
    shown = [_seen(site) for site in caller.sites[:MOST_SHOWN]]
    return ToolReturn({"count": len(caller.sites), "sites": shown}, metadata=listing.parts_of(caller.sites))


async def get_site(caller: Caller, wish: OneSite, _: str) -> ToolReturn[Result]:
    """Show one site as it is now."""
    site = await caller.control_plane.site(wish.tenant)
    return ToolReturn(_seen(site), metadata=[_part("site", site.slug, {"tenant": site.slug})])


async def rename_site(caller: Caller, wish: NewName, _: str) -> ToolReturn[Result]:
    """Rename it and show the receipt, which can be undone."""
    site, receipt = await caller.control_plane.rename_site(wish)
    if receipt is None:
        return ToolReturn({**_seen(site), "renamed": False})
    return ToolReturn({**_seen(site), "renamed": True, "operation_id": receipt}, metadata=[_receipt(receipt)])


async def purge_cache(caller: Caller, wish: WhatToPurge, _: str) -> ToolReturn[Result]:
    """Clear it and show the receipt."""
    receipt = await caller.control_plane.purge_cache(wish)
    said = {"tenant": receipt.tenant.slug, "name": receipt.tenant.name, "whole_site": wish.path is None}
    return ToolReturn({**said, "operation_id": receipt.id}, metadata=[_receipt(receipt.id)])


async def undo(caller: Caller, wish: WhichOperation, key: str) -> ToolReturn[Result]:
    """Undo the operation, or the last one of this person; what would remove a site becomes a plan for them."""
    control = caller.control_plane
    done = (
        await control.operation(wish.operation) if wish.operation else await control.last_operation(caller.id)
    )
    if done is None:
        return ToolReturn({"problem": Ours("You have done nothing yet that could be undone.")})
    try:
        undoing = await control.undo(done.id, key)
    except NotAllowed:
        if done.kind == "provision":
            return await _propose(ACTIONS["DELETE_SITE"], caller, OneSite(tenant=done.tenant.slug), key)
        if done.kind == "move" and done.result:
            back = NewPlace.model_validate({"tenant": done.tenant.slug, "to": done.result.from_cloud})
            return await _propose(ACTIONS["MOVE_SITE"], caller, back, key)
        if (result := done.result) and result.was and result.was != result.tier and done.kind == "adjust":
            former = NewTier.model_validate({"tenant": done.tenant.slug, "tier": result.was})
            return await _propose(ACTIONS["CHANGE_TIER"], caller, former, key)
        raise
    return ToolReturn(_undone(undoing), metadata=[_receipt(undoing.id)])


async def open_admin(caller: Caller, wish: OneSite, _: str) -> ToolReturn[Result]:
    """Show a button; the browser asks for the link itself, in the person's name, when it is pressed."""
    site = await caller.control_plane.site(wish.tenant)
    return ToolReturn(
        {**_seen(site), "button": "shown"}, metadata=[_part("admin", site.slug, {"tenant": site.slug})]
    )


async def say_what_is_possible(_: Caller, __: Arguments, ___: str) -> ToolReturn[Result]:
    """What can be done now, and what is not built yet."""
    now = [Ours(action.summary) for action in ACTIONS.values() if action.built]
    later = [Ours(action.summary) for action in ACTIONS.values() if not action.built]
    return ToolReturn({"now": now, "not_yet": later})


DOINGS: dict[str, Doing] = {
    "CREATE_SITE": create_site,
    "LIST_SITES": list_sites,
    "GET_SITE": get_site,
    "GET_METRICS": get_metrics,
    "GET_BILLING": get_billing,
    "GET_COST_ADVICE": get_cost_advice,
    "GET_LOGS": get_logs,
    "DIAGNOSE": diagnose,
    "RENAME_SITE": rename_site,
    "PURGE_CACHE": purge_cache,
    "ADD_DOMAIN": add_domain,
    "CHECK_DOMAIN": check_domain,
    "OPEN_ADMIN": open_admin,
    "UNDO": undo,
    "HELP": say_what_is_possible,
}


class Choice(BaseModel):
    """One button: `label` is on it, `text` is sent as the person's next message."""

    label: str = Field(max_length=80)
    text: str = Field(max_length=200)


async def offer_choices(ctx: RunContext[Caller], options: list[Choice]) -> ToolReturn[Result]:
    """Show buttons to choose from, when the person has to say which one they mean. Ask the question in your reply."""
    shown = [option.model_dump() for option in options[:MOST_SHOWN]]
    if ctx.deps.gate.tainted:
        # Then a button says what pressing it says.
        shown = [{"label": option["text"], "text": option["text"]} for option in shown]
    return ToolReturn({"shown": len(shown)}, metadata=[_part("choices", "choices", {"options": shown})])


def _tool(action: Action) -> Tool[Caller]:
    async def run(ctx: RunContext[Caller], **told: Any) -> ToolReturn[Result]:
        return await carry_out(action, ctx.deps, told)

    return Tool.from_schema(
        run,
        action.tool,
        describe(action),
        action.arguments.model_json_schema(),
        takes_ctx=True,
        sequential=True,
    )


def describe(action: Action) -> str:
    """What a model is told of an action's tool."""
    if not action.built:
        return f"{action.summary} Not built yet: it answers what is missing and what can be done instead."
    if action.tier >= Tier.COSTLY:
        return f"{action.summary} This only proposes a plan, which the person then reads and confirms."
    return action.summary


async def carry_out(action: Action, caller: Caller, told: dict[str, Any]) -> ToolReturn[Result]:
    """Do it, or propose a plan for it. Raises ModelRetry for arguments that are not right, NotSignedIn."""
    try:
        arguments = action.arguments.model_validate(told)
    except ValidationError as error:
        raise ModelRetry(
            "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        ) from error
    if not action.built:
        return ToolReturn({"problem": Ours(NOT_YET[action.id]), "built": False})
    key = _key(caller, action, arguments)
    try:
        if caller.gate.only_proposes(action.tier_for(arguments)):
            return await _propose(action, caller, arguments, key)
        return await DOINGS[action.id](caller, arguments, key)
    except NotSignedIn:
        raise
    except AIPressError as error:
        return ToolReturn({"problem": str(error), "code": error.code})


async def _propose(action: Action, caller: Caller, arguments: Arguments, key: str) -> ToolReturn[Result]:
    plan = await caller.control_plane.propose(action.id, arguments, key)
    said = {
        "plan_id": plan.id,
        "tenant": plan.tenant.slug if plan.tenant else None,
        "title": plan.title,
        "undo": plan.undo,
        "confirm_by": plan.expires_at.isoformat(),
    }
    return ToolReturn(
        {**said, "state": "waits_for_the_person"}, metadata=[_part("plan", plan.id, {"plan_id": plan.id})]
    )


def _key(caller: Caller, action: Action, arguments: Arguments) -> str:
    """The same wish in the same message is the same deed, also when the message is tried again."""
    told = json.dumps([caller.turn, action.id, arguments.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _seen(site: TenantRead) -> Result:
    return {
        "tenant": site.slug,
        "name": site.name,
        "state": site.state,
        "url": site.url,
        "tier": site.tier,
        "cloud": site.cloud,
    }


def _undone(undoing: OperationRead) -> Result:
    result = undoing.result
    return {
        "operation_id": undoing.id,
        "tenant": undoing.tenant.slug,
        "name": undoing.tenant.name,
        "was": result.was if result else None,
        "state": undoing.state,
    }


def _receipt(operation_id: str) -> DataChunk:
    return _part("operation", operation_id, {"operation_id": operation_id})


def _part(kind: str, part_id: str, data: Result) -> DataChunk:
    return DataChunk(type=f"data-{kind}", id=part_id, data=data)
