"""The plan that destroys: it needs the name typed, and the site to be the one that was looked at."""

import asyncio
from collections import Counter

from aipress.errors import NoRoom
from tests import make
from tests.api.world import World
from tests.plans.test_plans import DELETE, confirm, proposed
from tests.tenants.lasting import together
from tests.users.looking import audited

pytestmark = together


async def test_a_site_is_deleted_by_typing_its_name(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    plan = await proposed(world, ada, DELETE)
    assert (plan["tier"], plan["typed_name"], plan["undo"]) == (3, "blog", None)
    assert plan["tenant"] == {"id": site["id"], "slug": "blog", "name": "Blog"}
    for typed in (None, "", "Blog", "blog ", site["id"]):
        refused = await confirm(world, ada, plan, typed_name=typed)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "typed_name")
        assert (await world.ask("GET", "/tenants/blog", ada)).json()["state"] == "live"
    answer = await confirm(world, ada, plan)
    assert (await world.ended(ada, answer.json()["id"]))["state"] == "succeeded"
    assert world.cloud.is_empty()


async def test_a_site_that_changed_since_is_not_deleted_by_an_older_plan(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    plan = await proposed(world, ada, DELETE)
    await world.ask("PATCH", "/tenants/blog", ada, {"name": "My precious"})
    refused = await confirm(world, ada, plan)
    assert (refused.status_code, "changed" in refused.json()["detail"]) == (409, True)
    assert (await world.ask("GET", f"/plans/{plan['id']}", ada)).json()["state"] == "proposed"
    fresh = await proposed(world, ada, DELETE)
    assert fresh["title"] == "Delete “My precious”"
    assert (await confirm(world, ada, fresh)).status_code == 202


async def test_another_site_with_the_same_name_is_not_the_one_the_plan_means(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    plan = await proposed(world, ada, DELETE)
    gone = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    await world.ended(ada, gone.json()["id"])
    assert (await confirm(world, ada, plan)).status_code == 404
    await world.site(ada, "Blog")
    assert (await confirm(world, ada, plan)).status_code == 409
    assert (await world.ask("GET", "/tenants/blog", ada)).json()["state"] == "live"


async def test_of_several_plans_for_one_site_one_is_carried_out(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    plans = [await proposed(world, ada, DELETE) for _ in range(5)]
    answers = await asyncio.gather(*(confirm(world, ada, plan) for plan in plans))
    assert Counter(answer.status_code for answer in answers)[202] == 1
    assert {answer.status_code for answer in answers} <= {202, 404, 409}


async def test_a_plan_that_could_not_begin_can_be_confirmed_later(world: World) -> None:
    ada = await world.ada()
    plan = await proposed(world, ada)
    world.cloud.broken["look for room in runtime"] = [NoRoom("The disk is full.")]
    assert (await confirm(world, ada, plan)).status_code == 507
    assert (await confirm(world, ada, plan)).status_code == 202


NOT_TO_BE_PLANNED: list[tuple[str, object, str]] = [
    ("DELETE_SITE", {}, "tenant"),
    ("DELETE_SITE", {"tenant": "a b"}, "tenant"),
    ("DELETE_SITE", {"tenant": "blog", "force": True}, "force"),
    ("CREATE_SITE", {"name": "🎂"}, "name"),
    ("CREATE_SITE", {"name": "Shop", "tier": "huge"}, "tier"),
    ("CREATE_SITE", [], "arguments"),
    ("LIST_SITES", {}, "action"),
    ("RENAME_SITE", {"tenant": "blog", "name": "x"}, "action"),
    ("DROP TABLE", {}, "action"),
    ("x" * 33, {}, "action"),
]


async def test_what_can_not_be_planned_is_refused_in_words(world: World) -> None:
    ada = await world.ada()
    for action, arguments, field in NOT_TO_BE_PLANNED:
        refused = await world.ask("POST", "/plans", ada, {"action": action, "arguments": arguments})
        assert (action, arguments, refused.status_code) == (action, arguments, 422)
        assert field in [one["field"] for one in refused.json()["errors"]]
    nobodys = {"action": "DELETE_SITE", "arguments": {"tenant": "nobodys"}}
    assert (await world.ask("POST", "/plans", ada, nobodys)).status_code == 404


async def test_what_becomes_of_a_plan_is_noted_with_its_hash(world: World) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    plan, other = await proposed(world, agent), await proposed(world, ada)
    await confirm(world, ada, plan, hash="wrong")
    await confirm(world, ada, plan)
    await world.ask("DELETE", f"/plans/{other['id']}", ada)
    noted = [(action, subject) for _, action, subject in await audited(world.rows) if "PLAN" in action]
    assert noted == [
        ("PLAN_PROPOSED", plan["id"]),
        ("PLAN_PROPOSED", other["id"]),
        ("PLAN_CONFIRMED", plan["id"]),
        ("PLAN_WITHDRAWN", other["id"]),
    ]


async def test_a_site_that_is_going_is_not_planned_to_go_and_is_nobodys_when_gone(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    world.cloud.pace = 0.2
    gone = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    assert (await world.ask("POST", "/plans", ada, DELETE)).status_code == 409
    await world.ended(ada, gone.json()["id"])
    assert (await world.ask("GET", "/me", ada)).json()["tenants"] == []
