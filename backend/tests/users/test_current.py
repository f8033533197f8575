"""Who a request is from: each credential, which one wins, and that what changed in the rows holds at once."""

from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from httpx import Response

from aipress.auth.door import Caller
from aipress.auth.operator import operator_token
from aipress.auth.principal import Principal, Role, Voucher
from aipress.auth.tokens import Tokens
from aipress.config import Settings
from aipress.errors import NotSignedIn
from aipress.kit import clock
from aipress.kit.db import Database
from aipress.users.current import COOKIE, Doorkeeper
from aipress.users.models import BrowserSession, User, hash_of
from aipress.users.schemas import UserRead
from tests import make
from tests.make import Client, Headers


async def whoami(caller: Caller) -> dict[str, str]:
    return {"kind": caller.kind, "id": caller.id, "email": caller.email, "role": caller.role}


@pytest.fixture
def app(settings: Settings, rows: Database) -> FastAPI:
    """The app, with a route that only says who is asking."""
    return make.app(settings, rows, whoami)


async def who(client: Client, headers: Headers | list[tuple[str, str]], method: str = "GET") -> Response:
    return await client.request(method, "/api/whoami", headers=headers)


async def test_each_credential_says_who_is_asking(client: Client, rows: Database, settings: Settings) -> None:
    ada = await make.user(rows)
    shown = {
        "user": make.as_person(settings, ada),
        "agent": make.as_agent(settings, ada),
        "operator": make.as_operator(settings),
    }
    for kind, headers in shown.items():
        assert (await who(client, headers)).json()["kind"] == kind
    by_cookie = await who(client, make.as_browser(await make.session(rows, ada), settings))
    assert by_cookie.json() == {"kind": "user", "id": ada.id, "email": ada.email, "role": "tenant"}
    operator = (await who(client, shown["operator"])).json()
    assert operator == {"kind": "operator", "id": "operator", "email": "admin@localhost", "role": "admin"}


async def test_nobody_is_let_in_without_a_good_credential(
    client: Client, rows: Database, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ada = await make.user(rows)
    elsewhere = Settings(data_dir=tmp_path_factory.mktemp("elsewhere"))
    bad: dict[str, Headers] = {
        "nothing": {},
        "an empty header": {"Authorization": ""},
        "another scheme": {"Authorization": "Basic YTpi"},
        "no token": {"Authorization": "Bearer"},
        "half an operator token": make.as_bearer(operator_token(settings)[:-4]),
        "another installation's operator token": make.as_operator(elsewhere),
        "another installation's token": make.as_person(elsewhere, ada),
        "a token of nobody we know": make.as_person(
            settings, User(id="usr_x", email="", name="", role="admin")
        ),
        "an empty cookie": {"Cookie": f"{COOKIE}="},
        "an invented cookie": {"Cookie": f"{COOKIE}=invented"},
        "another cookie": {"Cookie": f"x{COOKIE}={await make.session(rows, ada)}"},
        "an expired session": {"Cookie": f"{COOKIE}={await make.session(rows, ada, expires_at=clock.now())}"},
        "the hash of a session": {"Cookie": f"{COOKIE}={hash_of(await make.session(rows, ada))}"},
    }
    for shown, headers in bad.items():
        answer = await who(client, headers)
        assert (shown, answer.status_code) == (shown, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "not_signed_in"
        assert answer.json()["detail"]


async def test_a_token_whose_subject_is_the_operator_is_no_operators(
    settings: Settings, client: Client
) -> None:
    pretender = User(id="operator", email="", name="", role="admin")
    assert (await who(client, make.as_bearer(make.token(settings, pretender)))).status_code == 401
    agent = await who(client, make.as_bearer(make.token(settings, pretender, "agent")))
    assert agent.json()["kind"] == "agent"


async def test_a_bearer_wins_over_a_cookie_also_when_it_is_wrong(
    client: Client, rows: Database, settings: Settings
) -> None:
    ada, bob = await make.user(rows), await make.user(rows)
    cookie = make.as_browser(await make.session(rows, ada), settings)
    assert (await who(client, cookie | make.as_person(settings, bob))).json()["id"] == bob.id
    assert (await who(client, cookie | make.as_bearer("wrong"))).status_code == 401
    assert (
        await who(client, make.as_browser("wrong", settings) | make.as_person(settings, bob))
    ).status_code == 200


OURS, THEIRS = "http://localhost:8080", "http://evil.localhost:8080"


CHANGES: list[tuple[Headers, int]] = [
    ({"Origin": OURS}, 200),
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({"Origin": OURS, "Sec-Fetch-Site": "same-origin"}, 200),
    ({}, 403),
    ({"Origin": THEIRS}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": ""}, 403),
    ({"Origin": "https://localhost:8080"}, 403),
    ({"Origin": "http://localhost"}, 403),
    ({"Origin": OURS + ".evil.example"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "none"}, 403),
    ({"Origin": OURS, "Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": THEIRS, "Sec-Fetch-Site": "same-origin"}, 403),
    ({"Referer": OURS}, 403),
]


async def test_a_cookie_changes_something_only_from_our_own_pages(client: Client, rows: Database) -> None:
    cookie = {"Cookie": f"{COOKIE}={await make.session(rows, await make.user(rows))}"}
    for headers, status in CHANGES:
        assert (headers, (await who(client, cookie | headers, "POST")).status_code) == (headers, status)
        assert (await who(client, cookie | headers, "GET")).status_code == 200


async def test_a_bearer_needs_no_origin(client: Client, rows: Database, settings: Settings) -> None:
    headers = make.as_person(settings, await make.user(rows))
    assert (await who(client, headers | {"Origin": THEIRS}, "POST")).status_code == 200


async def test_two_different_sessions_at_once_are_nobody(client: Client, rows: Database) -> None:
    """A site on a name below ours could add a cookie of its own person to ours."""
    ours, theirs = [await make.session(rows, await make.user(rows)) for _ in range(2)]
    for headers in (
        [("Cookie", f"{COOKIE}={ours}; {COOKIE}={theirs}")],
        [("Cookie", f"{COOKIE}={ours}"), ("Cookie", f"theme=dark;{COOKIE}={theirs}")],
    ):
        assert (await who(client, headers)).status_code == 401
    assert (await who(client, {"Cookie": f"a=b; {COOKIE}={ours};{COOKIE}={ours}"})).status_code == 200


async def test_a_changed_role_holds_at_the_next_request(
    client: Client, rows: Database, settings: Settings
) -> None:
    ada = await make.user(rows)
    shown = [make.as_person(settings, ada), make.as_browser(await make.session(rows, ada), settings)]
    for role in ("admin", "tenant"):
        async with rows.transaction() as session:
            (await session.get_one(User, ada.id)).role = role
        for headers in shown:
            assert (await who(client, headers)).json()["role"] == role


async def test_suspension_ends_everything_at_once_and_for_good(
    client: Client, rows: Database, settings: Settings
) -> None:
    ada, operator = await make.user(rows), make.as_operator(settings)
    shown = [
        make.as_person(settings, ada),
        make.as_agent(settings, ada),
        make.as_browser(await make.session(rows, ada), settings),
    ]
    assert [(await who(client, headers)).status_code for headers in shown] == [200] * 3
    for state in ("suspended", "active"):
        changed = await client.patch(f"/api/users/{ada.id}", json={"state": state}, headers=operator)
        assert changed.json()["state"] == state
        assert [(await who(client, headers)).status_code for headers in shown] == [401] * 3


async def test_a_suspended_person_is_refused_also_with_what_is_newer(
    client: Client, rows: Database, settings: Settings
) -> None:
    ada = await make.user(rows, state="suspended", tokens_valid_after=clock.in_seconds(-60))
    for headers in (
        make.as_person(settings, ada),
        make.as_browser(await make.session(rows, ada), settings),
    ):
        refused = await who(client, headers)
        assert (refused.status_code, "suspended" in refused.json()["detail"]) == (401, True)


async def test_what_was_issued_before_the_cut_is_void_and_what_came_after_is_good(
    client: Client, rows: Database, settings: Settings
) -> None:
    now = clock.now().replace(microsecond=0)
    ada = await make.user(rows, tokens_valid_after=now)
    old = await make.session(rows, ada, created_at=now - timedelta(microseconds=1))
    new = await make.session(rows, ada, created_at=now)
    assert (await who(client, make.as_browser(old, settings))).status_code == 401
    assert (await who(client, make.as_browser(new, settings))).status_code == 200
    assert (await who(client, make.as_person(settings, ada))).status_code == 200
    later = await make.user(rows, tokens_valid_after=now + timedelta(hours=1))
    assert (await who(client, make.as_person(settings, later))).status_code == 401


async def test_a_deleted_persons_credentials_are_void(
    client: Client, rows: Database, settings: Settings
) -> None:
    ada = await make.user(rows)
    shown = [make.as_person(settings, ada), make.as_browser(await make.session(rows, ada), settings)]
    assert (
        await client.delete(f"/api/users/{ada.id}", headers=make.as_operator(settings))
    ).status_code == 204
    assert [(await who(client, headers)).status_code for headers in shown] == [401, 401]


async def test_a_session_notes_when_it_was_last_used(
    client: Client, rows: Database, settings: Settings
) -> None:
    long_ago = clock.in_seconds(-600)
    secret = await make.session(rows, await make.user(rows), last_seen_at=long_ago)

    async def last_seen() -> datetime:
        async with rows.reading() as session:
            return (await session.get_one(BrowserSession, hash_of(secret))).last_seen_at

    await who(client, make.as_browser(secret, settings), "GET")
    assert await last_seen() == long_ago, "looking writes nothing"
    await who(client, make.as_browser(secret, settings), "POST")
    assert await last_seen() > clock.in_seconds(-60)


async def test_an_agents_token_is_short_and_carries_when_its_person_signed_in(
    client: Client, rows: Database, settings: Settings
) -> None:
    ada, then = await make.user(rows), clock.in_seconds(-3600).replace(microsecond=0)
    secret = await make.session(rows, ada, auth_time=then)
    lent = (await client.post("/api/auth/agent-token", headers=make.as_browser(secret, settings))).json()
    bearer = Tokens(settings).verify(lent["token"])
    assert (bearer.subject, bearer.kind, bearer.signed_in_at) == (ada.id, "agent", then)
    whoami = await who(client, make.as_bearer(lent["token"]))
    assert whoami.json() == {"kind": "agent", "id": ada.id, "email": ada.email, "role": "tenant"}
    assert UserRead.model_fields.keys().isdisjoint({"token", "version"})


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Digest"])
async def test_a_good_token_under_another_scheme_is_none(
    client: Client, rows: Database, settings: Settings, scheme: str
) -> None:
    token = make.token(settings, await make.user(rows))
    refused = await who(client, {"Authorization": f"{scheme} {token}"})
    assert (refused.status_code, "Bearer" in refused.json()["detail"]) == (401, True)


async def test_whoever_firebase_let_in_is_not_vouched_for_once_there_is_none(settings: Settings) -> None:
    doorkeeper = Doorkeeper(settings, Tokens(settings), operator_token(settings))
    by_firebase = Principal(
        "user", "usr_1", "ada@example.com", "Ada", Role.ADMIN, voucher=Voucher("uid", by_token=False)
    )
    with pytest.raises(NotSignedIn, match="sign in again"):
        await doorkeeper.vouch(by_firebase)


async def test_an_agent_is_refused_a_token_at_the_door(
    client: Client, rows: Database, settings: Settings
) -> None:
    agent = make.as_agent(settings, await make.user(rows))
    refused = await client.post("/api/auth/agent-token", headers=agent)
    assert (refused.status_code, refused.json()["detail"].split(",")[0]) == (403, "Only a person can do this")


async def test_the_operators_agent_is_an_agent(client: Client, settings: Settings) -> None:
    lent = (await client.post("/api/auth/agent-token", headers=make.as_operator(settings))).json()["token"]
    assert (await who(client, make.as_bearer(lent))).json()["kind"] == "agent"
    assert (await client.post("/api/auth/agent-token", headers=make.as_bearer(lent))).status_code == 403
    assert (await client.post("/api/auth/admin-link", headers=make.as_bearer(lent))).status_code == 403
    assert (await client.get("/api/users", headers=make.as_bearer(lent))).status_code == 403
