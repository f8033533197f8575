"""A control plane whose Firebase is the emulator, and a browser that comes in by it."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import Response

from aipress.auth.accounts import Accounts
from aipress.auth.door import Admin, Caller, FreshPerson, VouchedPerson
from aipress.auth.firebase import Firebase, firebase_of
from aipress.config import Settings
from aipress.kit.db import Database
from aipress.users import current
from aipress.users.current import COOKIE
from tests import make
from tests.emulator import PROJECT, Emulator, SignedInThere
from tests.make import Client, Headers

HERE = {"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}


async def whoami(caller: Caller) -> dict[str, str]:
    return {"kind": caller.kind, "id": caller.id, "email": caller.email, "role": caller.role}


async def only_vouched(caller: VouchedPerson) -> str:
    return caller.id


async def only_fresh(caller: FreshPerson) -> str:
    return caller.id


async def only_admins(caller: Admin) -> str:
    return caller.id


@pytest.fixture
def settings(settings: Settings, emulator: Emulator) -> Settings:
    return Settings(**(settings.model_dump() | emulator.settings))


@pytest.fixture
def firebase(settings: Settings) -> Firebase:
    """Firebase as the settings name it, asked anew each time."""
    found = firebase_of(settings)
    assert found is not None
    accounts = Accounts(PROJECT, emulator=settings.firebase_emulator, keep=timedelta())
    return Firebase(found.tokens, accounts)


@pytest.fixture
def app(settings: Settings, rows: Database, firebase: Firebase) -> FastAPI:
    made = make.app(settings, rows, whoami, only_vouched, only_fresh, only_admins)
    current.install(made, settings, firebase=firebase)
    return made


async def enter(client: Client, there: SignedInThere | str, headers: Headers = HERE) -> Response:
    token = there if isinstance(there, str) else there.id_token
    return await client.post("/api/auth/firebase", json={"id_token": token}, headers=headers)


def browser_of(entered: Response, settings: Settings) -> Headers:
    assert entered.status_code == 200, entered.text
    return make.as_browser(entered.cookies[COOKIE], settings)
