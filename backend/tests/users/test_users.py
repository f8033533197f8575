"""People, as admins see and change them."""

import asyncio
from collections.abc import Awaitable

import pytest
from fastapi import FastAPI
from httpx import Response

from aipress.config import Settings
from aipress.kit.db import Database, Session
from aipress.users import current
from aipress.users.models import User
from tests import make
from tests.make import Client, Headers
from tests.users.looking import audited


@pytest.fixture
async def grace(rows: Database) -> User:
    """An admin."""
    return await make.admin(rows, email="grace@example.com")


@pytest.fixture
def as_grace(grace: User, settings: Settings) -> Headers:
    return make.as_person(settings, grace)


async def test_an_admin_adds_somebody_who_then_signs_in_as_that_person(
    client: Client, rows: Database, as_grace: Headers
) -> None:
    wish = {"email": "Ada@Example.com", "name": " Ada Lovelace ", "role": "admin"}
    added = await client.post("/api/users", json=wish, headers=as_grace)
    assert added.status_code == 201
    ada = added.json()
    facts = {"id", "email", "name", "role", "state", "created_at", "last_seen_at", "sites"}
    assert ada.keys() == facts
    assert (ada["last_seen_at"], ada["sites"]) == (None, 0)
    assert (ada["email"], ada["name"], ada["role"], ada["state"]) == (
        "ada@example.com",
        "Ada Lovelace",
        "admin",
        "active",
    )
    token = await make.link(rows, "ada@example.com")
    entered = await client.post("/api/auth/email-link/redeem", json={"token": token})
    assert entered.json()["user"] == ada


async def test_an_address_is_one_person_however_it_is_written(client: Client, as_grace: Headers) -> None:
    for email, status in (("ada@example.com", 201), ("ADA@example.com", 409), (" ada@EXAMPLE.com", 409)):
        assert (
            await client.post("/api/users", json={"email": email}, headers=as_grace)
        ).status_code == status


async def test_fifty_who_add_the_same_person_at_once_add_one(client: Client, as_grace: Headers) -> None:
    wishes = (
        client.post("/api/users", json={"email": "ada@example.com"}, headers=as_grace) for _ in range(50)
    )
    assert sorted(answer.status_code for answer in await asyncio.gather(*wishes)) == [201] + [409] * 49


async def test_everybody_is_listed_once_page_by_page_newest_first(
    client: Client, rows: Database, as_grace: Headers, grace: User
) -> None:
    people = [grace, *[await make.user(rows) for _ in range(6)]]
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/users", params=params, headers=as_grace)).json()
        seen += [item["id"] for item in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert pages == 3
    assert seen == sorted((person.id for person in people), reverse=True)


async def test_a_page_is_1_to_200_long(client: Client, as_grace: Headers) -> None:
    for limit, status in ((0, 422), (1, 200), (200, 200), (201, 422), ("x", 422)):
        assert (
            await client.get("/api/users", params={"limit": limit}, headers=as_grace)
        ).status_code == status


async def test_only_what_was_read_last_is_changed(client: Client, rows: Database, as_grace: Headers) -> None:
    path = f"/api/users/{(await make.user(rows)).id}"
    tag = (await client.get(path, headers=as_grace)).headers["etag"]
    first = await client.patch(path, json={"name": "One"}, headers=as_grace | {"If-Match": tag})
    late = await client.patch(path, json={"name": "Two"}, headers=as_grace | {"If-Match": tag})
    assert (first.status_code, late.status_code, late.json()["code"]) == (200, 412, "outdated")
    assert (await client.get(path, headers=as_grace)).json()["name"] == "One"
    assert (await client.get(path, headers=as_grace)).headers["etag"] != tag
    for headers in ({}, {"If-Match": "*"}):
        assert (
            await client.patch(path, json={"name": "Three"}, headers=as_grace | headers)
        ).status_code == 200


async def test_of_twenty_changes_to_the_same_version_at_once_one_is_made(
    client: Client, rows: Database, as_grace: Headers
) -> None:
    path = f"/api/users/{(await make.user(rows)).id}"
    tag = {"If-Match": (await client.get(path, headers=as_grace)).headers["etag"]}
    changes = (client.patch(path, json={"name": f"Name {n}"}, headers=as_grace | tag) for n in range(20))
    assert sorted(answer.status_code for answer in await asyncio.gather(*changes)) == [200] + [412] * 19


async def test_a_change_that_changes_nothing_is_no_new_version(
    client: Client, rows: Database, as_grace: Headers
) -> None:
    ada = await make.user(rows)
    path = f"/api/users/{ada.id}"
    before = (await client.get(path, headers=as_grace)).headers["etag"]
    same = {"name": ada.name, "role": "tenant", "state": "active"}
    for change in ({}, same, {"name": None}):
        assert (await client.patch(path, json=change, headers=as_grace)).status_code == 200
    assert (await client.get(path, headers=as_grace)).headers["etag"] == before
    assert await audited(rows) == []


UNCHANGEABLE: list[object] = [
    *({"role": "root"}, {"role": "operator"}, {"state": "gone"}, {"email": "x@y.z"}, {"id": "usr_1"}),
    *({"name": ""}, {"name": "a\x00b"}, {"name": "x" * 121}, {"tokens_valid_after": "2000-01-01"}, [], "x"),
]


async def test_what_can_not_be_changed_is_refused(client: Client, rows: Database, as_grace: Headers) -> None:
    path = f"/api/users/{(await make.user(rows)).id}"
    for change in UNCHANGEABLE:
        refused = await client.patch(path, json=change, headers=as_grace)
        assert (change, refused.status_code) == (change, 422)


@pytest.mark.parametrize("change", [{"role": "tenant"}, {"state": "suspended"}, None], ids=str)
async def test_the_last_active_admin_stays(
    client: Client, rows: Database, as_grace: Headers, grace: User, change: object
) -> None:
    await make.admin(rows, state="suspended")
    assert (await take_away(client, grace, change, as_grace)).status_code == 409
    other = await make.admin(rows)
    assert (await take_away(client, other, change, as_grace)).status_code in (200, 204)
    assert (await take_away(client, grace, change, as_grace)).status_code == 409


@pytest.mark.parametrize("change", [{"role": "tenant"}, {"state": "suspended"}, None], ids=str)
async def test_two_admins_who_drop_each_other_at_once_do_not_leave_none(
    client: Client, rows: Database, settings: Settings, change: object
) -> None:
    for _ in range(3):
        one, two = await make.admin(rows), await make.admin(rows)
        answers = await asyncio.gather(
            take_away(client, two, change, make.as_person(settings, one)),
            take_away(client, one, change, make.as_person(settings, two)),
        )
        assert min(answer.status_code for answer in answers) < 300
        assert max(answer.status_code for answer in answers) in (401, 403, 409)
        survivors = [person for person in (one, two) if await is_active_admin(rows, person)]
        assert len(survivors) == 1
        await make_tenant(rows, survivors[0])


async def test_somebody_who_is_tied_here_is_not_removed(
    app: FastAPI, client: Client, rows: Database, settings: Settings, as_grace: Headers
) -> None:
    ada, bob = await make.user(rows), await make.user(rows)

    async def owns_sites(_: Session, user_id: str) -> str | None:
        return "Ada owns 2 sites. Remove them first." if user_id == ada.id else None

    current.install(app, settings, [owns_sites])
    refused = await client.delete(f"/api/users/{ada.id}", headers=as_grace)
    assert (refused.status_code, refused.json()["detail"]) == (409, "Ada owns 2 sites. Remove them first.")
    assert (await client.get(f"/api/users/{ada.id}", headers=as_grace)).status_code == 200
    assert (await client.delete(f"/api/users/{bob.id}", headers=as_grace)).status_code == 204
    assert (await client.get(f"/api/users/{bob.id}", headers=as_grace)).status_code == 404


async def test_nobody_by_that_id_is_not_found(client: Client, as_grace: Headers) -> None:
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        assert (
            await client.request(method, "/api/users/usr_x", json=body, headers=as_grace)
        ).status_code == 404


async def test_a_script_token_is_for_its_person_and_makes_them_if_new(
    client: Client, rows: Database, settings: Settings, as_grace: Headers
) -> None:
    operator = make.as_operator(settings)
    made = await client.post(
        "/api/auth/tokens", json={"email": "Bot@example.com", "role": "admin"}, headers=operator
    )
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    as_bot = make.as_bearer(made.json()["token"])
    people = (await client.get("/api/users", headers=as_bot)).json()["items"]
    assert {person["email"]: person["role"] for person in people}["bot@example.com"] == "admin"


async def test_a_script_token_never_changes_a_role_and_is_not_made_for_the_suspended(
    client: Client, rows: Database, settings: Settings
) -> None:
    operator = make.as_operator(settings)
    ada, eve = await make.user(rows), await make.user(rows, state="suspended")
    wishes = [
        ({"email": ada.email, "role": "admin"}, 409),
        ({"email": ada.email, "role": "tenant"}, 200),
        ({"email": ada.email}, 200),
        ({"email": eve.email}, 409),
        ({"email": ada.email, "ttl_seconds": 0}, 422),
        ({"email": ada.email, "ttl_seconds": 366 * 86400 + 1}, 422),
    ]
    for wish, status in wishes:
        assert (await client.post("/api/auth/tokens", json=wish, headers=operator)).status_code == status


async def test_what_admins_and_the_operator_do_is_noted_and_what_is_refused_is_not(
    client: Client, rows: Database, settings: Settings, grace: User, as_grace: Headers
) -> None:
    ada = (await client.post("/api/users", json={"email": "ada@example.com"}, headers=as_grace)).json()["id"]
    await client.patch(f"/api/users/{ada}", json={"role": "admin"}, headers=as_grace)
    await client.patch(f"/api/users/{ada}", json={"role": "tenant"}, headers=as_grace | {"If-Match": '"0"'})
    await client.post("/api/auth/admin-link", headers=make.as_operator(settings))
    await client.post(
        "/api/auth/tokens", json={"email": "ada@example.com"}, headers=make.as_operator(settings)
    )
    token = await make.link(rows, "ada@example.com")
    await client.post("/api/auth/email-link/redeem", json={"token": token})
    await client.delete(f"/api/users/{ada}", headers=as_grace)
    assert await audited(rows) == [
        (grace.id, "CREATE_USER", ada),
        (grace.id, "CHANGE_USER", ada),
        ("operator", "MAKE_ADMIN_LINK", "admin@localhost"),
        ("operator", "MAKE_TOKEN", ada),
        (ada, "SIGN_IN", ada),
        (grace.id, "DELETE_USER", ada),
    ]


def take_away(client: Client, person: User, change: object, headers: Headers) -> Awaitable[Response]:
    """Change the person, or remove them where there is no change."""
    path = f"/api/users/{person.id}"
    return (
        client.delete(path, headers=headers)
        if change is None
        else client.patch(path, json=change, headers=headers)
    )


async def is_active_admin(rows: Database, person: User) -> bool:
    async with rows.reading() as session:
        found = await session.get(User, person.id)
    return found is not None and (found.role, found.state) == ("admin", "active")


async def make_tenant(rows: Database, person: User) -> None:
    async with rows.transaction() as session:
        (await session.get_one(User, person.id)).role = "tenant"
