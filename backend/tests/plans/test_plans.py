"""Plans: what is proposed is stored and nothing else, and what is confirmed is done once, exactly as it was shown."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import httpx

from aipress.kit import clock
from aipress.operations.models import Operation
from aipress.plans.models import Plan
from aipress.plans.service import hash_of
from tests import make
from tests.api.world import Json, World, tolerant
from tests.make import Headers
from tests.tenants.lasting import together
from tests.users.looking import count

pytestmark = together

CREATE = {"action": "CREATE_SITE", "arguments": {"name": "Shop", "tier": "performance"}}
DELETE = {"action": "DELETE_SITE", "arguments": {"tenant": "blog"}}


async def proposed(world: World, headers: Headers, wish: Json = CREATE) -> Json:
    answer = await world.ask("POST", "/plans", headers, wish)
    assert answer.status_code == 201, answer.text
    plan: Json = answer.json()
    return plan


async def confirm(world: World, headers: Headers, plan: Json, **said: Any) -> httpx.Response:
    """Say yes to what was shown, unless something else is said."""
    yes = {"hash": plan["hash"], "typed_name": plan["typed_name"], **said}
    return await tolerant(world).post(f"/api/plans/{plan['id']}/confirmation", json=yes, headers=headers)


async def test_a_plan_says_what_would_be_done_touched_and_paid_and_does_nothing(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    assert (plan["state"], plan["tier"], plan["operation_id"]) == ("proposed", 2, None)
    assert plan["title"] == "Create “Shop” on the performance tier"
    assert plan["arguments"] == {"name": "Shop", "tier": "performance", "bundle": None}
    assert (plan["price_before"]["amount"], plan["price_after"]) == (
        "0.0000",
        {"amount": "29.0000", "currency": "USD"},
    )
    assert (plan["typed_name"], plan["undo"], bool(plan["steps"])) == (None, "Delete the site", True)
    assert await count(world.rows, Operation) == 0
    assert (await world.ask("GET", f"/plans/{plan['id']}", ada)).json() == plan


async def test_a_plan_says_what_it_leaves_out(world: World) -> None:
    ada = await world.ada()
    wish = {"action": "CREATE_SITE", "arguments": {"name": "Shop", "bundle": "woocommerce"}}
    plan = await proposed(world, ada, wish)
    assert [line for line in plan["touches"] if "woocommerce" in line and "can't be installed yet" in line]
    assert len((await proposed(world, ada))["touches"]) == 1


async def test_a_confirmed_plan_is_done_exactly_as_shown(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    answer = await confirm(world, ada, plan)
    assert (answer.status_code, answer.json()["kind"]) == (202, "provision")
    assert (await world.ended(ada, answer.json()["id"]))["state"] == "succeeded"
    assert (await world.ask("GET", "/tenants/shop", ada)).json()["tier"] == "performance"
    after = (await world.ask("GET", f"/plans/{plan['id']}", ada)).json()
    assert (after["state"], after["operation_id"]) == ("confirmed", answer.json()["id"])


async def test_only_the_hash_of_what_was_shown_is_a_yes(world: World) -> None:
    ada = await world.ada()
    plan, other = await proposed(world, ada), await proposed(world, ada)
    for said in ("", "0" * 64, plan["hash"][:-1], plan["hash"].upper(), other["hash"], "ü"):
        refused = await confirm(world, ada, plan, hash=said)
        assert (said, refused.status_code) == (said, 422)
        assert refused.json()["errors"][0]["field"] == "hash"
    assert await count(world.rows, Operation) == 0
    assert (await confirm(world, ada, plan)).status_code == 202


async def test_a_plan_somebody_wrote_over_is_not_the_plan_that_was_shown(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    for change in (
        {"arguments": {"name": "Other", "tier": "basic"}},
        {"terms": {"title": "Harmless", "tier": 2}},
        {"owner_id": "usr_other"},
        {"expires_at": clock.in_seconds(86_400)},
    ):
        await written_over(world, plan, **change)
        assert (await confirm(world, ada, plan)).status_code in (404, 422)
    assert await count(world.rows, Operation) == 0


async def written_over(world: World, plan: Json, **change: Any) -> None:
    """Change the stored plan, keep the hash."""
    async with world.rows.transaction() as session:
        stored = await session.get_one(Plan, plan["id"])
        for field, value in change.items():
            setattr(stored, field, value)


async def test_a_plan_is_good_for_a_quarter_of_an_hour(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    left = datetime.fromisoformat(plan["expires_at"]) - clock.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    async with world.rows.transaction() as session:
        stored = await session.get_one(Plan, plan["id"])
        stored.expires_at = clock.in_seconds(-1)
        stored.hash = plan["hash"] = hash_of(stored)
    refused = await confirm(world, ada, plan)
    assert (refused.status_code, "expired" in refused.json()["detail"]) == (409, True)
    assert (await world.ask("GET", f"/plans/{plan['id']}", ada)).json()["state"] == "expired"


async def test_another_persons_plan_is_not_there_not_even_for_an_admin(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    for other in (await world.ada(), await world.grace(), make.as_operator(world.settings)):
        assert (await world.ask("GET", f"/plans/{plan['id']}", other)).status_code == 404
        assert (await confirm(world, other, plan)).status_code == 404
        assert (await world.ask("DELETE", f"/plans/{plan['id']}", other)).status_code == 404
    assert (await world.ask("GET", f"/plans/{plan['id']}", ada)).json()["state"] == "proposed"


async def test_an_agent_proposes_and_only_its_person_confirms_or_says_no(world: World) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    plan = await proposed(world, agent)
    assert (await confirm(world, agent, plan)).status_code == 403
    assert (await world.ask("DELETE", f"/plans/{plan['id']}", agent)).status_code == 403
    assert (await world.ask("GET", f"/plans/{plan['id']}", agent)).json()["state"] == "proposed"
    assert (await confirm(world, ada, plan)).status_code == 202


async def test_a_plan_confirmed_again_is_not_done_again(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    first, second = await confirm(world, ada, plan), await confirm(world, ada, plan)
    assert (first.status_code, second.status_code) == (202, 409)
    assert "confirmed" in second.json()["detail"]
    assert await count(world.rows, Operation) == 1


async def test_of_ten_confirmations_at_once_one_is_carried_out(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    answers = await asyncio.gather(*(confirm(world, ada, plan) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {202: 1, 409: 9}
    assert await count(world.rows, Operation) == 1


async def test_yes_and_no_at_once_is_one_of_them(world: World) -> None:
    ada = await world.ada()
    for _ in range(4):
        plan = await proposed(world, ada, {"action": "CREATE_SITE", "arguments": {"name": "Blog"}})
        yes, no = await asyncio.gather(
            confirm(world, ada, plan), world.ask("DELETE", f"/plans/{plan['id']}", ada)
        )
        after = (await world.ask("GET", f"/plans/{plan['id']}", ada)).json()["state"]
        assert (yes.status_code, no.status_code, after) in [
            (202, 409, "confirmed"),
            (409, 204, "withdrawn"),
        ]
        if after == "confirmed":
            await world.ended(ada, yes.json()["id"])
            gone = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
            await world.ended(ada, gone.json()["id"])


async def test_a_plan_that_was_withdrawn_is_never_done(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    for _ in range(2):
        assert (await world.ask("DELETE", f"/plans/{plan['id']}", ada)).status_code == 204
    refused = await confirm(world, ada, plan)
    assert (refused.status_code, "withdrawn" in refused.json()["detail"]) == (409, True)
    assert await count(world.rows, Operation) == 0
