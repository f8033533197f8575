"""Propose, show, confirm, withdraw. A plan runs once, exactly as it was shown, and only on a person's word.

The rooms that can do a thing offer it here: how to state its terms, and how to begin it.
"""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import func, select

from aipress.audit.models import is_recorded, record
from aipress.auth.principal import Principal, check_fresh
from aipress.errors import Conflict, Invalid, NotFound
from aipress.kit import clock, ids
from aipress.kit.db import Session
from aipress.plans.models import Plan, use_up, visible_to
from aipress.plans.schemas import Confirmation, PlanRead, PlanTenant, Terms

LIFE = timedelta(minutes=15)
ENDS = ("PLAN_CONFIRMED", "PLAN_WITHDRAWN")
DESTRUCTIVE = 3


@dataclass(frozen=True)
class Offer:
    """An action that needs a person's yes: the shape of its arguments, its terms, and its beginning (an operation id)."""

    arguments: type[BaseModel]
    state_terms: Callable[[Session, Principal, Any], Awaitable[Terms]]
    begin: Callable[[Session, Principal, Any], Awaitable[str]]


_offers: dict[str, Offer] = {}


def offer(action: str, made: Offer) -> None:
    """Let plans for `action` be proposed."""
    _offers[action] = made


async def propose(session: Session, principal: Principal, action: str, arguments: dict[str, Any]) -> Plan:
    """Store a plan for the action; nothing else happens. Raises Invalid, NotFound, Conflict."""
    made = _offer_of(action)
    parsed = _parsed(made, arguments)
    terms = await made.state_terms(session, principal, parsed)
    now = clock.now()
    plan = Plan(
        id=ids.new("pln"),
        owner_id=principal.id,
        action=action,
        arguments=parsed.model_dump(mode="json"),
        terms=terms.model_dump(mode="json"),
        created_at=now,
        expires_at=now + LIFE,
    )
    plan.hash = hash_of(plan)
    session.add(plan)
    await session.flush()
    record(session, principal, "PLAN_PROPOSED", plan.id, planned=action)
    return plan


async def find(session: Session, principal: Principal, plan_id: str) -> Plan:
    """The plan, if it was made for this person. Raises NotFound."""
    found = await session.scalar(visible_to(principal).where(Plan.id == plan_id))
    if found is None:
        raise NotFound("There is no such plan.")
    return found


async def confirm(session: Session, principal: Principal, plan: Plan, said: Confirmation) -> str:
    """Do what the plan says, once; the id of the operation that does. Raises Invalid (hash or name), Conflict (used up, expired, the world changed)."""
    made = _offer_of(plan.action)
    if not hmac.compare_digest(said.hash.encode(), plan.hash.encode()) or plan.hash != hash_of(plan):
        raise Invalid(
            "This is not the plan you were shown. Read it again, then confirm.", {"hash": "does not match"}
        )
    terms = Terms.model_validate(plan.terms)
    if terms.tier >= DESTRUCTIVE:
        check_fresh(principal)
    if terms.typed_name is not None and said.typed_name != terms.typed_name:
        why = f"Type “{terms.typed_name}” to say that you mean it. Nothing was changed."
        raise Invalid(why, {"typed_name": why})
    await _use_up(session, plan)
    arguments = _parsed(made, plan.arguments)
    await _check_world(session, principal, made, arguments, terms)
    await session.refresh(plan)
    plan.operation_id = operation_id = await made.begin(session, principal, arguments)
    record(session, principal, "PLAN_CONFIRMED", plan.id, planned=plan.action, hash=plan.hash)
    return operation_id


async def _use_up(session: Session, plan: Plan) -> None:
    """Take the plan out of the world, once, whatever has been written over its row since. Raises Conflict."""
    if not await use_up(session, plan, "confirmed"):
        raise Conflict(f"This plan is {plan.state_now}. Ask for a new one.")
    if plan.operation_id is not None or await is_recorded(session, ENDS, plan.id):
        raise Conflict("This plan was answered before. Ask for a new one.")


async def withdraw(session: Session, principal: Principal, plan: Plan) -> None:
    """Say no. Saying it twice is saying it once; what runs can't be withdrawn."""
    if await use_up(session, plan, "withdrawn"):
        record(session, principal, "PLAN_WITHDRAWN", plan.id)
    elif plan.state == "confirmed":
        raise Conflict("This plan was confirmed and is being done.")


async def how_many_wait(session: Session) -> int:
    """How many plans, whosever they are, wait for a person's yes or no."""
    waiting = select(func.count(Plan.id)).where(Plan.state == "proposed", Plan.expires_at > clock.now())
    return await session.scalar(waiting) or 0


def shown(plan: Plan) -> PlanRead:
    """The plan as the API shows it."""
    terms = Terms.model_validate(plan.terms)
    subject = terms.subject
    return PlanRead.model_validate(
        {
            **terms.model_dump(exclude={"subject"}),
            "id": plan.id,
            "action": plan.action,
            "arguments": plan.arguments,
            "state": plan.state_now,
            "hash": plan.hash,
            "expires_at": plan.expires_at,
            "operation_id": plan.operation_id,
            "tenant": PlanTenant(id=subject.id, slug=subject.slug, name=subject.name) if subject else None,
        }
    )


def hash_of(plan: Plan) -> str:
    """SHA-256, in hex, over everything that was shown: whose, which, terms, from when until when."""
    times = [plan.created_at.isoformat(), plan.expires_at.isoformat()]
    whole = [plan.id, plan.owner_id, plan.action, plan.arguments, plan.terms, *times]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def _check_world(
    session: Session, principal: Principal, made: Offer, arguments: BaseModel, terms: Terms
) -> None:
    """The terms, stated afresh, must be those that were shown: same version, same price, same effects."""
    if await made.state_terms(session, principal, arguments) != terms:
        raise Conflict("What this plan is about has changed since you saw it. Ask for a new plan.")


def _offer_of(action: str) -> Offer:
    if action not in _offers:
        raise Invalid(
            f"“{action[:32]}” can't be planned.", {"action": f"one of {', '.join(sorted(_offers))}"}
        )
    return _offers[action]


def _parsed(made: Offer, arguments: dict[str, Any]) -> BaseModel:
    try:
        return made.arguments.model_validate(arguments)
    except ValidationError as error:
        fields = {".".join(map(str, one["loc"])): one["msg"] for one in error.errors()}
        raise Invalid("The action's arguments are not right; see the fields.", fields) from error
