"""What Firebase is asked before an admin's or a destructive route, against Firebase's own emulator."""

import time
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from fastapi import FastAPI
from sqlalchemy import select

from aipress.auth.accounts import Accounts
from aipress.auth.emulator import EmulatorTokens
from aipress.auth.firebase import ISSUER, Firebase, IdTokens
from aipress.auth.google_keys import GoogleKeys
from aipress.config import Settings
from aipress.kit import clock
from aipress.kit.db import Database
from aipress.users import current
from aipress.users.models import BrowserSession, User
from tests import make
from tests.auth.google import Google, published
from tests.emulator import PROJECT, Emulator
from tests.make import Client
from tests.users.through_firebase import HERE, app, browser_of, enter, firebase, settings, whoami

__all__ = ["app", "firebase", "settings"]


@pytest.mark.parametrize("what", ["disabled", "signed out", "removed"])
async def test_who_is_shut_out_at_firebase_reaches_no_admin_route_and_destroys_nothing(
    client: Client, settings: Settings, emulator: Emulator, what: str
) -> None:
    there = emulator.by("google.com", "admin@localhost")
    shown = (browser_of(await enter(client, there), settings), make.as_bearer(there.id_token))
    routes = ("only_vouched", "only_fresh", "only_admins")
    for headers in shown:
        for route in routes:
            assert (await client.get(f"/api/{route}", headers=headers)).status_code == 200
    shut_out(emulator, there.uid, what)
    for headers in shown:
        for route in routes:
            refused = await client.get(f"/api/{route}", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
        assert (await client.get("/api/whoami", headers=headers)).status_code == 200
    assert (await enter(client, there)).status_code == 401


async def test_pitfall_20_a_token_that_still_says_admin_opens_nothing_once_its_person_is_none(
    client: Client, rows: Database, emulator: Emulator, firebase: Firebase
) -> None:
    """What a claim says may be an hour old; a role is what its row says now."""
    there = emulator.by("google.com", "admin@localhost")
    assert (await enter(client, there)).status_code == 200
    said = jwt.decode(there.id_token, options={"verify_signature": False})
    stale = jwt.encode({**said, "role": "admin"}, None, "none")
    assert (await firebase.tokens.verify(stale)).role == "admin", "whoever goes by the claim is fooled"
    headers = make.as_bearer(stale)
    assert (await client.get("/api/only_admins", headers=headers)).status_code == 200
    async with rows.transaction() as session:
        (await session.scalars(select(User))).one().role = "tenant"
    assert (await client.get("/api/only_admins", headers=headers)).status_code == 403
    assert (await client.get("/api/whoami", headers=headers)).json()["role"] == "tenant"


def shut_out(emulator: Emulator, uid: str, what: str) -> None:
    if what == "removed":
        emulator.remove(uid)
    elif what == "disabled":
        emulator.change(uid, disableUser=True)
    else:
        emulator.change(uid, validSince=str(int(time.time()) + 2))


async def test_without_firebase_to_ask_admin_routes_are_closed_and_our_own_link_still_opens_them(
    client: Client, app: FastAPI, rows: Database, emulator: Emulator, firebase: Firebase
) -> None:
    settings: Settings = app.state.settings
    there = emulator.by("google.com", "admin@localhost")
    by_firebase = browser_of(await enter(client, there), settings)
    link = await make.link(rows, "admin@localhost", "admin")
    by_link = browser_of(
        await client.post("/api/auth/email-link/redeem", json={"token": link}, headers=HERE), settings
    )
    nobody = Accounts(PROJECT, emulator="127.0.0.1:18999", keep=timedelta())
    current.install(app, settings, firebase=Firebase(firebase.tokens, nobody))
    refused = await client.get("/api/only_admins", headers=by_firebase)
    assert (refused.status_code, refused.json()["code"]) == (503, "cloud_busy")
    assert (await client.get("/api/only_admins", headers=by_link)).status_code == 200


async def test_only_a_token_that_renews_itself_has_to_be_of_a_fresh_sign_in(
    client: Client, rows: Database, settings: Settings, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "ada@example.com")
    browser = browser_of(await enter(client, there), settings)
    emulator.change(there.uid, validSince="1")
    async with rows.transaction() as session:
        (await session.scalars(select(User))).one().tokens_valid_after = clock.in_seconds(-3600)
        (await session.scalars(select(BrowserSession))).one().auth_time = clock.in_seconds(-600)
    said = jwt.decode(there.id_token, options={"verify_signature": False})
    old = make.as_bearer(jwt.encode({**said, "auth_time": int(time.time()) - 301}, None, "none"))
    for headers, status in ((make.as_bearer(there.id_token), 200), (old, 401), (browser, 200)):
        assert (await client.get("/api/only_fresh", headers=headers)).status_code == status
        assert (await client.get("/api/only_vouched", headers=headers)).status_code == 200


async def test_an_emulators_token_is_nothing_without_the_flag(
    rows: Database, emulator: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    google = Google([published("1", generate_private_key(65537, 2048))])
    token = emulator.by("google.com", "admin@localhost").id_token
    assert EmulatorTokens(ISSUER + PROJECT, PROJECT).verify(token).subject
    real = Settings(
        data_dir=tmp_path_factory.mktemp("real"), firebase_project=PROJECT, firebase_api_key="key"
    )
    app = make.app(real, rows, whoami)
    # Accounts are the emulator's, so that the token's own check is all there is between it and a session.
    accounts = Accounts(PROJECT, emulator=emulator.address)
    current.install(
        app, real, firebase=Firebase(IdTokens(PROJECT, GoogleKeys(transport=google.transport)), accounts)
    )
    async with make.client_of(app) as client:
        entered = await enter(client, token)
        asked = await client.get("/api/whoami", headers=make.as_bearer(token))
    assert (entered.status_code, asked.status_code) == (401, 401)
