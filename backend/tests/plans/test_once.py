"""A plan runs once, as it was shown, on its person's word: replayed, altered, expired, borrowed or raced, nothing more is done."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import inspect, select, update

from aipress.audit.models import AuditEntry
from aipress.kit import clock, ids
from aipress.operations.models import Operation
from aipress.plans.models import Plan
from aipress.plans.schemas import Confirmation
from aipress.plans.service import hash_of
from aipress.tenants.models import Tenant
from tests import make
from tests.api.world import Json, World, tolerant
from tests.make import Headers
from tests.plans.test_plans import CREATE, DELETE, confirm, proposed
from tests.tenants.lasting import together
from tests.users.looking import count

pytestmark = together
BOTH = pytest.mark.parametrize("wish", [CREATE, DELETE], ids=["create", "delete"])
RACERS = 100


async def with_plan(world: World, wish: Json) -> tuple[Headers, Json]:
    """A person with a site called Blog and a plan."""
    ada = await world.ada()
    await world.site(ada, "Blog")
    return ada, await proposed(world, ada, wish)


async def executed(world: World) -> int:
    """How many plans were carried out: operations beyond the one that made the blog. Held against the audit log."""
    done = await count(world.rows, Operation) - 1
    async with world.rows.reading() as session:
        noted = select(AuditEntry.id).where(AuditEntry.action == "PLAN_CONFIRMED")
        assert len((await session.scalars(noted)).all()) == done
    return done


async def written_over(world: World, plan_id: str, **changes: Any) -> None:
    """Change the stored row behind the platform's back."""
    async with world.rows.transaction() as session:
        await session.execute(update(Plan).where(Plan.id == plan_id).values(**changes))


async def stored(world: World, plan_id: str) -> Plan:
    async with world.rows.reading() as session:
        return await session.get_one(Plan, plan_id)


def others_of(plan: Plan, stranger: str) -> dict[str, Sequence[Any]]:
    """For every column of the row, what somebody might write there instead."""
    terms: dict[str, Any] = plan.terms
    return {
        "id": [ids.new("pln")],
        "owner_id": [stranger],
        "action": ["CREATE_SITE" if plan.action == "DELETE_SITE" else "DELETE_SITE", "RENAME_SITE", ""],
        "arguments": [{**plan.arguments, name: "other"} for name in plan.arguments] + [{}],
        "terms": [{**terms, name: _other(value)} for name, value in terms.items()] + [{}],
        "hash": ["0" * 64, plan.hash.upper(), ""],
        "state": ["confirmed", "withdrawn", "expired", ""],
        "operation_id": [ids.new("op")],
        "created_at": [plan.created_at - timedelta(days=1)],
        "expires_at": [plan.expires_at + timedelta(days=1), clock.now() - timedelta(seconds=1)],
    }


def _other(value: object) -> object:
    match value:
        case str():
            return f"{value} and more"
        case int():
            return value + 1
        case list():
            return [*value, "more"]
        case dict():
            return {name: _other(one) for name, one in value.items()}
    return "something"


@BOTH
async def test_a_plan_written_over_in_any_of_its_fields_is_not_carried_out(world: World, wish: Json) -> None:
    ada, plan = await with_plan(world, wish)
    original = await stored(world, plan["id"])
    as_it_was = {column.key: getattr(original, column.key) for column in inspect(Plan).column_attrs}
    alterations = others_of(original, (await make.user(world.rows)).id)
    assert alterations.keys() == as_it_was.keys()
    tried = 0
    for field, values in alterations.items():
        for value in values:
            assert value != as_it_was[field]
            await written_over(world, plan["id"], **{field: value})
            answer = await confirm(world, ada, plan)
            assert (field, value, answer.status_code in (404, 409, 422)) == (field, value, True)
            tried += 1
            await written_over(world, value if field == "id" else plan["id"], **as_it_was)
    assert tried > 20
    assert await executed(world) == 0
    assert (await confirm(world, ada, plan)).status_code == 202


@BOTH
async def test_a_plan_written_over_and_hashed_anew_is_not_the_one_that_was_shown(
    world: World, wish: Json
) -> None:
    """Whoever saw the old one says the old hash; and arguments that do other things than the terms say are found out."""
    ada, plan = await with_plan(world, wish)
    await world.site(ada, "Shop window")
    before = await count(world.rows, Operation)
    other = {"name": "Other", "tier": "standard"} if wish is CREATE else {"tenant": "shop-window"}
    async with world.rows.transaction() as session:
        row = await session.get_one(Plan, plan["id"])
        row.arguments = {**row.arguments, **other}
        row.hash = hash_of(row)
        anew = row.hash
    assert (await confirm(world, ada, plan)).status_code == 422
    assert (await confirm(world, ada, plan, hash=anew)).status_code == 409
    assert await count(world.rows, Operation) == before


CONFIRMATIONS: dict[str, Sequence[Any]] = {
    "hash": ["", "0" * 64, "0" * 65, "ü" * 64, None, 7, ["a"], {"a": 1}],
    "typed_name": ["", "Blog", "blog ", " blog", "blo", "blog\0", "b" * 201, None, 7, ["blog"]],
}


async def test_a_confirmation_altered_in_any_of_its_fields_confirms_nothing(world: World) -> None:
    ada, plan = await with_plan(world, DELETE)
    other = await proposed(world, ada, DELETE)
    assert CONFIRMATIONS.keys() == Confirmation.model_fields.keys()
    said = {**CONFIRMATIONS, "hash": [*CONFIRMATIONS["hash"], other["hash"], plan["hash"][:-1]]}
    for field, values in said.items():
        for value in values:
            refused = await confirm(world, ada, plan, **{field: value})
            assert (field, value, refused.status_code) == (field, value, 422)
    for more in ({"state": "proposed"}, {"arguments": {"tenant": "blog"}}, {"expires_at": "2099-01-01"}):
        assert (await confirm(world, ada, plan, **more)).status_code == 422
    assert await executed(world) == 0


@BOTH
async def test_a_plan_replayed_in_every_way_is_done_once(world: World, wish: Json) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    await world.site(ada, "Blog")
    plan = await proposed(world, ada, wish)
    keyed = ada | {"Idempotency-Key": "once"}
    first = await confirm(world, keyed, plan)
    assert first.status_code == 202
    browser = make.as_browser(await make.session(world.rows, person), world.settings)
    for headers in (ada, browser, ada | {"Idempotency-Key": "another"}):
        assert (await confirm(world, headers, plan)).status_code == 409
    again = await confirm(world, keyed, plan)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    assert again.json()["id"] == first.json()["id"]
    assert (await world.ask("DELETE", f"/plans/{plan['id']}", ada)).status_code == 409
    assert await executed(world) == 1


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_a_plan_that_was_answered_and_written_back_is_not_open_again(world: World, answer: str) -> None:
    """The audit log remembers, also when the row says that nobody ever answered, and the world is as it was."""
    ada, plan = await with_plan(world, CREATE)
    if answer == "yes":
        made = await world.ended(ada, (await confirm(world, ada, plan)).json()["id"])
        gone = await world.ask("DELETE", "/tenants/shop", ada, {"typed_name": "shop"})
        await world.ended(ada, gone.json()["id"])
        assert made["state"] == "succeeded"
    else:
        await world.ask("DELETE", f"/plans/{plan['id']}", ada)
    before = await count(world.rows, Operation)
    await written_over(world, plan["id"], state="proposed", operation_id=None)
    refused = await confirm(world, ada, plan)
    assert (refused.status_code, "answered before" in refused.json()["detail"]) == (409, True)
    assert await count(world.rows, Operation) == before


@BOTH
async def test_an_expired_plan_is_not_carried_out(world: World, wish: Json) -> None:
    ada, plan = await with_plan(world, wish)
    async with world.rows.transaction() as session:
        row = await session.get_one(Plan, plan["id"])
        row.expires_at = clock.in_seconds(-0.001)
        row.hash = plan["hash"] = hash_of(row)
    for _ in range(2):
        refused = await confirm(world, ada, plan)
        assert (refused.status_code, "expired" in refused.json()["detail"]) == (409, True)
    assert await executed(world) == 0


@BOTH
async def test_nobody_else_confirms_a_plan(world: World, wish: Json) -> None:
    """Not another person, a member of the site, an admin, the operator, an agent of its own person or of others; and nobody without a name."""
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    await world.site(ada, "Blog")
    plan = await proposed(world, world.agent_of(person), wish)
    root = await make.admin(world.rows)
    suspended, sharing = await make.user(world.rows, state="suspended"), await make.user(world.rows)
    await world.ask("POST", "/tenants/blog/members", ada, {"email": sharing.email})
    assert (
        await world.ask("GET", "/tenants/blog", make.as_person(world.settings, sharing))
    ).status_code == 200
    callers: list[tuple[Headers, int]] = [
        (await world.ada(), 404),
        (make.as_person(world.settings, sharing), 404),
        (make.as_person(world.settings, root), 404),
        (make.as_operator(world.settings), 404),
        (world.agent_of(person), 403),
        (world.agent_of(root), 403),
        (make.as_person(world.settings, suspended), 401),
        ({}, 401),
    ]
    for headers, status in callers:
        assert (await confirm(world, headers, plan)).status_code == status
        assert (await world.ask("DELETE", f"/plans/{plan['id']}", headers)).status_code == status
    assert await executed(world) == 0
    assert (await confirm(world, ada, plan)).status_code == 202


async def raced(world: World, plan: Json, racers: Sequence[Headers]) -> list[httpx.Response]:
    """All at once."""
    client, yes = tolerant(world), {"hash": plan["hash"], "typed_name": plan["typed_name"]}
    path = f"/api/plans/{plan['id']}/confirmation"
    return list(await asyncio.gather(*(client.post(path, json=yes, headers=one) for one in racers)))


@BOTH
async def test_of_a_hundred_confirmations_at_once_one_is_carried_out(world: World, wish: Json) -> None:
    ada, plan = await with_plan(world, wish)
    answers = await raced(world, plan, [ada] * RACERS)
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: RACERS - 1}
    assert await executed(world) == 1
    (done,) = [answer.json() for answer in answers if answer.status_code == 202]
    assert (await world.ended(ada, done["id"]))["state"] == "succeeded"


async def test_of_a_hundred_with_one_idempotency_key_one_is_carried_out(world: World) -> None:
    ada, plan = await with_plan(world, DELETE)
    answers = await raced(world, plan, [ada | {"Idempotency-Key": "race"}] * RACERS)
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
    assert await executed(world) == 1


async def test_in_a_crowd_only_its_persons_yes_counts(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    await world.site(ada, "Blog")
    plan = await proposed(world, ada, DELETE)
    crowd = [world.agent_of(person), await world.ada(), await world.grace(), {}] * (RACERS // 4)
    answers = await raced(world, plan, crowd)
    assert {answer.status_code for answer in answers} == {401, 403, 404}
    assert await executed(world) == 0
    answers = await raced(world, plan, [*crowd, ada])
    assert Counter(answer.status_code for answer in answers)[202] == 1
    assert await executed(world) == 1


async def test_a_hundred_plans_for_one_site_remove_it_once(world: World) -> None:
    ada, _ = await with_plan(world, DELETE)
    plans = [await proposed(world, ada, DELETE) for _ in range(RACERS)]
    answers = await asyncio.gather(*(confirm(world, ada, plan) for plan in plans))
    assert Counter(answer.status_code for answer in answers)[202] == 1
    assert {answer.status_code for answer in answers} <= {202, 404, 409}
    assert await executed(world) == 1
    async with world.rows.reading() as session:
        assert [one.state for one in await session.scalars(select(Tenant))] in (["removing"], ["removed"])
