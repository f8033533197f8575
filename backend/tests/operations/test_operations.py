"""What was done, and how long each step of it usually takes."""

from datetime import datetime

from aipress.operations import steps
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together
moment = datetime.fromisoformat


async def test_what_was_done_is_listed_newest_first_and_by_site(world: World) -> None:
    ada = await world.ada()
    blog, shop = await world.site(ada, "Blog"), await world.site(ada, "Shop")
    asked = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    await world.ended(ada, asked.json()["id"])
    everything = (await world.ask("GET", "/operations", ada)).json()["items"]
    assert [(one["kind"], one["tenant"]["slug"]) for one in everything] == [
        ("remove", "blog"),
        ("provision", "shop"),
        ("provision", "blog"),
    ]
    for site, kinds in ((blog, ["remove", "provision"]), (shop, ["provision"])):
        found = (await world.ask("GET", f"/operations?tenant={site['id']}", ada)).json()["items"]
        assert [one["kind"] for one in found] == kinds


async def test_what_was_done_to_a_site_can_be_read_when_it_is_gone(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Sunrise Bakery")
    asked = await world.ask("DELETE", f"/tenants/{site['id']}", ada, {"typed_name": site["slug"]})
    done = await world.ended(ada, asked.json()["id"])
    assert done["tenant"] == {"id": site["id"], "slug": "sunrise-bakery", "name": "Sunrise Bakery"}
    assert [step["label"] for step in done["steps"]] == list(steps.LABELS["remove"].values())
    assert (done["state"], done["result"], done["error"]) == ("succeeded", None, None)


async def test_steps_say_how_long_they_usually_take_as_soon_as_that_is_known(world: World) -> None:
    ada = await world.ada()
    first = (await world.ask("POST", "/tenants", ada, {"name": "First"})).json()
    assert {step["p50"] for step in first["steps"]} == {None}
    assert [step["state"] for step in first["steps"]] == ["running", *["waiting"] * 7]
    await world.ended(ada, first["id"])
    second = (await world.ask("POST", "/tenants", ada, {"name": "Second"})).json()
    assert all(0 <= step["p50"] <= step["p90"] for step in second["steps"])


async def test_every_step_people_watch_is_a_step_of_its_workflow(world: World) -> None:
    """The list of labels is written by hand; a step that is renamed must not be watched in vain."""
    ada = await world.ada()
    await world.site(ada, "Blog")
    await world.ended(
        ada, (await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})).json()["id"]
    )
    for done in (await world.ask("GET", "/operations", ada)).json()["items"]:
        assert [step["key"] for step in done["steps"]] == list(steps.LABELS[done["kind"]])
        assert {step["state"] for step in done["steps"]} == {"done"}
        assert all(moment(step["started_at"]) <= moment(step["ended_at"]) for step in done["steps"])
