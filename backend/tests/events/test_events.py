"""The one stream of a page: whatever changes is told as it happens, to those who may see it then, and to nobody else."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import select

from aipress.events.hub import MOST_STREAMS, Hub
from aipress.tenants.models import Tenant
from aipress.users.models import User
from tests import make
from tests.api.world import World
from tests.events.listening import listening
from tests.make import Client
from tests.tenants.lasting import together
from tests.users.looking import statements_of
from tests.waiting import until

pytestmark = [together, pytest.mark.usefixtures("hub")]
CREATE = {"action": "CREATE_SITE", "arguments": {"name": "Shop", "tier": "performance"}}


async def test_a_site_is_watched_from_its_making_to_its_removal(world: World, wire: Client) -> None:
    ada = await world.ada()
    async with listening(wire, ada) as ear:
        site = await world.site(ada, "Blog")
        made = await ear.hears("operation", "succeeded")
        live = await ear.hears("tenant", "live")
        assert (made.tenant_id, live.id, live.tenant_id) == (site["id"], site["id"], site["id"])
        assert set(ear.states("operation")) <= {"queued", "running", "succeeded"}
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "Notes"})
        ear.events.clear()
        asked = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
        await world.ended(ada, asked.json()["id"])
        gone = await ear.hears("operation", "succeeded")
        while gone.id != asked.json()["id"]:
            ear.events.remove(gone)
            gone = await ear.hears("operation", "succeeded")
        assert (await ear.hears("tenant", "removing")).id == site["id"]


async def test_plans_and_conversations_are_told_to_their_person(world: World, wire: Client) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    async with listening(wire, ada) as ear:
        plan = (await world.ask("POST", "/plans", agent, CREATE)).json()
        assert (await ear.hears("plan", "proposed")).id == plan["id"]
        await world.ask("DELETE", f"/plans/{plan['id']}", ada)
        assert (await ear.hears("plan", "withdrawn")).id == plan["id"]
        thread = (await world.ask("POST", "/threads", agent, {})).json()
        assert (await ear.hears("conversation")).id == thread["id"]
        ear.events.clear()
        message = {"role": "user", "text": "hello"}
        await world.ask("PUT", f"/threads/{thread['id']}/messages/m1", agent, message)
        assert (await ear.hears("conversation")).id == thread["id"]


async def test_a_confirmed_plan_is_told_with_what_it_began(world: World, wire: Client) -> None:
    ada = await world.ada()
    plan = (await world.ask("POST", "/plans", ada, CREATE)).json()
    async with listening(wire, ada) as ear:
        await world.ask("POST", f"/plans/{plan['id']}/confirmation", ada, {"hash": plan["hash"]})
        assert (await ear.hears("plan", "confirmed")).id == plan["id"]
        await ear.hears("operation", "succeeded")


async def test_strangers_hear_nothing_and_admins_hear_of_sites_but_not_of_what_is_private(
    world: World, wire: Client
) -> None:
    ada, bob, grace = await world.ada(), await world.ada(), await world.grace()
    async with (
        listening(wire, ada) as owner,
        listening(wire, bob) as stranger,
        listening(wire, grace) as admin,
    ):
        await world.ask("POST", "/plans", ada, CREATE)
        await world.ask("POST", "/threads", ada, {})
        await world.site(ada, "Blog")
        await admin.hears("tenant", "live")
        assert {"plan", "conversation", "tenant", "operation"} == set(owner.kinds())
        assert {"tenant", "operation"} == set(admin.kinds())
        assert stranger.events == []


async def test_what_was_undone_is_not_told(world: World, wire: Client) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    async with listening(wire, ada) as ear:
        for refused in ({"name": ""}, {"name": "x" * 81}):
            await world.ask("PATCH", "/tenants/blog", ada, refused)
        async with world.rows.writing() as session:
            (await session.scalars(select(Tenant))).one().name = "Never"
            await session.flush()
            await session.rollback()
            await session.commit()
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "Notes"})
        await ear.hears("operation", "succeeded")
        assert sorted(ear.kinds()) == ["operation", "tenant"]


async def test_who_comes_back_hears_what_was_missed(world: World, wire: Client) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    async with listening(wire, ada) as ear:
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "One"})
        await ear.counts(2)
    missed = (await world.ask("PATCH", "/tenants/blog", ada, {"name": "Two"})).headers["aipress-operation"]
    async with listening(wire, ada, ear.events[-1].number) as back:
        assert (await back.hears("operation", "succeeded")).id == missed
        await back.counts(2)
        assert sorted(back.kinds()) == ["operation", "tenant"]


@pytest.mark.parametrize("last_seen", ["0123456789ab-3", "nonsense", "-", "0123456789ab-99999999", "x" * 70])
async def test_who_saw_what_nobody_remembers_starts_anew(world: World, wire: Client, last_seen: str) -> None:
    ada = await world.ada()
    async with listening(wire, ada, last_seen) as ear:
        await ear.is_over()
        assert ear.kinds() == ["reset"]
    async with listening(wire, ada, ear.events[0].number) as again:
        await world.site(ada, "Blog")
        await again.hears("tenant", "live")
        assert "reset" not in again.kinds()


async def test_a_sign_of_life_comes_while_nothing_happens(world: World, wire: Client) -> None:
    async with listening(wire, await world.ada()) as ear:
        await ear.beats(3)
        assert ear.comments[:2] == ["welcome", "keep-alive"]


async def test_an_admin_no_more_hears_of_others_sites_no_more(world: World, wire: Client) -> None:
    person, ada = await make.admin(world.rows), await world.ada()
    await world.site(ada, "Blog")
    async with listening(wire, make.as_person(world.settings, person)) as ear:
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "One"})
        await ear.counts(2)
        ear.events.clear()
        async with world.rows.transaction() as session:
            (await session.get_one(User, person.id)).role = "tenant"
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "Two"})
        await ear.beats(2)
        assert ear.events == []


async def test_an_agents_stream_ends_with_its_token_and_a_stranger_gets_none(
    world: World, wire: Client
) -> None:
    person = await make.user(world.rows)
    async with listening(wire, world.agent_of(person)) as ear:
        await world.site(make.as_person(world.settings, person), "Blog")
        await ear.hears("tenant", "live")
    assert (await wire.get("/api/events")).status_code == 401


async def test_a_thousand_streams_ask_nothing_while_nothing_happens_and_one_persons_news_is_theirs(
    world: World, hub: Hub
) -> None:
    hub.heartbeat = 3600
    people = [await make.user(world.rows) for _ in range(20)]
    listeners = [hub.listen(person.principal(), None) for person in people for _ in range(MOST_STREAMS)]
    assert (len(listeners), hub.how_many) == (1000, 1000)
    ada = make.as_person(world.settings, people[0])
    await until(lambda: _asks_nothing(world))  # the pool may still look after an earlier test's site
    await world.site(ada, "Blog")
    woken = [one.principal.id for one in listeners if one.woken.is_set()]
    assert woken == [people[0].id] * MOST_STREAMS


async def test_more_streams_than_anybody_looks_at_are_refused_until_one_is_closed(
    world: World, wire: Client, hub: Hub
) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    others = [hub.listen(person.principal(), None) for _ in range(MOST_STREAMS - 1)]
    async with listening(wire, ada):
        refused = await wire.get("/api/events", headers=ada)
        assert (refused.status_code, len(others)) == (429, MOST_STREAMS - 1)
    await until(lambda: _is(hub, MOST_STREAMS - 1))
    async with listening(wire, ada):
        assert hub.how_many == MOST_STREAMS


async def _asks_nothing(world: World) -> bool:
    with statements_of(world.rows) as said:
        await asyncio.sleep(0.3)
    return said.seen == []


async def _is(hub: Hub, wanted: int) -> bool:
    return hub.how_many == wanted


async def test_who_hangs_up_is_forgotten(world: World, wire: Client, hub: Hub) -> None:
    ada = await world.ada()
    for _ in range(5):
        async with listening(wire, ada):
            assert hub.how_many >= 1
    await until(lambda: _is(hub, 0))


async def test_a_closing_hub_lets_everybody_go(world: World, wire: Client, hub: Hub) -> None:
    async with listening(wire, await world.ada()) as ear:
        hub.close()
        await ear.is_over()
        assert ear.events == []


async def test_forty_streams_hold_no_connection_to_the_database(world: World, wire: Client) -> None:
    ada = await world.ada()
    async with AsyncExitStack() as stack:
        ears = [await stack.enter_async_context(listening(wire, ada)) for _ in range(40)]
        assert (await world.site(ada, "Blog"))["state"] == "live"
        for ear in ears:
            await ear.hears("tenant", "live")


async def test_who_shares_a_site_hears_of_it_from_when_it_is_shared_until_it_is_not(
    world: World, wire: Client
) -> None:
    ada, person = await world.ada(), await make.user(world.rows)
    bob, site = make.as_person(world.settings, person), await world.site(ada, "Blog")
    async with listening(wire, ada) as owner, listening(wire, bob) as member:
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "One"})
        await owner.counts(2)
        assert member.events == []
        shared = await world.ask("POST", "/tenants/blog/members", ada, {"email": person.email})
        assert shared.status_code == 201, shared.text
        for ear in (owner, member):
            heard = await ear.hears("member")
            assert (heard.id, heard.tenant_id) == (person.id, site["id"])
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "Two"})
        await member.counts(3)
        assert sorted(member.kinds()) == ["member", "operation", "tenant"]
        member.events.clear()
        gone = await world.ask("DELETE", f"/tenants/blog/members/{person.id}", ada)
        assert gone.status_code == 204, gone.text
        await world.ask("PATCH", "/tenants/blog", ada, {"name": "Three"})
        await owner.hears("member")
        await member.beats(2)
        assert member.events == []
