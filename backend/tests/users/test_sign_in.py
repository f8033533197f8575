"""Signing in with a link: from the request for one to the cookie, and out again."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from http.cookies import Morsel, SimpleCookie

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import select

from aipress.config import Settings
from aipress.kit import clock
from aipress.kit.db import Database
from aipress.users import sign_in
from aipress.users.current import COOKIE
from aipress.users.models import BrowserSession, SignInLink, User, hash_of
from tests import make
from tests.make import Client
from tests.users.looking import count, everything_in, statements_of

WHO = "/api/auth/agent-token"


async def test_a_stranger_asks_for_a_link_opens_it_and_is_a_tenant(
    client: Client, settings: Settings
) -> None:
    asked = await client.post("/api/auth/email-link", json={"email": " Ada@Example.com "})
    assert (asked.status_code, asked.json()["sent_to"]) == (202, "ada@example.com")
    mail = (await client.get("/api/outbox", headers=make.as_operator(settings))).json()["items"][0]
    assert mail["to"] == "ada@example.com"
    entered = await redeem(client, token_in(mail["text"]))
    assert entered.status_code == 200
    shown = entered.json()["user"]
    assert (shown["email"], shown["name"], shown["role"], shown["state"]) == (
        "ada@example.com",
        "ada",
        "tenant",
        "active",
    )
    again = await client.post(WHO, headers=make.as_browser(cookie_of(entered).value, settings))
    assert again.status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, rows: Database) -> None:
    cookie = cookie_of(await redeem(client, await make.link(rows, "ada@example.com")))
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("lax", "/", "")
    assert cookie["max-age"] == str(30 * 86400)
    assert not cookie["secure"], "the app is on http here"


async def test_the_platforms_admin_address_becomes_an_admin(client: Client, rows: Database) -> None:
    entered = await redeem(client, await make.link(rows, "admin@localhost"))
    assert entered.json()["user"]["role"] == "admin"


async def test_signing_in_again_is_the_same_person_with_the_same_role(client: Client, rows: Database) -> None:
    person = await make.user(rows, email="admin@localhost", role="tenant", name="Grace")
    shown = (await redeem(client, await make.link(rows, "admin@localhost"))).json()["user"]
    assert (shown["id"], shown["role"], shown["name"]) == (person.id, "tenant", "Grace")


async def test_a_link_works_once(client: Client, rows: Database) -> None:
    token = await make.link(rows, "ada@example.com")
    assert (await redeem(client, token)).status_code == 200
    refused = await redeem(client, token)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert "set-cookie" not in refused.headers


async def test_an_expired_or_invented_link_is_refused(client: Client, rows: Database) -> None:
    for token in (await make.link(rows, "ada@example.com", expires_at=clock.in_seconds(-1)), "invented", "é"):
        assert (await redeem(client, token)).status_code == 401
    async with rows.reading() as session:
        assert (await session.scalars(select(User))).all() == []


async def test_of_fifty_who_open_the_same_link_at_once_one_gets_in(client: Client, rows: Database) -> None:
    token = await make.link(rows, "ada@example.com")
    answers = await asyncio.gather(*(redeem(client, token) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 49
    assert await count(rows, BrowserSession) == 1


async def test_fifty_links_of_one_new_person_opened_at_once_make_one_person(
    client: Client, rows: Database
) -> None:
    links = [await make.link(rows, "ada@example.com") for _ in range(50)]
    answers = await asyncio.gather(*(redeem(client, link) for link in links))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["user"]["id"] for answer in answers}) == 1
    assert (await count(rows, User), await count(rows, BrowserSession)) == (1, 50)


async def test_a_suspended_person_is_not_let_in_and_keeps_the_link(client: Client, rows: Database) -> None:
    person = await make.user(rows, state="suspended")
    token = await make.link(rows, person.email)
    refused = await redeem(client, token)
    assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
    async with rows.transaction() as session:
        (await session.get_one(User, person.id)).state = "active"
    assert (await redeem(client, token)).status_code == 200


async def test_another_sites_page_can_not_sign_a_visitor_in(client: Client, rows: Database) -> None:
    token = await make.link(rows, "mallory@example.com")
    for headers in (
        {"Origin": "http://evil.localhost:8080"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert (await redeem(client, token, headers)).status_code == 403
    assert (await redeem(client, token, {"Origin": "http://localhost:8080"})).status_code == 200


async def test_asking_for_a_link_tells_nothing_about_who_is_known(client: Client, rows: Database) -> None:
    people = {
        "known": (await make.user(rows)).email,
        "suspended": (await make.user(rows, state="suspended")).email,
        "admin": (await make.admin(rows)).email,
        "new": "nobody@example.com",
    }
    await client.post("/api/auth/email-link", json={"email": "the-first-of-this-client@example.com"})
    said: dict[str, object] = {}
    for kind, email in people.items():
        with statements_of(rows) as statements:
            answer = await client.post("/api/auth/email-link", json={"email": email})
        body = answer.json()
        body.pop("expires_at")
        assert body.pop("sent_to") == email
        said[kind] = (answer.status_code, body, sorted(answer.headers), statements.seen)
    assert said["new"] == said["known"] == said["suspended"] == said["admin"]
    assert not any("users" in statement for statement in statements.seen)


NO_ADDRESSES = [
    *(
        "",
        "ada",
        "ada@",
        "@example.com",
        "a b@example.com",
        "ada@exa mple.com",
        "ada@-x.com",
        "a@b@c",
        "é@example.com",
    ),
    *("ada@example.com\nBcc: x@y.z", "a" * 250 + "@x.de", "a" * 65 + "@x.de", "ada@" + "x" * 64 + ".de"),
    *(None, 1, ["a@b.de"], {"a": "@b.de"}),
]


async def test_what_is_no_address_gets_no_mail(client: Client, settings: Settings) -> None:
    for email in NO_ADDRESSES:
        refused = await client.post("/api/auth/email-link", json={"email": email})
        assert (email, refused.status_code) == (email, 422)
        assert refused.json()["errors"][0]["field"] == "email"
    assert (await client.get("/api/outbox", headers=make.as_operator(settings))).json()["items"] == []


async def test_one_address_gets_five_links_then_has_to_wait(client: Client, settings: Settings) -> None:
    answers = [await client.post("/api/auth/email-link", json={"email": "ada@example.com"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2
    assert answers[-1].json()["code"] == "too_many_requests"
    assert (await client.post("/api/auth/email-link", json={"email": "bob@example.com"})).status_code == 202
    mails = (await client.get("/api/outbox", headers=make.as_operator(settings))).json()["items"]
    assert [mail["to"] for mail in mails] == ["bob@example.com"] + ["ada@example.com"] * 5


async def test_one_client_is_slowed_down_whatever_it_says_about_itself(client: Client) -> None:
    def ask(number: int, headers: dict[str, str]) -> Awaitable[Response]:
        return client.post("/api/auth/email-link", json={"email": f"p{number}@example.com"}, headers=headers)

    forged = [
        await ask(
            number,
            {"X-Forwarded-For": f"10.0.0.{number}, 2001:db8::{number:x}", "X-Real-IP": f"10.0.0.{number}"},
        )
        for number in range(32)
    ]
    assert [answer.status_code for answer in forged] == [202] * 30 + [429] * 2
    assert (await ask(99, {"X-Forwarded-For": "2001:db8:0:1::1"})).status_code == 202


async def test_at_the_same_moment_no_more_links_are_sent_than_one_after_the_other(client: Client) -> None:
    asked = (client.post("/api/auth/email-link", json={"email": "ada@example.com"}) for _ in range(20))
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [429] * 15


async def test_the_operators_link_makes_the_admin_address_an_admin_once(
    client: Client, rows: Database, settings: Settings
) -> None:
    person = await make.user(rows, email="admin@localhost")
    made = await client.post("/api/auth/admin-link", headers=make.as_operator(settings))
    assert made.status_code == 201
    assert datetime.fromisoformat(made.json()["expires_at"]) - clock.now() <= timedelta(minutes=15)
    assert made.json()["url"].startswith("http://localhost:8080/login#token=")
    entered = await redeem(client, token_in(made.json()["url"]))
    assert (entered.json()["user"]["id"], entered.json()["user"]["role"]) == (person.id, "admin")
    assert (await redeem(client, token_in(made.json()["url"]))).status_code == 401


async def test_signing_out_ends_this_browsers_session_only(
    client: Client, rows: Database, settings: Settings
) -> None:
    person = await make.user(rows)
    here, there = await make.session(rows, person), await make.session(rows, person)
    left = await client.post("/api/auth/logout", headers=make.as_browser(here, settings))
    assert (left.status_code, cookie_of(left).value, cookie_of(left)["max-age"]) == (204, "", "0")
    assert (await client.post(WHO, headers=make.as_browser(here, settings))).status_code == 401
    assert (await client.post(WHO, headers=make.as_browser(there, settings))).status_code == 200
    for headers in (make.as_browser(here, settings), make.as_browser("invented", settings), {}):
        assert (await client.post("/api/auth/logout", headers=headers)).status_code == 204


async def test_another_sites_page_can_not_sign_a_visitor_out(
    client: Client, rows: Database, settings: Settings
) -> None:
    secret = await make.session(rows, await make.user(rows))
    refused = await client.post("/api/auth/logout", headers={"Cookie": f"{COOKIE}={secret}"})
    assert refused.status_code == 403
    assert (await client.post(WHO, headers=make.as_browser(secret, settings))).status_code == 200


async def test_only_what_is_over_is_forgotten(client: Client, rows: Database, settings: Settings) -> None:
    person, past = await make.user(rows), clock.in_seconds(-1)
    kept = await make.session(rows, person)
    await make.session(rows, person, expires_at=past)
    await make.link(rows, "new@example.com")
    await make.link(rows, "old@example.com", expires_at=past)
    async with rows.transaction() as session:
        await sign_in.forget_expired(session)
    async with rows.reading() as session:
        assert (await session.scalars(select(BrowserSession.id_hash))).all() == [hash_of(kept)]
        assert (await session.scalars(select(SignInLink.email))).all() == ["new@example.com"]


async def test_no_secret_of_signing_in_is_in_the_database_or_a_log(
    client: Client, rows: Database, settings: Settings, app: FastAPI, capfd: pytest.CaptureFixture[str]
) -> None:
    operator, key = make.as_operator(settings), {"Idempotency-Key": "canary"}
    await client.post("/api/auth/email-link", json={"email": "ada@example.com"}, headers=key)
    mailed = token_in((await client.get("/api/outbox", headers=operator)).json()["items"][0]["text"])
    cookie = cookie_of(await redeem(client, mailed, key)).value
    link = (await client.post("/api/auth/admin-link", headers=operator | key)).json()["url"]
    lent = (await client.post(WHO, headers=make.as_browser(cookie, settings) | key)).json()["token"]
    made = await client.post("/api/auth/tokens", json={"email": "ada@example.com"}, headers=operator | key)
    secrets = [
        mailed,
        cookie,
        token_in(link),
        lent,
        made.json()["token"],
        operator["Authorization"].split()[1],
    ]
    assert all(len(secret) > 40 for secret in secrets)
    for secret in secrets:
        await redeem(client, secret)
        await client.get("/api/users", headers=make.as_bearer(secret + "x"))
    everything = await everything_in(rows) + "".join(capfd.readouterr())
    assert hash_of(cookie) in everything
    assert hash_of(mailed) in everything
    assert [secret for secret in secrets if secret in everything] == []


async def redeem(client: Client, token: str, headers: dict[str, str] | None = None) -> Response:
    return await client.post("/api/auth/email-link/redeem", json={"token": token}, headers=headers)


def token_in(text: str) -> str:
    return text.partition("#token=")[2].split()[0]


def cookie_of(answer: Response) -> Morsel[str]:
    return SimpleCookie(answer.headers["set-cookie"])[COOKIE]
