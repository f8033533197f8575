"""Sharing a site: who may do what of it, who is told, and how it ends."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from aipress.auth.principal import Principal
from aipress.operations import service as operations
from aipress.users.models import Membership, User
from tests import make
from tests.api.world import Json, World, tolerant
from tests.make import Headers
from tests.tenants.lasting import together
from tests.users.looking import audited, count

pytestmark = together


@dataclass(frozen=True)
class Shared:
    """Ada's blog, and Bob, whom she shares it with."""

    ada: Headers
    bob: Headers
    bobs_id: str
    tenant: str


async def shared(world: World) -> Shared:
    ada = await world.ada(email="ada@example.com", name="Ada")
    site = await world.site(ada, "Blog")
    person = await make.user(world.rows, email="bob@example.com", name="Bob")
    added = await world.ask("POST", "/tenants/blog/members", ada, {"email": "Bob@example.com"})
    assert added.status_code == 201, added.text
    assert added.json()["user"] == {"id": person.id, "email": "bob@example.com", "name": "Bob"}
    return Shared(ada, make.as_person(world.settings, person), person.id, site["id"])


async def members(world: World, headers: Headers, query: str = "") -> Json:
    return (await world.ask("GET", f"/tenants/blog/members{query}", headers)).json()


async def test_a_member_sees_the_site_wherever_sites_are_seen(world: World) -> None:
    here = await shared(world)
    site = (await world.ask("GET", "/tenants/blog", here.bob)).json()
    assert (site["access"], site["owner"]["email"]) == ("member", "ada@example.com")
    assert (await world.ask("GET", "/tenants", here.bob)).json()["items"] == [site]
    mine = (await world.ask("GET", "/me", here.bob)).json()["tenants"]
    assert mine == [{"id": here.tenant, "slug": "blog", "name": "Blog", "role": "member"}]
    seen = (await world.ask("GET", "/operations", here.bob)).json()["items"]
    assert [(one["kind"], one["tenant"]["slug"]) for one in seen] == [("provision", "blog")]
    assert (await world.ask("GET", "/tenants/blog", here.ada)).json()["access"] == "owner"
    assert (await world.ask("GET", "/tenants/blog", await world.grace())).json()["access"] == "admin"


async def test_what_can_be_taken_back_a_member_does_and_takes_back(world: World) -> None:
    here = await shared(world)
    renamed = await world.ask("PATCH", "/tenants/blog", here.bob, {"name": "Our blog"})
    assert (renamed.status_code, renamed.json()["access"]) == (200, "member")
    receipt = renamed.headers["aipress-operation"]
    undone = await world.ask("POST", f"/operations/{receipt}/undo", here.bob)
    assert (undone.status_code, undone.json()["actor"]["email"]) == (202, "bob@example.com")
    assert (await world.ask("GET", "/tenants/blog", here.ada)).json()["name"] == "Blog"


async def test_what_is_the_owners_alone_is_refused_saying_whom_to_ask(world: World) -> None:
    here = await shared(world)
    made = (await world.ask("GET", "/operations?kind=provision", here.bob)).json()["items"][0]
    deletion = {"action": "DELETE_SITE", "arguments": {"tenant": "blog"}}
    wishes: list[tuple[str, str, object]] = [
        ("DELETE", "/tenants/blog", {"typed_name": "blog"}),
        ("POST", "/tenants/blog/login-links", None),
        ("POST", "/tenants/blog/moves", {"to": "gcp"}),
        ("POST", "/tenants/blog/members", {"email": "eve@example.com"}),
        ("DELETE", f"/tenants/blog/members/{(await make.user(world.rows)).id}", None),
        ("GET", "/tenants/blog/secrets", None),
        ("GET", "/tenants/blog/mail", None),
        ("GET", "/tenants/blog/mail/1772625600000-a1B2c3D4e5F6", None),
        ("PUT", "/tenants/blog/secrets/KEY", {"value": "a value of mine"}),
        ("POST", "/plans", deletion),
        ("POST", f"/operations/{made['id']}/undo", None),
    ]
    assert made["undo"] is None
    for method, path, body in wishes:
        answer = await world.ask(method, path, here.bob, body)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 403, "not_allowed")
        assert "ada@example.com" in answer.json()["detail"]
    assert (await world.ask("GET", "/tenants/blog", here.ada)).json()["state"] == "live"


async def test_a_plan_to_delete_is_worth_nothing_once_its_proposer_is_no_admin(world: World) -> None:
    here = await shared(world)
    person = await make.admin(world.rows)
    await make.member(world.rows, here.tenant, person)
    root = make.as_person(world.settings, person)
    deletion = {"action": "DELETE_SITE", "arguments": {"tenant": "blog"}}
    plan = (await world.ask("POST", "/plans", root, deletion)).json()
    async with world.rows.transaction() as session:
        (await session.get_one(User, person.id)).role = "tenant"
    said = {"hash": plan["hash"], "typed_name": "blog"}
    refused = await world.ask("POST", f"/plans/{plan['id']}/confirmation", root, said)
    assert (refused.status_code, "ada@example.com" in refused.json()["detail"]) == (403, True)


async def test_the_owner_stands_first_and_pages_hold_everybody_once(world: World) -> None:
    here = await shared(world)
    others = [(await make.member(world.rows, here.tenant)).id for _ in range(3)]
    whole = await members(world, here.bob)
    roles = [(one["role"], one["user"]["email"]) for one in whole["items"]]
    assert (roles[0], roles[-1]) == (("owner", "ada@example.com"), ("member", "bob@example.com"))
    assert [one["user"]["id"] for one in whole["items"]][1:] == [*others[::-1], here.bobs_id]
    for limit in (1, 2, 3, 5):
        found, cursor = [], ""
        while cursor is not None:
            page = await members(world, here.ada, f"?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            assert len(page["items"]) <= limit
            found, cursor = found + page["items"], page["next_cursor"]
        assert found == whole["items"]


async def test_somebody_new_is_told_by_mail_and_signs_in_to_it(world: World) -> None:
    ada = await world.ada(email="ada@example.com", name="Ada")
    await world.site(ada, "Blog")
    added = await world.ask("POST", "/tenants/blog/members", ada, {"email": "new@example.com"})
    assert (added.status_code, added.json()["role"], added.json()["user"]["name"]) == (201, "member", "new")
    operator = make.as_operator(world.settings)
    letter = (await world.ask("GET", "/outbox", operator)).json()["items"][0]
    assert (letter["to"], "“Blog”" in letter["subject"]) == ("new@example.com", True)
    assert letter["text"].startswith("ada@example.com shares the site “Blog” with you.\n")
    assert f"{world.settings.base_url}/login\n" in letter["text"]
    token = await make.link(world.rows, "new@example.com")
    entered = await world.ask("POST", "/auth/email-link/redeem", {}, {"token": token})
    assert entered.json()["user"]["id"] == added.json()["user"]["id"]
    secret = entered.cookies["aipress_session"]
    browser = make.as_browser(secret, world.settings)
    assert (await world.ask("GET", "/tenants/blog", browser)).json()["access"] == "member"


async def test_nobody_is_added_who_has_a_part_already_is_suspended_or_has_no_address(world: World) -> None:
    here = await shared(world)
    await make.user(world.rows, email="eve@example.com", state="suspended")
    refusals = [
        ("bob@example.com", 409),
        ("ada@example.com", 409),
        ("eve@example.com", 409),
        ("nonsense", 422),
        ("a@b\r\nBcc: c@d", 422),
        ("mi\u212ae@example.com", 422),
    ]
    for email, status in refusals:
        answer = await world.ask("POST", "/tenants/blog/members", here.ada, {"email": email})
        assert (email, answer.status_code) == (email, status)
    assert await count(world.rows, Membership) == 1


async def test_of_many_who_add_the_same_person_at_once_one_does(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    path, wish = "/api/tenants/blog/members", {"email": "bob@example.com"}
    asked = [tolerant(world).post(path, json=wish, headers=ada) for _ in range(8)]
    answers = await asyncio.gather(*asked)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}


async def test_letters_to_strangers_have_an_end(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    wishes = [{"email": f"stranger{number}@example.com"} for number in range(21)]
    found = [(await world.ask("POST", "/tenants/blog/members", ada, wish)).status_code for wish in wishes]
    assert found == [201] * 20 + [429]


async def test_letters_to_one_mailbox_have_an_end_whoever_sends_them(world: World) -> None:
    found = []
    for name in ("Blog", "Shop"):
        owner = await world.ada()
        await world.site(owner, name)
        path = f"/tenants/{name.lower()}/members"
        for _ in range(11):
            added = await world.ask("POST", path, owner, {"email": "stranger@example.com"})
            found.append(added.status_code)
            if added.status_code == 201:
                await world.ask("DELETE", f"{path}/{added.json()['user']['id']}", owner)
    assert found == [201] * 20 + [429] * 2


async def test_a_name_of_ones_choice_is_in_no_letter_to_strangers(world: World) -> None:
    ada = await world.ada(name="Your account is blocked: https://evil.example/login")
    await world.site(ada, "Blog")
    await world.ask("POST", "/tenants/blog/members", ada, {"email": "stranger@example.com"})
    letter = (await world.ask("GET", "/outbox", make.as_operator(world.settings))).json()["items"][0]
    assert (letter["to"], "evil" in letter["text"] + letter["subject"]) == ("stranger@example.com", False)


async def test_whoever_is_taken_out_or_leaves_sees_nothing_from_the_next_request_on(world: World) -> None:
    here = await shared(world)
    carl = await make.member(world.rows, here.tenant)
    removed = await world.ask("DELETE", f"/tenants/blog/members/{carl.id}", here.ada)
    left = await world.ask("DELETE", f"/tenants/blog/members/{here.bobs_id}", here.bob)
    assert (removed.status_code, left.status_code) == (204, 204)
    for headers in (here.bob, make.as_person(world.settings, carl)):
        assert (await world.ask("GET", "/tenants/blog", headers)).status_code == 404
        assert (await world.ask("GET", "/operations", headers)).json()["items"] == []
    assert [one["role"] for one in (await members(world, here.ada))["items"]] == ["owner"]
    again = await world.ask("DELETE", f"/tenants/blog/members/{carl.id}", here.ada)
    assert again.status_code == 404


async def test_the_owner_stays(world: World) -> None:
    here = await shared(world)
    owner = (await members(world, here.ada))["items"][0]["user"]["id"]
    for headers, status in ((here.ada, 409), (await world.grace(), 409), (here.bob, 403)):
        answer = await world.ask("DELETE", f"/tenants/blog/members/{owner}", headers)
        assert answer.status_code == status


async def test_a_forgotten_person_is_no_member_any_more(world: World) -> None:
    here = await shared(world)
    assert (await world.ask("DELETE", f"/users/{here.bobs_id}", await world.grace())).status_code == 204
    assert await count(world.rows, Membership) == 0


async def test_sharing_and_its_end_are_noted(world: World) -> None:
    here = await shared(world)
    await world.ask("DELETE", f"/tenants/blog/members/{here.bobs_id}", here.bob)
    noted = [
        (who, action, subject) for who, action, subject in await audited(world.rows) if "SHARE" in action
    ]
    assert [(action, subject) for _, action, subject in noted] == [
        ("SHARE_SITE", here.tenant),
        ("UNSHARE_SITE", here.tenant),
    ]
    assert noted[1][0] == here.bobs_id


async def test_watching_ends_with_the_membership(world: World) -> None:
    here = await shared(world)
    async with world.rows.transaction() as session:
        bob = (await session.get_one(User, here.bobs_id)).principal()
        (operation,) = (await operations.listed(session, bob, operations.Sought())).items
        found = await operations.find(session, bob, operation.id)
        found.state = "running"

    async def as_bob(_: object) -> Principal:
        return bob

    watching = operations.watch(world.rows, as_bob, operation.id)
    first = await anext(watching)
    assert first is not None
    await world.ask("DELETE", f"/tenants/blog/members/{here.bobs_id}", here.ada)
    async with asyncio.timeout(10):
        assert [one async for one in watching] == []
    async with world.rows.transaction() as session:
        found.state = "succeeded"
        await session.merge(found)
