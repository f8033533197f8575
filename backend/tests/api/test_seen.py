"""What is counted and listed is what its caller may see, also where another condition stands beside that."""

from datetime import timedelta

from aipress.kit import clock
from aipress.operations import overview
from aipress.operations.models import Operation
from aipress.tenants import service
from tests import make
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


async def test_counts_are_of_what_the_caller_may_see(world: World) -> None:
    ada, grace = await make.user(world.rows), await make.user(world.rows)
    await world.site(make.as_person(world.settings, ada), "Blog")
    await _unfinished_and_failed(world, ada.id)
    async with world.rows.reading() as session:
        for person, count in ((ada, 1), (grace, 0)):
            who = person.principal()
            assert sum((await service.how_many(session, who)).values()) == count
            assert await overview.how_many_run(session, who) == count
            assert len(await overview.stuck(session, who, clock.now(), [])) == count
            assert sum(number for _, number in await overview.failures(session, who)) == count


async def _unfinished_and_failed(world: World, owner_id: str) -> None:
    """One operation that has not ended for an hour, and one that failed just now."""
    now = clock.now()
    async with world.rows.transaction() as session:
        for state, began in (("running", now - timedelta(hours=1)), ("failed", now)):
            session.add(
                Operation(
                    id=f"op_{state}",
                    kind="rename",
                    state=state,
                    owner_id=owner_id,
                    tenant_id="ten_of_old",
                    tenant_slug="old",
                    tenant_name="Old",
                    environment_id="e",
                    workflow_id=state,
                    created_at=began,
                    ended_at=now if state == "failed" else None,
                )
            )


async def test_a_list_of_operations_is_of_ones_own(world: World) -> None:
    await world.site(await world.ada(), "Blog")
    assert (await world.ask("GET", "/operations", await world.ada())).json()["items"] == []


async def test_a_removed_site_is_nobodys_any_more(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    world.app.state.settings = world.settings.model_copy(update={"site_quota": 1})
    await world.site(ada, "Blog")
    gone = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    await world.ended(ada, gone.json()["id"])
    assert (await world.ask("GET", "/me", ada)).json()["tenants"] == []
    async with world.rows.reading() as session:
        assert await service.taken_part_in(session, person.principal(), 10) == []
    await world.site(ada, "Another")
