"""Firebase's own accounts, asked through its Admin SDK: still good? disabled? And told what our rows say.

The SDK blocks, so it runs in threads. What cannot be asked is not assumed: it fails closed.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from aipress.errors import CloudBusy, NotSignedIn
from aipress.kit import clock, logs

log = logs.get()
SECONDS = 4
KEPT = timedelta(seconds=10)
MOST_KEPT = 10_000
EMULATOR = "FIREBASE_AUTH_EMULATOR_HOST"
T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    """One account as Firebase has it. Sign-ins from before `valid_since` are void there."""

    uid: str
    is_disabled: bool
    valid_since: datetime
    claims: dict[str, object]


class Accounts:
    """One project's accounts. `credentials` is a key file's path; empty means what the machine itself has.

    An answer counts for as long as `keep` says.
    """

    def __init__(
        self, project: str, credentials: str = "", emulator: str = "", keep: timedelta = KEPT
    ) -> None:
        self._project, self._credentials, self._emulator, self._keep = project, credentials, emulator, keep
        self._kept: dict[str, tuple[Account | None, datetime]] = {}

    async def find(self, uid: str) -> Account | None:
        """The account, asked for now; None when there is none. Raises CloudBusy."""
        found = await self._ask(lambda client: _account(client, uid))
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[uid] = (found, clock.now() + self._keep)
        return found

    async def check(self, uid: str, signed_in_at: datetime | None) -> None:
        """Raises NotSignedIn unless the account is there, enabled, and not signed out since; CloudBusy while unknown."""
        kept, until = self._kept.get(uid, (None, clock.now()))
        account = kept if clock.now() < until else await self.find(uid)
        if account is None or account.is_disabled:
            raise NotSignedIn(
                "The account you signed in with is disabled. Ask an admin, or sign in with another."
            )
        if signed_in_at is None or signed_in_at < account.valid_since:
            raise NotSignedIn(
                "The account you signed in with was signed out everywhere. Please sign in again."
            )

    async def set_role(self, uid: str, role: str | None) -> None:
        """Make the account's claims say this role, or none; other claims stay. An account that is gone is left alone."""
        account = await self.find(uid)
        if account is None or account.claims.get("role") == role:
            return
        rest = {name: value for name, value in account.claims.items() if name != "role"}
        claims = {**rest, "role": role} if role else rest
        await self._tell(uid, lambda client: client.set_custom_user_claims(uid, claims))

    async def set_disabled(self, uid: str, is_disabled: bool) -> None:
        """Shut the account out of Firebase, or let it in again."""
        await self._tell(uid, lambda client: client.update_user(uid, disabled=is_disabled))

    async def sign_out(self, uid: str) -> None:
        """Void every sign-in of the account from before now."""
        await self._tell(uid, lambda client: client.revoke_refresh_tokens(uid))

    async def _tell(self, uid: str, deed: Callable[[Any], object]) -> None:
        """Do it unless the account is gone, and forget what was known of it."""
        from firebase_admin.auth import UserNotFoundError

        def tell(client: Any) -> None:
            try:
                deed(client)
            except UserNotFoundError:
                log.info("a Firebase account is gone, so it needs to be told nothing")

        await self._ask(tell)
        self._kept.pop(uid, None)

    async def _ask(self, question: Callable[[Any], T]) -> T:
        from firebase_admin.exceptions import FirebaseError
        from google.auth.exceptions import GoogleAuthError

        try:
            async with asyncio.timeout(2 * SECONDS):
                return await asyncio.to_thread(lambda: question(self._client))
        except (FirebaseError, GoogleAuthError, OSError, TimeoutError, ValueError) as error:
            log.error("Firebase could not be asked", error=repr(error)[:300])
            raise CloudBusy(
                "Firebase can't be asked just now whether you may still come in, so this waits. "
                "Nothing was changed; try again in a moment."
            ) from error

    @cached_property
    def _client(self) -> Any:
        """The SDK's client, made at the first question: reading credentials takes a while, and may fail."""
        import firebase_admin
        from firebase_admin import auth, credentials

        own = (
            credentials.Certificate(self._credentials)
            if self._credentials
            else credentials.ApplicationDefault()
        )
        options = {"projectId": self._project, "httpTimeout": SECONDS}
        with _environment(EMULATOR, self._emulator):
            return auth.Client(firebase_admin.App(self._project, own, options))


def _account(client: Any, uid: str) -> Account | None:
    from firebase_admin.auth import UserNotFoundError

    try:
        found = client.get_user(uid)
    except UserNotFoundError:
        return None
    since = datetime.fromtimestamp((found.tokens_valid_after_timestamp or 0) / 1000, UTC)
    return Account(uid, bool(found.disabled), since, dict(found.custom_claims or {}))


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """The SDK knows of an emulator by this variable alone, and looks only while a client is made."""
    before = os.environ.pop(name, None)
    if value:
        os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if before is not None:
            os.environ[name] = before
