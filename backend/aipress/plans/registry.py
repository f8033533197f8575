"""The registry of actions as the API shows it: what ⌘K, buttons and other clients can offer."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from aipress.auth.door import Caller
from aipress.plans.actions import ACTIONS, Action

router = APIRouter(prefix="/actions", tags=["plans"])


class ActionRead(BaseModel):
    """One thing that can be asked for. `sentence` has its arguments in braces; `arguments` is their JSON Schema.

    `tier`: 0 reads, 1 can be undone, 2 costs money or interrupts, 3 destroys or opens. What is not `built` answers what is missing.
    """

    id: str
    label: str
    sentence: str
    summary: str
    tier: int
    built: bool
    arguments: dict[str, Any]


class ActionsRead(BaseModel):
    items: list[ActionRead]


@router.get("")
async def list_actions(caller: Caller) -> ActionsRead:
    """Every action this caller's role may ask for."""
    return ActionsRead(items=[_shown(action) for action in ACTIONS.values() if caller.role in action.who])


def _shown(action: Action) -> ActionRead:
    return ActionRead(
        id=action.id,
        label=action.label,
        sentence=action.sentence,
        summary=action.summary,
        tier=action.tier,
        built=action.built,
        arguments=action.arguments.model_json_schema(),
    )
