"""What is refused of a site that is on its way up or down, or failed, and of an address that is taken."""

import pytest

from aipress.auth.principal import Principal, Role
from aipress.errors import NotAllowed
from aipress.tenants import service
from aipress.tenants.models import Tenant
from tests import make
from tests.api.world import World
from tests.make import Headers
from tests.tenants.held import held
from tests.tenants.lasting import together

pytestmark = together

THE_OPERATOR = Principal("operator", "operator", "operator@localhost", "operator", Role.ADMIN)


async def refusal(world: World, method: str, path: str, headers: Headers, body: object = None) -> str:
    """Why this conflicts with how the site is now."""
    answer = await world.ask(method, path, headers, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict"), answer.text
    return str(answer.json()["detail"])


async def put_down(world: World, slug: str) -> None:
    """As if the site had failed."""
    async with world.rows.transaction() as session:
        site = await service.find(session, THE_OPERATOR, slug)
        site.state = "failed"


async def test_a_site_that_is_being_made_is_neither_removed_nor_signed_in_to(world: World) -> None:
    ada = await world.ada()
    with held(world.cloud.caches, "ensure") as hold:
        asked = (await world.ask("POST", "/tenants", ada, {"name": "Blog"})).json()
        await hold.asked.wait()
        why = await refusal(world, "DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
        assert "still being made" in why
        assert "nothing to sign in to" in await refusal(world, "POST", "/tenants/blog/login-links", ada)
        hold.go.set()
    assert (await world.ended(ada, asked["id"]))["state"] == "succeeded"
    assert world.cloud.databases.tickets == []


async def test_a_site_that_is_being_removed_is_not_shared(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    with held(world.cloud.caches, "remove") as hold:
        asked = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
        await hold.asked.wait()
        invitation = {"email": "bob@example.com"}
        assert "can't be shared" in await refusal(world, "POST", "/tenants/blog/members", ada, invitation)
        hold.go.set()
    await world.ended(ada, asked.json()["id"])
    assert (await world.ask("GET", "/outbox", make.as_operator(world.settings))).json()["items"] == []


async def test_the_creation_of_a_site_that_is_not_up_is_not_undone(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    made = (await world.ask("GET", "/operations?kind=provision", ada)).json()["items"][0]
    await put_down(world, "blog")
    assert "Remove it instead" in await refusal(world, "POST", f"/operations/{made['id']}/undo", ada)


async def test_an_address_of_ones_own_is_not_taken_again(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    for wish in ({"name": "Blog"}, {"name": "Diary", "slug": "blog"}):
        assert "You have a site at “blog” already" in await refusal(world, "POST", "/tenants", ada, wish)


async def test_a_wished_address_of_somebody_elses_is_refused_and_one_of_our_making_gets_a_number(
    world: World,
) -> None:
    await world.site(await world.ada(), "Blog")
    bob = await world.ada()
    why = await refusal(world, "POST", "/tenants", bob, {"name": "Diary", "slug": "blog"})
    assert why == "The address “blog” is taken. Choose another slug."
    assert (await world.site(bob, "Blog"))["slug"] == "blog-2"


async def test_no_agent_gets_a_login_link_whatever_door_it_came_through(world: World) -> None:
    person = await make.user(world.rows)
    site = await world.site(make.as_person(world.settings, person), "Blog")
    agent = Principal("agent", person.id, person.email, person.name, Role.TENANT)
    async with world.rows.transaction() as session:
        with pytest.raises(NotAllowed, match="Only a person"):
            await service.login_link(session, agent, await session.get_one(Tenant, site["id"]))
    assert world.cloud.databases.tickets == []
