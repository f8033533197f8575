"""Clearing a site's page cache over HTTP: who may, what is told to the cloud, and the receipt."""

from aipress.errors import CloudBusy
from tests.api.test_members import shared
from tests.api.world import World
from tests.tenants.held import held
from tests.tenants.lasting import together

pytestmark = together


async def test_the_cloud_is_told_and_the_answer_is_a_receipt(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    environment = site["environments"][0]["id"]
    told = {"": "", "?path=/menu/": "/menu/", "?path=/men%C3%BC/%3Fa=1": "/men%C3%BC/"}
    for query, path in told.items():
        answer = await world.ask("DELETE", f"/tenants/blog/cache{query}", ada)
        assert answer.status_code == 200, answer.text
        receipt = answer.json()
        assert (receipt["kind"], receipt["state"], receipt["tenant"]["id"]) == (
            "purge",
            "succeeded",
            site["id"],
        )
        assert ((receipt["result"] or {}).get("path") or "", receipt["undo"], receipt["steps"]) == (
            path,
            None,
            [],
        )
        assert world.cloud.edge.purged[-1] == (environment, path)
    entries = (await world.ask("GET", f"/audit?action=PURGE_CACHE&subject={site['id']}", ada)).json()["items"]
    assert [entry["detail"].get("path", "") for entry in entries] == list(reversed(told.values()))


async def test_whoever_shares_the_site_may_and_nobody_else(world: World) -> None:
    here = await shared(world)
    assert (await world.ask("DELETE", "/tenants/blog/cache", here.bob)).status_code == 200
    stranger = await world.ada(email="eve@example.com")
    assert (await world.ask("DELETE", "/tenants/blog/cache", stranger)).status_code == 404
    assert len(world.cloud.edge.purged) == 1


async def test_what_is_no_path_is_refused_before_anything_happens(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    for query in (
        "?path=menu",
        "?path=/a%20b",
        "?path=/a%0Ab",
        "?path=",
        f"?path=/{'a' * 2000}",
        "?paths=/menu/",
    ):
        assert (await world.ask("DELETE", f"/tenants/blog/cache{query}", ada)).status_code == 422, query
    assert world.cloud.edge.purged == []


async def test_of_a_site_that_is_being_removed_nothing_is_purged(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    with held(world.cloud.runtime, "remove"):
        await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
        answer = await world.ask("DELETE", "/tenants/blog/cache", ada)
    assert (answer.status_code, world.cloud.edge.purged) == (409, [])


async def test_a_cloud_that_is_busy_is_said_and_leaves_no_receipt(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    world.cloud.broken["purge address"] = [CloudBusy("hostd is not answering.")]
    assert (await world.ask("DELETE", "/tenants/blog/cache", ada)).status_code == 503
    assert (await world.ask("GET", "/operations?kind=purge", ada)).json()["items"] == []


async def test_there_is_nothing_to_take_back(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = (await world.ask("DELETE", "/tenants/blog/cache", ada)).json()
    answer = await world.ask("POST", f"/operations/{receipt['id']}/undo", ada)
    assert (answer.status_code, "nothing to take back" in answer.json()["detail"]) == (409, True)
