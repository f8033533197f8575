"""A site is moved over HTTP: by a plan that says what it means, at once by a person, and back by undoing it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from aipress import clouds
from tests import make
from tests.api.world import Json, World
from tests.fakes.cloud import FakeCloud
from tests.make import Headers
from tests.plans.test_plans import confirm, proposed
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.users.looking import audited

pytestmark = together
MOVE = {"action": "MOVE_SITE", "arguments": {"tenant": "blog", "to": "gcp"}}


@dataclass(frozen=True)
class Two:
    world: World
    there: FakeCloud

    async def site(self) -> Headers:
        ada = await self.world.ada()
        await self.world.site(ada, "Blog")
        return ada

    async def move(self, caller: Headers, to: str = "gcp") -> Any:
        return await self.world.ask("POST", "/tenants/blog/moves", caller, {"to": to})

    async def moved(self, caller: Headers, to: str = "gcp") -> Json:
        return await self.world.ended(caller, (await self.move(caller, to)).json()["id"])

    async def shown(self, caller: Headers) -> Json:
        found: Json = (await self.world.ask("GET", "/tenants/blog", caller)).json()
        return found


@pytest.fixture
def two(world: World) -> Iterator[Two]:
    there = FakeCloud()
    there.edge.domain = "there.test"
    clouds.use(world.cloud.as_cloud("local"), there.as_cloud("gcp"))
    yield Two(world, there)
    clouds.use(world.cloud.as_cloud())


async def test_a_person_moves_a_site_and_sees_where_it_is(two: Two) -> None:
    ada = await two.site()
    with held(two.there.databases, "load") as hold:
        begun = await two.move(ada)
        assert begun.status_code == 202
        await hold.asked.wait()
        on_its_way = await two.shown(ada)
        assert (on_its_way["cloud"], on_its_way["moving_to"], on_its_way["state"]) == ("local", "gcp", "live")
        assert [one["kind"] for one in on_its_way["environments"]] == ["live"]
        assert "being moved" in (await two.move(ada)).json()["detail"]
    done = await two.world.ended(ada, begun.json()["id"])
    assert (done["state"], done["result"]["url"]) == ("succeeded", "http://blog.there.test")
    assert done["result"]["read_only_seconds"] >= 0
    there = await two.shown(ada)
    assert (there["cloud"], there["moving_to"], there["url"]) == ("gcp", None, "http://blog.there.test")
    assert len(there["environments"]) == 1


async def test_an_agent_can_only_propose_it(two: Two) -> None:
    person = await make.user(two.world.rows)
    await two.world.site(make.as_person(two.world.settings, person), "Blog")
    agent = two.world.agent_of(person)
    assert (await two.move(agent)).status_code == 403
    assert (await proposed(two.world, agent, MOVE))["state"] == "proposed"
    assert two.there.databases.things == set()


async def test_its_plan_says_what_it_means_and_moves_it_once_confirmed(two: Two) -> None:
    ada = await two.site()
    plan = await proposed(two.world, ada, MOVE)
    assert (plan["tier"], plan["title"]) == (2, "Move “Blog” from this machine to Google Cloud")
    assert plan["undo"] == "Move it back"
    told = " ".join(plan["touches"])
    for said in (
        "http://blog.fake.test ends, http://blog.there.test begins",
        "signs in",
        "log lines",
        "read all",
    ):
        assert said in told
    assert plan["price_before"]["currency"] == "USD"
    assert two.there.databases.things == set()
    done = await two.world.ended(ada, (await confirm(two.world, ada, plan)).json()["id"])
    assert done["state"] == "succeeded"
    assert (await confirm(two.world, ada, plan)).status_code == 409
    assert [deed for _, deed, _ in await audited(two.world.rows) if "MOVE" in deed] == [
        "MOVE_SITE",
        "SITE_MOVED",
    ]


async def test_what_can_not_be_moved_can_not_be_planned(two: Two) -> None:
    ada = await two.site()
    stays = {"action": "MOVE_SITE", "arguments": {"tenant": "blog", "to": "local"}}
    refused = await two.world.ask("POST", "/plans", ada, stays)
    assert (refused.status_code, "on this machine already" in refused.json()["detail"]) == (409, True)
    clouds.use(two.world.cloud.as_cloud("local"))
    refused = await two.world.ask("POST", "/plans", ada, MOVE)
    assert (refused.status_code, "no cloud “gcp”" in refused.json()["detail"]) == (422, True)


async def test_undoing_it_moves_it_back(two: Two) -> None:
    ada = await two.site()
    done = await two.moved(ada)
    assert done["undo"]["label"] == "Move “Blog” back to this machine"
    undoing = await two.world.ask("POST", f"/operations/{done['id']}/undo", ada)
    assert undoing.status_code == 202
    back = await two.world.ended(ada, undoing.json()["id"])
    assert (back["state"], back["result"]["to_cloud"]) == ("succeeded", "local")
    assert two.there.is_empty()
    assert (await two.shown(ada))["url"] == "http://blog.fake.test"


async def test_an_older_move_is_not_undone(two: Two) -> None:
    ada = await two.site()
    first = await two.moved(ada)
    await two.moved(ada, "local")
    refused = await two.world.ask("POST", f"/operations/{first['id']}/undo", ada)
    assert (refused.status_code, "any more" in refused.json()["detail"]) == (409, True)
