"""Who may see a change is asked of the rows, also when the change itself names whom it may matter to."""

from aipress.auth.principal import Principal
from aipress.events.hub import Change, Kind
from aipress.events.seeing import seen
from tests import make
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


async def heard_of(world: World, principal: Principal, kind: Kind, id: str) -> list[str]:
    change = Change(kind, id, None, "live", frozenset({principal.id}))
    async with world.rows.reading() as session:
        return [one.id for _, one in await seen(session, principal, [(1, change)])]


async def test_what_is_somebody_elses_is_not_seen_even_by_whom_the_change_names(world: World) -> None:
    ada, bob = await make.user(world.rows), await make.user(world.rows)
    here = make.as_person(world.settings, ada)
    await world.site(here, "Blog")
    wish = {"action": "DELETE_SITE", "arguments": {"tenant": "blog"}}
    plan = (await world.ask("POST", "/plans", here, wish)).json()["id"]
    thread = (await world.ask("POST", "/threads", here, {"title": "Hello"})).json()["id"]
    found: dict[Kind, str] = {"plan": plan, "conversation": thread}
    for kind, id in found.items():
        assert await heard_of(world, ada.principal(), kind, id) == [id]
        assert await heard_of(world, bob.principal(), kind, id) == []
