"""Signing in with Firebase: a fresh ID token in, a session of ours out. A person is known by a verified address."""

from datetime import timedelta

from sqlalchemy import select

from aipress.auth.firebase import Firebase, SignIn
from aipress.auth.principal import FRESH
from aipress.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.users import in_step, limits
from aipress.users.models import User
from aipress.users.schemas import EMAIL
from aipress.users.service import ensure_person
from aipress.users.sign_in import PER_CLIENT, Desk, Entry, Way, let_in, network_of, role_of_new

PER_ACCOUNT = limits.Pace(burst=20, every=30)
LONGEST_NAME = 120


class NotVerified(NotAllowed):
    """The address is not known to be theirs. The app offers to have it confirmed."""

    code, title = "email_not_verified", "That address is not confirmed yet"


async def enter(session: Session, desk: Desk, id_token: str, client: str) -> Entry:
    """Sign in with an ID token. Whoever is new becomes a user.

    Raises NotFound without Firebase, NotSignedIn for a token that is no good, NotVerified, NotAllowed for suspended
    people, Conflict when the address is another account's, TooMany, CloudBusy while Firebase can't be asked.
    """
    firebase = desk.firebase
    if firebase is None:
        raise NotFound("Nobody signs in with Firebase here. Ask for a link by e-mail.")
    shown = await firebase.tokens.verify(id_token)
    _check(shown)
    await limits.use(session, f"firebase from {network_of(client)}", PER_CLIENT)
    await limits.use(session, f"firebase as {shown.uid}", PER_ACCOUNT)
    await firebase.accounts.check(shown.uid, shown.signed_in_at)
    user = await _person_behind(session, desk, firebase, shown)
    if shown.role != user.role:
        await in_step.note(session, user)
    return let_in(session, desk.settings, user, Way("Firebase", shown.signed_in_at, shown.uid))


def _check(shown: SignIn) -> None:
    """A token lives for an hour and may be stolen; a session lives for weeks: only a fresh sign-in begins one."""
    if shown.signed_in_at < clock.now() - FRESH:
        raise NotSignedIn("That sign-in is more than five minutes old. Please sign in again.")
    if not shown.email.isascii() or not EMAIL.fullmatch(shown.email.lower()):
        raise NotVerified(
            "We were told no e-mail address of yours. Let it be shared, or sign in another way."
        )
    if not shown.is_verified:
        raise NotVerified(
            f"Nobody has confirmed yet that {shown.email} is yours. Confirm it, or sign in another way."
        )


async def _person_behind(session: Session, desk: Desk, firebase: Firebase, shown: SignIn) -> User:
    """The person of this account; else the person with its address, who from now on is of this account."""
    known = select(User).where(User.firebase_uid == shown.uid).with_for_update()
    user = await session.scalar(known.execution_options(populate_existing=True))
    if user is not None:
        if shown.signed_in_at < user.tokens_valid_after:  # Firebase may not have heard of it yet
            raise NotSignedIn("You were signed out everywhere since. Please sign in again.")
        return user
    email = shown.email.lower()
    user, is_new = await ensure_person(session, email, role_of_new(desk.settings, email), _name_of(shown))
    if is_new:
        # They signed in a moment before we knew them: what they signed in with has to be good here too.
        user.tokens_valid_after = min(user.tokens_valid_after, shown.signed_in_at - timedelta(seconds=1))
    elif user.firebase_uid is not None and await firebase.accounts.find(user.firebase_uid) is not None:
        raise Conflict(
            f"{email} signs in with another account already. Sign in with that one, or ask an admin."
        )
    user.firebase_uid = shown.uid
    await session.flush()
    return user


def _name_of(shown: SignIn) -> str:
    """What they call themselves there, as one line: nobody checked it, and it stands in lists and messages of ours."""
    plain = "".join(char if char.isprintable() else " " for char in shown.name)
    return " ".join(plain.split())[:LONGEST_NAME]
