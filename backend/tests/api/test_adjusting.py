"""Another tier or other options over HTTP: what there is to choose and its price, who may, plans with both prices, and the way back."""

from dataclasses import replace

from aipress import clouds
from aipress.clouds.local.choices import LocalChoices
from tests import make
from tests.api.test_members import shared
from tests.api.world import Json, World
from tests.make import Headers
from tests.plans.test_plans import confirm, proposed
from tests.tenants.lasting import together

pytestmark = together

LARGER = {"tier": "standard", "options": {"min_instances": 1}}


async def adjusted(world: World, who: Headers, wish: Json) -> Json:
    asked = await world.ask("POST", "/tenants/blog/adjustments", who, wish)
    assert asked.status_code == 202, asked.text
    return await world.ended(who, asked.json()["id"])


async def test_what_can_be_chosen_is_told_with_what_it_costs(world: World) -> None:
    ada = await world.ada()
    told = (await world.ask("GET", "/options?tier=standard", ada)).json()
    assert (told["cloud"], told["tier"]) == ("local", "standard")
    found = {one["name"]: one for one in told["items"]}
    awake = found["min_instances"]
    assert (awake["least"], awake["most"], awake["usual"], awake["each"]["amount"]) == (0, 3, 0, "5.0000")
    assert [one["value"] for one in found["region"]["choices"]] == ["here", "there"]
    own = {one["value"]: one["monthly"]["amount"] for one in found["database"]["choices"]}
    assert own == {"shared": "0.0000", "own": "20.0000"}
    assert (await world.ask("GET", "/options?cloud=moon", ada)).status_code == 422
    assert (await world.ask("GET", "/options?tear=basic", ada)).status_code == 422


async def test_this_machine_has_one_choice_and_says_so(world: World) -> None:
    clouds.use(replace(world.cloud.as_cloud(), choices=LocalChoices()))
    ada = await world.ada()
    await world.site(ada, "Blog")
    told = (await world.ask("GET", "/options", ada)).json()
    assert [(one["name"], one["least"], one["most"]) for one in told["items"]] == [("min_instances", 0, 1)]
    for options in ({"concurrency": 5}, {"max_instances": 3}, {"media": "bucket"}, {"pooling": True}):
        refused = await world.ask("POST", "/tenants/blog/adjustments", ada, {"options": options})
        assert refused.status_code == 422
        problem = refused.json()
        assert problem["errors"][0]["field"] == f"options.{next(iter(options))}"
        assert "no choice of" in problem["detail"]
    made = await world.ask("POST", "/tenants", ada, {"name": "Shop", "options": {"region": "mars"}})
    assert (made.status_code, made.json()["errors"][0]["field"]) == (422, "options.region")
    assert (await adjusted(world, ada, {"options": {"min_instances": 1}}))["state"] == "succeeded"


async def test_a_site_says_what_was_chosen_and_what_that_costs(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    assert (site["options"]["min_instances"], site["monthly"]["amount"]) == (None, "0.0000")
    done = await adjusted(world, ada, LARGER)
    assert (done["state"], done["result"]["tier"], done["result"]["was"]) == (
        "succeeded",
        "standard",
        "basic",
    )
    now = (await world.ask("GET", "/tenants/blog", ada)).json()
    assert (now["tier"], now["options"]["min_instances"], now["monthly"]["amount"]) == (
        "standard",
        1,
        "14.0000",
    )
    await adjusted(world, ada, {"options": {"min_instances": None}})
    now = (await world.ask("GET", "/tenants/blog", ada)).json()
    assert (now["options"]["min_instances"], now["monthly"]["amount"]) == (None, "9.0000")


async def test_what_is_no_wish_is_refused(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    for wish in (
        {"tier": "huge"},
        {"options": {"min_instances": -1}},
        {"options": {"min_instances": "many"}},
        {"options": {"colour": "red"}},
        {"options": {"region": "Europe; DROP"}},
        {"options": {"min_instances": 900}},
        {"options": {"min_instances": 3, "max_instances": 2}},
        {"size": "basic"},
    ):
        refused = await world.ask("POST", "/tenants/blog/adjustments", ada, wish)
        assert refused.status_code == 422, wish
    same = await world.ask("POST", "/tenants/blog/adjustments", ada, {})
    assert (same.status_code, "like that already" in same.json()["detail"]) == (409, True)


async def test_owner_and_admins_may_members_and_agents_may_not(world: World) -> None:
    here = await shared(world)
    asked = await world.ask("POST", "/tenants/blog/adjustments", here.bob, LARGER)
    assert asked.status_code == 403
    stranger = await world.ada(email="eve@example.com")
    assert (await world.ask("POST", "/tenants/blog/adjustments", stranger, LARGER)).status_code == 404
    grace = await world.grace()
    assert (await adjusted(world, grace, LARGER))["state"] == "succeeded"


async def test_an_agent_proposes_a_plan_with_the_price_before_and_after_and_a_person_confirms_it(
    world: World,
) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    await world.site(ada, "Blog")
    assert (await world.ask("POST", "/tenants/blog/adjustments", agent, LARGER)).status_code == 403
    told = {"name": "Shop", "options": {"min_instances": 1}}
    assert (await world.ask("POST", "/tenants", agent, told)).status_code == 403
    wish = {"action": "CHANGE_TIER", "arguments": {"tenant": "blog", **LARGER["options"], "tier": "standard"}}  # type: ignore[dict-item]
    plan = await proposed(world, agent, wish)
    assert plan["title"] == "Change “Blog” from basic to standard, min instances 1"
    assert (plan["tier"], plan["price_before"]["amount"], plan["price_after"]["amount"]) == (
        2,
        "0.0000",
        "14.0000",
    )
    assert plan["undo"] == "Change it back to basic"
    assert (await confirm(world, agent, plan)).status_code == 403
    begun = await confirm(world, ada, plan)
    assert (await world.ended(ada, begun.json()["id"]))["state"] == "succeeded"
    assert (await world.ask("GET", "/tenants/blog", ada)).json()["tier"] == "standard"


async def test_a_plan_that_is_older_than_another_change_is_not_carried_out(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    wish = {"action": "CHANGE_TIER", "arguments": {"tenant": "blog", "tier": "performance"}}
    plan = await proposed(world, ada, wish)
    await adjusted(world, ada, {"tier": "standard"})
    assert (await confirm(world, ada, plan)).status_code == 409
    refused = await world.ask(
        "POST", "/plans", ada, {**wish, "arguments": {"tenant": "blog", "tier": "standard"}}
    )
    assert (refused.status_code, "already" in refused.json()["detail"]) == (409, True)


async def test_a_change_is_undone_by_its_owner_and_not_by_a_member_or_an_agent(world: World) -> None:
    here = await shared(world)
    done = await adjusted(world, here.ada, LARGER)
    assert done["undo"]["label"] == "Make it basic again"
    assert (await world.ask("POST", f"/operations/{done['id']}/undo", here.bob)).status_code == 403
    undone = await world.ask("POST", f"/operations/{done['id']}/undo", here.ada)
    assert undone.status_code == 202, undone.text
    assert (await world.ended(here.ada, undone.json()["id"]))["state"] == "succeeded"
    now = (await world.ask("GET", "/tenants/blog", here.ada)).json()
    assert (now["tier"], now["options"]["min_instances"]) == ("basic", None)
    entries = (await world.ask("GET", "/audit?action=CHANGE_TIER", here.ada)).json()["items"]
    assert [(one["detail"]["tier"], one["detail"]["was"]) for one in entries] == [
        ("basic", "standard, min instances 1"),
        ("standard, min instances 1", "basic"),
    ]
