"""Lists come in pages: every item once, newest first, whatever happens meanwhile."""

from aipress.kit import ids
from aipress.tenants.models import Environment, Tenant
from aipress.users.models import User
from tests import make
from tests.api.world import Json, World
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together

LISTS = ("/tenants", "/operations", "/threads", "/users")


async def shelve(world: World, owner: User, how_many: int) -> list[str]:
    """Sites that were made without anybody making them; their ids, oldest first."""
    made = []
    async with world.rows.transaction() as session:
        for _ in range(how_many):
            tenant = Tenant(
                id=ids.new("ten"), name="Blog", slug=ids.short(), owner_id=owner.id, owner_email=owner.email
            )
            session.add_all([tenant, Environment(id=ids.short(), tenant=tenant, state="live")])
            made.append(tenant.id)
    return sorted(made)


async def pages(world: World, headers: Headers, limit: int) -> list[list[Json]]:
    found: list[list[Json]] = []
    query = f"limit={limit}"
    while True:
        page = (await world.ask("GET", f"/tenants?{query}", headers)).json()
        found.append(page["items"])
        if page["next_cursor"] is None:
            return found
        query = f"limit={limit}&cursor={page['next_cursor']}"


async def test_every_item_is_on_one_page_newest_first(world: World) -> None:
    person = await make.user(world.rows)
    made = await shelve(world, person, 7)
    ada = make.as_person(world.settings, person)
    for limit, lengths in ((3, [3, 3, 1]), (7, [7]), (6, [6, 1]), (200, [7])):
        found = await pages(world, ada, limit)
        assert [len(page) for page in found] == lengths
        assert [item["id"] for page in found for item in page] == made[::-1]


async def test_a_list_that_changes_while_it_is_read_shows_nothing_twice(world: World) -> None:
    person = await make.user(world.rows)
    made = await shelve(world, person, 4)
    ada = make.as_person(world.settings, person)
    first = (await world.ask("GET", "/tenants?limit=2", ada)).json()
    await shelve(world, person, 3)
    async with world.rows.transaction() as session:
        (await session.get_one(Tenant, first["items"][-1]["id"])).state = "removed"
    rest = (await world.ask("GET", f"/tenants?limit=9&cursor={first['next_cursor']}", ada)).json()
    assert [item["id"] for item in rest["items"]] == made[1::-1]


async def test_an_empty_list_is_one_empty_page(world: World) -> None:
    ada = await world.ada()
    for path in LISTS[:3]:
        assert (await world.ask("GET", path, ada)).json() == {"items": [], "next_cursor": None}


async def test_a_page_has_1_to_200_items(world: World) -> None:
    grace = await world.grace()
    for path in LISTS:
        for limit, status in ((0, 422), (-1, 422), (1, 200), (200, 200), (201, 422), ("many", 422)):
            answer = await world.ask("GET", f"{path}?limit={limit}", grace)
            assert (path, limit, answer.status_code) == (path, limit, status)


async def test_a_cursor_that_is_none_is_refused_in_words(world: World) -> None:
    grace = await world.grace()
    for path in LISTS:
        for cursor in ("x", "1", "ten_", "%00", "ten_' OR 1=1 --", "TEN_" + "0" * 26, "é"):
            answer = await world.ask("GET", f"{path}?cursor={cursor}", grace)
            assert (path, cursor, answer.status_code) == (path, cursor, 422)
            assert answer.json()["errors"][0]["field"] == "cursor"
            assert "next_cursor" in answer.json()["detail"]


async def test_somebody_elses_cursor_opens_nothing(world: World) -> None:
    person = await make.user(world.rows)
    await shelve(world, person, 3)
    theirs = (await world.ask("GET", "/tenants?limit=1", make.as_person(world.settings, person))).json()
    mine = await world.ask("GET", f"/tenants?cursor={theirs['next_cursor']}", await world.ada())
    assert mine.json()["items"] == []


async def test_my_own_sites_are_found_however_many_an_admin_sees(world: World) -> None:
    admin, other = await make.admin(world.rows), await make.user(world.rows)
    mine = await shelve(world, admin, 1)
    await shelve(world, other, 201)
    me = (await world.ask("GET", "/me", make.as_person(world.settings, admin))).json()
    assert [tenant["id"] for tenant in me["tenants"]] == mine
