"""What an admin sees first: counted as it is, also while something is away."""

from dataclasses import replace
from datetime import datetime, timedelta

from aipress import clouds
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit import clock
from aipress.operations.models import Operation
from aipress.plans.models import Plan
from aipress.tenants.models import Tenant
from tests import make
from tests.api.world import Json, World
from tests.fakes.cloud import FakeCloud, FakeRuntime
from tests.tenants.lasting import together

pytestmark = together

HOUR = timedelta(hours=1)


async def overview(world: World) -> Json:
    answer = await world.ask("GET", "/health/overview", await world.grace())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def failed(world: World, ended_at: datetime) -> None:
    """A site that could not be made, which was found out then."""
    world.cloud.broken["ensure database"] = [CloudRefused("The disk is broken.")]
    ada = await world.ada()
    asked = await world.ask("POST", "/tenants", ada, {"name": "Never"})
    assert (await world.ended(ada, asked.json()["id"]))["state"] == "failed"
    async with world.rows.transaction() as session:
        (await session.get_one(Operation, asked.json()["id"])).ended_at = ended_at


async def test_on_its_first_day_nothing_is_there_and_nothing_is_wrong(world: World) -> None:
    found = await overview(world)
    assert found["sites"] == {"live": 0, "provisioning": 0, "failed": 0, "removing": 0}
    assert found["users"] == {"active": 1, "suspended": 0}
    assert (found["operations"]["running"], found["operations"]["stuck"]) == (0, [])
    assert [one["count"] for one in found["operations"]["failures"]] == [0] * 24
    assert (found["plans_waiting"], found["stranded"], found["lost"]) == (0, [], [])
    assert (found["runtime"]["isolated"], found["runtime"]["asleep"]) == (False, 0)


async def test_sites_and_people_are_counted_by_their_state_whosever_they_are(world: World) -> None:
    for name in ("Blog", "Shop", "Club"):
        await world.site(await world.ada(), name)
    await make.user(world.rows, state="suspended")
    ada = await world.ada()
    await world.site(ada, "Gone")
    gone = await world.ask("DELETE", "/tenants/gone", ada, {"typed_name": "gone"})
    await world.ended(ada, gone.json()["id"])
    await failed(world, clock.now())
    found = await overview(world)
    assert found["sites"] == {"live": 3, "provisioning": 0, "failed": 1, "removing": 0}
    assert found["users"] == {"active": 6, "suspended": 1}


async def test_failures_stand_in_the_hour_they_happened_in_and_a_day_old_ones_no_more(world: World) -> None:
    this_hour = clock.now().replace(minute=0, second=0, microsecond=0)
    moments = [this_hour, this_hour - HOUR, this_hour - timedelta(seconds=1), this_hour - 23 * HOUR]
    for moment in [*moments, this_hour - 23 * HOUR - timedelta(seconds=1)]:
        await failed(world, moment)
    shown = (await overview(world))["operations"]["failures"]
    counted = {datetime.fromisoformat(one["hour"]): one["count"] for one in shown}
    assert list(counted) == [this_hour - ago * HOUR for ago in reversed(range(24))]
    assert {hour: count for hour, count in counted.items() if count} == {
        this_hour: 1,
        this_hour - HOUR: 2,
        this_hour - 23 * HOUR: 1,
    }


async def test_what_should_have_ended_by_now_is_stuck_and_what_just_began_runs(world: World) -> None:
    ada = await world.ada()
    ids = [(await world.site(ada, name))["id"] for name in ("Old", "Stranded", "New")]
    begun = {"Old": clock.now() - timedelta(minutes=6), "Stranded": clock.now(), "New": clock.now()}
    async with world.rows.transaction() as session:
        for id, (name, moment) in zip(ids, begun.items(), strict=True):
            made = await one_of(world, ada, id)
            row = await session.get_one(Operation, made["id"])
            row.state, row.created_at, row.ended_at = "running", moment, None
            if name == "Stranded":
                world.app.state.findings.stranded = [row.workflow_id]
            (await session.get_one(Tenant, id)).state = "provisioning"
    world.app.state.findings.lost = ["databases of c"]
    found = await overview(world)
    assert found["operations"]["running"] == 3
    assert [one["tenant"]["name"] for one in found["operations"]["stuck"]] == ["Old", "Stranded"]
    assert found["stranded"] == world.app.state.findings.stranded != []
    assert (found["lost"], found["sites"]["provisioning"]) == (["databases of c"], 3)
    async with world.rows.transaction() as session:  # so that nobody waits for them
        for id in ids:
            made = await one_of(world, ada, id)
            (await session.get_one(Operation, made["id"])).state = "succeeded"


async def one_of(world: World, headers: dict[str, str], tenant: str) -> Json:
    return (await world.ask("GET", f"/operations?tenant={tenant}", headers)).json()["items"][0]


async def test_a_plan_waits_until_somebody_says_yes_or_no_or_its_time_is_up(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    wish = {"action": "DELETE_SITE", "arguments": {"tenant": "blog"}}
    plans = [(await world.ask("POST", "/plans", ada, wish)).json()["id"] for _ in range(3)]
    assert (await overview(world))["plans_waiting"] == 3
    await world.ask("DELETE", f"/plans/{plans[0]}", ada)
    async with world.rows.transaction() as session:
        (await session.get_one(Plan, plans[1])).expires_at = clock.in_seconds(-1)
    assert (await overview(world))["plans_waiting"] == 1


async def test_while_the_runtime_is_away_the_rest_is_shown(world: World) -> None:
    class Away(FakeRuntime):
        async def report(self) -> clouds.base.RuntimeReport:
            raise CloudBusy("hostd is starting.")

    clouds.use(replace(world.cloud.as_cloud(), runtime=Away(FakeCloud(), "runtime")))
    found = await overview(world)
    assert (found["runtime"], found["users"]["active"]) == (None, 1)
