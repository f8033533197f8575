"""People and sites as admins look for them: when somebody was here, what is theirs, and how they are signed out."""

from tests import make
from tests.api.world import World
from tests.tenants.lasting import together
from tests.users.looking import audited

pytestmark = together


async def test_an_admin_sees_when_somebody_was_here_and_what_is_theirs(world: World) -> None:
    root = await world.grace()
    person = await make.user(world.rows, email="ada@example.com", name="Ada")
    before = (await world.ask("GET", f"/users/{person.id}", root)).json()
    assert (before["last_seen_at"], before["sites"], before["tenants"], before["sessions"]) == (
        None,
        0,
        [],
        0,
    )
    ada = make.as_person(world.settings, person)
    site = await world.site(ada, "Blog")
    other = await world.site(await world.ada(), "Shop")
    await make.member(world.rows, other["id"], person)
    await make.session(world.rows, person)
    now = (await world.ask("GET", f"/users/{person.id}", root)).json()
    assert now["last_seen_at"] is not None
    assert (now["sites"], now["sessions"]) == (1, 1)
    assert now["tenants"] == [
        {"id": other["id"], "slug": "shop", "name": "Shop", "access": "member"},
        {"id": site["id"], "slug": "blog", "name": "Blog", "access": "owner"},
    ]


async def test_an_agent_is_not_its_person(world: World) -> None:
    person = await make.user(world.rows)
    await world.ask("GET", "/me", world.agent_of(person))
    found = (await world.ask("GET", f"/users/{person.id}", await world.grace())).json()
    assert found["last_seen_at"] is None


async def test_people_are_found_by_part_of_their_name_role_and_state(world: World) -> None:
    root = await world.grace()
    await make.user(world.rows, email="ada_l@example.com", name="Ada")
    await make.user(world.rows, email="bob@example.com", name="Bob", state="suspended")
    for query, expected in (
        ("q=ADA", ["Ada"]),
        ("q=example.com&state=suspended", ["Bob"]),
        ("q=a_l", ["Ada"]),
        ("q=b_b", []),
        ("q=%25", []),
        ("role=tenant", ["Bob", "Ada"]),
    ):
        found = (await world.ask("GET", f"/users?{query}", root)).json()["items"]
        assert (query, [one["name"] for one in found]) == (query, expected)
    assert (await world.ask("GET", "/users?role=king", root)).status_code == 422


async def test_sites_are_found_by_name_owner_and_state_among_those_one_sees(world: World) -> None:
    root, ada, bob = await world.grace(), await world.ada(email="ada@example.com"), await world.ada()
    await world.site(ada, "Sunrise Bakery")
    await world.site(bob, "Bakery Two")
    for query, expected in (
        ("q=BAKERY", ["bakery-two", "sunrise-bakery"]),
        ("owner=Ada@example.com", ["sunrise-bakery"]),
        ("state=live&q=two", ["bakery-two"]),
        ("state=failed", []),
    ):
        found = (await world.ask("GET", f"/tenants?{query}", root)).json()["items"]
        assert (query, [one["slug"] for one in found]) == (query, expected)
    hers = (await world.ask("GET", "/tenants?q=bakery", ada)).json()["items"]
    assert [one["slug"] for one in hers] == ["sunrise-bakery"]


async def test_an_admin_signs_somebody_out_everywhere(world: World) -> None:
    root, person = await world.grace(), await make.user(world.rows)
    browser = make.as_browser(await make.session(world.rows, person), world.settings)
    token = make.as_person(world.settings, person)
    for shown in (browser, token):
        assert (await world.ask("GET", "/me", shown)).status_code == 200
    assert (await world.ask("DELETE", f"/users/{person.id}/sessions", root)).status_code == 204
    for shown in (browser, token):
        assert (await world.ask("GET", "/me", shown)).status_code == 401
    assert [action for _, action, subject in await audited(world.rows) if subject == person.id] == [
        "END_SESSIONS"
    ]
    assert (await world.ask("DELETE", "/users/usr_nobody/sessions", root)).status_code == 404
