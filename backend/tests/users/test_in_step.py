"""Firebase is told what our rows say, after the commit and until it is heard; against Firebase's own emulator."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from aipress.auth.accounts import Accounts
from aipress.config import Settings
from aipress.kit import clock
from aipress.kit.db import Database
from aipress.users.in_step import keep_in_step, tell_what_is_due
from aipress.users.models import FirebaseNews, User
from tests import make
from tests.emulator import PROJECT, Emulator
from tests.make import Client
from tests.users.looking import count
from tests.waiting import until


@pytest.fixture
def settings(settings: Settings, emulator: Emulator) -> Settings:
    return Settings(**(settings.model_dump() | emulator.settings))


def at(emulator: Emulator) -> Accounts:
    """Its accounts, asked anew each time."""
    return Accounts(PROJECT, emulator=emulator.address, keep=timedelta())


@pytest.fixture
async def ada(rows: Database, emulator: Emulator) -> User:
    """Somebody with an account at Firebase."""
    uid = emulator.by("google.com", "ada@example.com").uid
    return await make.user(rows, email="ada@example.com", firebase_uid=uid)


def claims(emulator: Emulator, person: User) -> dict[str, Any]:
    found: dict[str, Any] = emulator.account(str(person.firebase_uid))["claims"]
    return found


async def change(client: Client, settings: Settings, person: User, **wish: str) -> None:
    headers = make.as_operator(settings)
    changed = await client.patch(f"/api/users/{person.id}", json=wish, headers=headers)
    assert changed.status_code == 200, changed.text


async def test_the_first_sign_in_gives_the_account_its_role(
    client: Client, rows: Database, emulator: Emulator
) -> None:
    there = emulator.by("google.com", "admin@localhost")
    headers = {"Origin": "http://localhost:8080"}
    await client.post("/api/auth/firebase", json={"id_token": there.id_token}, headers=headers)
    await tell_what_is_due(rows, at(emulator))
    assert emulator.account(there.uid)["claims"] == {"role": "admin"}
    entered = await client.post(
        "/api/auth/firebase", json={"id_token": emulator.refreshed(there)}, headers=headers
    )
    assert entered.status_code == 200
    assert await count(rows, FirebaseNews) == 0, "what it knows already it is not told again"


async def test_a_changed_role_is_told_and_other_claims_stay(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    emulator.change(str(ada.firebase_uid), customAttributes='{"team": "blue", "role": "tenant"}')
    await change(client, settings, ada, role="admin")
    await tell_what_is_due(rows, at(emulator))
    assert claims(emulator, ada) == {"team": "blue", "role": "admin"}
    assert await count(rows, FirebaseNews) == 0


async def test_suspension_disables_and_signs_out_and_reactivation_lets_in_again(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    accounts, uid = at(emulator), str(ada.firebase_uid)
    emulator.change(uid, validSince="1")
    await change(client, settings, ada, state="suspended")
    await tell_what_is_due(rows, accounts)
    assert emulator.account(uid)["disabled"] is True
    assert int(emulator.account(uid)["validSince"]) > 1
    await change(client, settings, ada, state="active")
    await tell_what_is_due(rows, accounts)
    assert emulator.account(uid)["disabled"] is False


async def test_a_changed_role_does_not_let_in_whom_somebody_disabled_at_firebase(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    uid = str(ada.firebase_uid)
    emulator.change(uid, disableUser=True)
    await change(client, settings, ada, role="admin")
    await tell_what_is_due(rows, at(emulator))
    assert (emulator.account(uid)["disabled"], claims(emulator, ada)) == (True, {"role": "admin"})


async def test_whoever_is_removed_is_signed_out_and_has_no_role(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    uid, accounts = str(ada.firebase_uid), at(emulator)
    emulator.change(uid, validSince="1", customAttributes='{"role": "tenant"}')
    removed = await client.delete(f"/api/users/{ada.id}", headers=make.as_operator(settings))
    assert removed.status_code == 204
    await tell_what_is_due(rows, accounts)
    assert claims(emulator, ada) == {}
    assert int(emulator.account(uid)["validSince"]) > 1


async def test_who_has_no_account_leaves_no_news_and_a_change_that_failed_neither(
    client: Client, rows: Database, settings: Settings, ada: User
) -> None:
    await change(client, settings, await make.user(rows), role="admin")
    headers = make.as_operator(settings)
    refused = await client.patch(
        f"/api/users/{ada.id}", json={"role": "admin"}, headers={**headers, "If-Match": '"9"'}
    )
    assert refused.status_code == 412
    assert await count(rows, FirebaseNews) == 0


async def test_what_could_not_be_told_waits_ever_longer_and_is_told_at_last(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    unreachable = Accounts(PROJECT, emulator="127.0.0.1:18999")
    await change(client, settings, ada, role="admin")
    pauses = []
    for tries in (1, 2):
        await tell_what_is_due(rows, unreachable)
        async with rows.transaction() as session:
            news = (await session.scalars(select(FirebaseNews))).one()
            assert news.tries == tries
            pauses.append(news.due_at - clock.now())
            news.due_at = clock.now()
    assert pauses[1] > pauses[0] * 1.5
    await tell_what_is_due(rows, at(emulator))
    assert claims(emulator, ada) == {"role": "admin"}
    assert await count(rows, FirebaseNews) == 0


async def test_news_that_comes_while_older_is_told_is_not_lost(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    class Interrupted(Accounts):
        async def set_role(self, uid: str, role: str | None) -> None:
            await super().set_role(uid, role)
            if role == "admin":
                await change(client, settings, ada, role="tenant")

    await change(client, settings, ada, role="admin")
    await make.admin(rows)
    accounts = Interrupted(PROJECT, emulator=emulator.address, keep=timedelta())
    await tell_what_is_due(rows, accounts)
    assert await count(rows, FirebaseNews) == 1
    await tell_what_is_due(rows, accounts)
    assert claims(emulator, ada) == {"role": "tenant"}


async def test_an_account_that_is_gone_is_told_nothing_and_asked_about_no_more(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    emulator.remove(str(ada.firebase_uid))
    await change(client, settings, ada, state="suspended")
    await tell_what_is_due(rows, at(emulator))
    assert await count(rows, FirebaseNews) == 0


async def test_a_commit_wakes_the_teller_at_once(
    client: Client, rows: Database, settings: Settings, emulator: Emulator, ada: User
) -> None:
    teller = asyncio.create_task(keep_in_step(rows, at(emulator)))
    await asyncio.sleep(0.2)
    await change(client, settings, ada, role="admin")

    async def is_told() -> bool:
        return claims(emulator, ada) == {"role": "admin"}

    await until(is_told)
    teller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await teller
