"""Signing in with Firebase, against Firebase's own emulator: four ways in, and everybody who has to stay outside."""

import time
from typing import Any

import jwt
import pytest
from sqlalchemy import select

from aipress.config import Settings
from aipress.kit.db import Database
from aipress.users.models import BrowserSession, User
from tests import make
from tests.emulator import PROJECT, Emulator, SignedInThere
from tests.make import Client
from tests.users.looking import audited, count
from tests.users.through_firebase import app, browser_of, enter, firebase, settings

__all__ = ["app", "firebase", "settings"]


@pytest.mark.parametrize("provider", ["google.com", "apple.com", "github.com", "email link"])
async def test_each_way_ends_in_a_session_of_ours(
    client: Client, settings: Settings, emulator: Emulator, provider: str
) -> None:
    email = "ada@example.com"
    there = emulator.by_email_link(email) if provider == "email link" else emulator.by(provider, email)
    entered = await enter(client, there)
    shown = entered.json()["user"]
    assert (entered.status_code, shown["email"], shown["role"]) == (200, email, "tenant")
    assert entered.headers["cache-control"] == "no-store"
    who = await client.get("/api/whoami", headers=browser_of(entered, settings))
    assert who.json() == {"kind": "user", "id": shown["id"], "email": email, "role": "tenant"}


async def test_all_ways_of_one_verified_address_are_one_person(
    client: Client, rows: Database, emulator: Emulator
) -> None:
    known = await make.user(rows, email="ada@example.com", name="Ada")
    for there in (
        emulator.by("google.com", "Ada@Example.com"),
        emulator.by("github.com", "ada@example.com"),
        emulator.by_email_link("ada@example.com"),
    ):
        shown = (await enter(client, there)).json()["user"]
        assert (shown["id"], shown["name"]) == (known.id, "Ada")
    assert await count(rows, User) == 1
    assert {action for _, action, _ in await audited(rows)} == {"SIGN_IN"}


async def test_the_platforms_admin_address_becomes_an_admin_by_firebase_too(
    client: Client, emulator: Emulator
) -> None:
    entered = await enter(client, emulator.by("google.com", "admin@localhost"))
    assert entered.json()["user"]["role"] == "admin"


async def test_an_address_nobody_confirmed_is_refused_and_links_nobody(
    client: Client, rows: Database, emulator: Emulator
) -> None:
    await make.admin(rows, email="grace@example.com")
    refused = await enter(client, emulator.by("github.com", "grace@example.com", is_verified=False))
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")
    assert "grace@example.com" in refused.json()["detail"]
    async with rows.reading() as session:
        assert (await session.scalars(select(User.firebase_uid))).all() == [None]
    assert await count(rows, BrowserSession) == 0


async def test_whoever_was_refused_comes_in_once_the_address_is_confirmed(
    client: Client, emulator: Emulator
) -> None:
    there = emulator.by("github.com", "ada@example.com", is_verified=False)
    assert (await enter(client, there)).status_code == 403
    emulator.change(there.uid, emailVerified=True)
    assert (await enter(client, emulator.refreshed(there))).status_code == 200


async def test_a_person_stays_the_same_when_their_address_changes_at_firebase(
    client: Client, rows: Database, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    first = (await enter(client, there)).json()["user"]
    await make.user(rows, email="grace@example.com")
    emulator.change(there.uid, email="grace@example.com", emailVerified=True)
    again = (await enter(client, emulator.by("google.com", "ada@example.com"))).json()["user"]
    assert (again["id"], again["email"]) == (first["id"], "ada@example.com")


async def test_an_address_of_another_living_account_is_nobodys_to_take(
    client: Client, rows: Database, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    first = (await enter(client, there)).json()["user"]
    emulator.change(there.uid, email="moved@example.com", emailVerified=True)
    newcomer = emulator.by("apple.com", "ada@example.com")
    refused = await enter(client, newcomer)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    emulator.remove(there.uid)
    assert (await enter(client, newcomer)).json()["user"]["id"] == first["id"]


async def test_a_suspended_person_is_not_let_in(client: Client, rows: Database, emulator: Emulator) -> None:
    await make.user(rows, email="ada@example.com", state="suspended")
    refused = await enter(client, emulator.by("google.com", "ada@example.com"))
    assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)


async def test_an_old_sign_in_begins_no_session(client: Client, emulator: Emulator) -> None:
    good = claims_of(emulator.by("google.com", "ada@example.com"))
    old = jwt.encode({**good, "auth_time": int(time.time()) - 301}, None, "none")
    refused = await enter(client, old)
    assert (refused.status_code, "five minutes" in refused.json()["detail"]) == (401, True)


async def test_another_sites_page_can_not_sign_a_visitor_in(client: Client, emulator: Emulator) -> None:
    there = emulator.by("google.com", "mallory@example.com")
    for foreign in ({"Origin": "http://evil.localhost:8080"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await enter(client, there, foreign)).status_code == 403


async def test_signing_in_too_often_is_slowed_down(client: Client, emulator: Emulator) -> None:
    there = emulator.by("google.com", "ada@example.com")
    answers = [(await enter(client, there)).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


async def test_one_network_is_slowed_down_whoever_signs_in_from_it(
    client: Client, emulator: Emulator
) -> None:
    crowd = [emulator.by("google.com", f"ada{number}@example.com") for number in range(31)]
    answers = [(await enter(client, there)).status_code for there in crowd]
    assert answers == [200] * 30 + [429]


async def test_an_account_that_firebase_has_disabled_is_not_let_in(
    client: Client, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    emulator.change(there.uid, disableUser=True)
    assert (await enter(client, there)).status_code == 401


async def test_an_id_token_is_good_as_bearer_once_its_person_has_been_here(
    client: Client, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    bearer = make.as_bearer(there.id_token)
    assert (await client.get("/api/whoami", headers=bearer)).status_code == 401
    entered = (await enter(client, there)).json()["user"]
    assert (await client.get("/api/whoami", headers=bearer)).json()["id"] == entered["id"]
    agents = await client.post("/api/auth/agent-token", headers=bearer)
    assert agents.status_code == 200
    agent = await client.get("/api/whoami", headers=make.as_bearer(agents.json()["token"]))
    assert (agent.json()["kind"], agent.json()["id"]) == ("agent", entered["id"])


async def test_suspension_voids_id_tokens_from_before_for_good(
    client: Client, rows: Database, settings: Settings, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    person = (await enter(client, there)).json()["user"]
    operator = make.as_operator(settings)
    for state in ("suspended", "active"):
        changed = await client.patch(f"/api/users/{person['id']}", json={"state": state}, headers=operator)
        assert changed.status_code == 200
        for token in (there.id_token, emulator.refreshed(there)):
            assert (await client.get("/api/whoami", headers=make.as_bearer(token))).status_code == 401


async def test_a_sign_in_from_before_everything_was_ended_begins_no_session(
    client: Client, settings: Settings, emulator: Emulator
) -> None:
    """Also before Firebase has heard of it: nobody tells it anything in this test."""
    there = emulator.by("google.com", "ada@example.com")
    emulator.change(there.uid, validSince=int(time.time()) - 60)
    earlier = jwt.encode({**claims_of(there), "auth_time": int(time.time()) - 10}, None, "none")
    person = (await enter(client, earlier)).json()["user"]
    path = f"/api/users/{person['id']}/sessions"
    assert (await client.delete(path, headers=make.as_operator(settings))).status_code == 204
    refused = await enter(client, earlier)
    assert (refused.status_code, "set-cookie" in refused.headers) == (401, False)


async def test_a_name_firebase_says_is_one_short_line_of_text(client: Client, emulator: Emulator) -> None:
    good = claims_of(emulator.by("google.com", "ada@example.com"))
    said = "  Ada\n\n\u202eYour account is blocked:\x00 \ud800https://evil.example/login\x07 " + "x" * 200
    entered = await enter(client, jwt.encode({**good, "name": said}, None, "none"))
    name = entered.json()["user"]["name"]
    assert name.startswith("Ada Your account is blocked: https://evil.example/login x")
    assert (len(name), name.isprintable()) == (120, True)


async def test_an_address_that_only_looks_like_somebodys_is_another(
    client: Client, rows: Database, emulator: Emulator
) -> None:
    """The Kelvin sign is a k in lower case."""
    await make.admin(rows, email="mike@example.com")
    good = claims_of(emulator.by("google.com", "mike@elsewhere.example"))
    refused = await enter(client, jwt.encode({**good, "email": "mi\u212ae@example.com"}, None, "none"))
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")


async def test_what_is_configured_is_said_to_everybody(client: Client, emulator: Emulator) -> None:
    assert (await client.get("/api/auth/providers")).json() == {
        "email_link": True,
        "firebase": {
            "api_key": "no-secret",
            "auth_domain": "demo-aipress.firebaseapp.com",
            "project_id": PROJECT,
            "emulator_url": f"http://{emulator.address}",
            "providers": ["google", "apple", "github", "email-link"],
        },
    }


def claims_of(there: SignedInThere) -> dict[str, Any]:
    """What the ID token of this sign-in says."""
    said: dict[str, Any] = jwt.decode(there.id_token, options={"verify_signature": False})
    return said
