"""Who is calling, by what they show: a bearer token of ours or Firebase's, the operator's, or a session's cookie.

Role and state come from our rows at every request, so a change holds from the next one on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request
from sqlalchemy import select

from aipress.auth.door import Anyone
from aipress.auth.firebase import Firebase, firebase_of
from aipress.auth.operator import OPERATOR, is_token, operator_as, operator_token
from aipress.auth.principal import Principal, Voucher
from aipress.auth.tokens import Tokens
from aipress.config import Settings
from aipress.errors import NotAllowed, NotSignedIn
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.kit.mail import Outbox
from aipress.users.models import BrowserSession, User, hash_of
from aipress.users.seen import Seen
from aipress.users.service import Tie
from aipress.users.sign_in import Desk

COOKIE = "aipress_session"
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SEEN_AGAIN = timedelta(minutes=1)


def install(
    app: FastAPI, settings: Settings, ties: Sequence[Tie] = (), firebase: Firebase | None = None
) -> None:
    """Put a doorkeeper and a desk at `app`'s door. The first start makes the secrets they need.

    `firebase` is for whoever has another than the settings name.
    """
    tokens, firebase = Tokens(settings), firebase or firebase_of(settings)
    outbox = Outbox(settings.control_dir / "outbox", settings.mail_from)
    app.state.doorkeeper = Doorkeeper(settings, tokens, operator_token(settings), firebase)
    app.state.desk = Desk(settings, tokens, outbox, ties, firebase)


def desk_of(request: Request) -> Desk:
    """What `install` put there."""
    return desk_at(request.app)


def desk_at(app: FastAPI) -> Desk:
    """The desk at `app`'s door."""
    return cast(Desk, app.state.desk)


AtDesk = Annotated[Desk, Depends(desk_of)]


def no_foreign_page(request: Request, desk: AtDesk, _: Anyone) -> None:
    """Public, but not for other sites' pages: none may sign a visitor in as somebody else."""
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        check_same_origin(request, desk.settings)


AnyoneButForeignPages = Annotated[None, Depends(no_foreign_page)]


@dataclass(frozen=True)
class Doorkeeper:
    """Admits callers. What is shown in the Authorization header wins over a cookie, also when it is wrong."""

    settings: Settings
    tokens: Tokens
    operator: str = field(repr=False)
    firebase: Firebase | None = None
    seen: Seen = field(default_factory=Seen)

    async def admit(self, request: Request, session: Session) -> Principal:
        """The caller. Raises NotSignedIn, or NotAllowed for a request another site made in their name."""
        caller = await self._recognise(request, session)
        if caller.kind == "user":
            self.seen.note(session, request.app.state.rows, caller.id)
        return caller

    async def _recognise(self, request: Request, session: Session) -> Principal:
        authorization = request.headers.get("authorization")
        if authorization is not None:
            return await self._by_bearer(session, authorization)
        secret = session_secret(request)
        if secret is None:
            raise NotSignedIn("You are not signed in. Sign in with a link, or send a bearer token.")
        if request.method not in SAFE_METHODS:
            check_same_origin(request, self.settings)
        return await self._by_cookie(request, session, secret)

    async def vouch(self, caller: Principal) -> None:
        """Ask Firebase about whoever came by it. Raises NotSignedIn, and CloudBusy while it can't be asked."""
        if caller.voucher is None:
            return
        if self.firebase is None:
            raise NotSignedIn("Nobody signs in with Firebase here any more. Please sign in again.")
        await self.firebase.accounts.check(caller.voucher.uid, caller.signed_in_at)

    async def _by_bearer(self, session: Session, authorization: str) -> Principal:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn("Only `Authorization: Bearer` is understood here.")
        if is_token(token.strip(), self.operator):
            return operator_as("operator", self.settings, clock.now())
        if self.firebase is not None and self.firebase.tokens.are_meant(token.strip()):
            return await self._by_id_token(session, self.firebase, token.strip())
        return await self._by_token(session, token.strip())

    async def _by_id_token(self, session: Session, firebase: Firebase, token: str) -> Principal:
        """Somebody who has signed in here with Firebase before: a token alone makes nobody a user."""
        shown = await firebase.tokens.verify(token)
        user = await session.scalar(select(User).where(User.firebase_uid == shown.uid))
        if user is None:
            raise NotSignedIn(f"Nobody has come here with that account yet. Sign in at {self._sign_in_page}.")
        if shown.signed_in_at < user.tokens_valid_after:
            raise NotSignedIn("That token is void. Please sign in again.")
        return _active(user).principal("user", shown.signed_in_at, Voucher(shown.uid, by_token=True))

    @property
    def _sign_in_page(self) -> str:
        return f"{self.settings.base_url}/login"

    async def _by_token(self, session: Session, token: str) -> Principal:
        bearer = self.tokens.verify(token)
        if bearer.subject == OPERATOR and bearer.kind == "agent":
            return operator_as("agent", self.settings, bearer.signed_in_at)
        user = await session.get(User, bearer.subject)
        if user is None or bearer.issued_at < user.tokens_valid_after:
            raise NotSignedIn("That token is void. Please get a new one.")
        return _active(user).principal(bearer.kind, bearer.signed_in_at)

    async def _by_cookie(self, request: Request, session: Session, secret: str) -> Principal:
        found = await session.execute(
            select(BrowserSession, User)
            .join(User, User.id == BrowserSession.user_id)
            .where(BrowserSession.id_hash == hash_of(secret), BrowserSession.expires_at > clock.now())
        )
        row = found.one_or_none()
        if row is None or row.BrowserSession.created_at < row.User.tokens_valid_after:
            raise NotSignedIn("Your session has ended. Please sign in again.")
        if request.method not in SAFE_METHODS and row.BrowserSession.last_seen_at < clock.now() - SEEN_AGAIN:
            row.BrowserSession.last_seen_at = clock.now()
        user: User = row.User
        uid = row.BrowserSession.firebase_uid
        voucher = Voucher(uid, by_token=False) if uid is not None else None
        return _active(user).principal("user", row.BrowserSession.auth_time, voucher)


def session_secret(request: Request) -> str | None:
    """The secret of the browser's session cookie. Raises NotSignedIn where two differ.

    A site on a name below ours can set a cookie for ours; nobody may choose whose session a person is in.
    """
    pairs = (
        pair.strip().partition("=") for line in request.headers.getlist("cookie") for pair in line.split(";")
    )
    secrets = {value for name, _, value in pairs if name == COOKIE}
    if len(secrets) > 1:
        raise NotSignedIn("Two different sessions were sent. Clear this site's cookies, then sign in again.")
    return secrets.pop() if secrets else None


def check_same_origin(request: Request, settings: Settings) -> None:
    """Raises NotAllowed unless the browser says that our own pages made this request."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    ours = origin in (None, settings.base_url) and site in (None, "same-origin")
    if not ours or (origin is None and site is None):
        raise NotAllowed(
            f"This request is not from the app at {settings.base_url}. Open the app there and try again."
        )


def _active(user: User) -> User:
    if not user.is_active:
        raise NotSignedIn("This account is suspended. Ask an admin to reactivate it.")
    return user
