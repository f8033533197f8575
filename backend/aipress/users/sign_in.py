"""How somebody gets in: links that work once, the sessions and tokens they lead to, and the way out."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from aipress.audit.models import record
from aipress.auth.firebase import Firebase
from aipress.auth.principal import Principal, Role
from aipress.auth.tokens import LONGEST_LIFE, IssuedToken, Tokens
from aipress.config import Settings
from aipress.errors import Conflict, NotAllowed, NotSignedIn
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.kit.mail import Mail, Outbox
from aipress.users import in_step, limits
from aipress.users.models import BrowserSession, SignInLink, User, fresh_secret, hash_of
from aipress.users.schemas import TokenCreate
from aipress.users.service import Tie, ensure_person

LINK_LIFE = timedelta(minutes=15)
PER_ADDRESS = limits.Pace(burst=5, every=180)
PER_CLIENT = limits.Pace(burst=30, every=30)


@dataclass(frozen=True)
class Desk:
    """What signing in works with. `ties` say what keeps a person from being removed."""

    settings: Settings
    tokens: Tokens
    outbox: Outbox
    ties: Sequence[Tie] = ()
    firebase: Firebase | None = None


@dataclass(frozen=True)
class Link:
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class Way:
    """How somebody came in, and when they proved who they are; by which Firebase account, if by one."""

    name: str
    signed_in_at: datetime
    firebase_uid: str | None = None


@dataclass(frozen=True)
class Entry:
    """Somebody who just came in, and the secret for their browser's cookie."""

    user: User
    secret: str


async def send_link(session: Session, desk: Desk, email: str, client: str) -> datetime:
    """Mail a sign-in link; answers when it expires. Raises TooMany.

    Nothing here looks up whether the address is known, so neither the answer nor its timing can tell.
    """
    await limits.use(session, f"link to {email}", PER_ADDRESS)
    await limits.use(session, f"link from {network_of(client)}", PER_CLIENT)
    link = _fresh_link(session, desk.settings, email, "email")
    await desk.outbox.send(Mail(email, "Sign in to AIPress", _letter(link)))
    return link.expires_at


def make_admin_link(session: Session, settings: Settings, who: Principal) -> Link:
    """A link that signs the platform's admin in, once, without any mail."""
    email = settings.admin_email.lower()
    record(session, who, "MAKE_ADMIN_LINK", email)
    return _fresh_link(session, settings, email, "admin")


async def redeem(session: Session, settings: Settings, token: str) -> Entry:
    """Sign in with a link. Whoever is new becomes a user. Raises NotSignedIn for a link that is no good."""
    link = await _spend(session, token)
    user = await _person_behind(session, settings, link)
    return let_in(session, settings, user, Way(f"{link.kind} link", clock.now()))


def let_in(session: Session, settings: Settings, user: User, way: Way) -> Entry:
    """Begin a session for a browser of this person. Raises NotAllowed when they are suspended."""
    if not user.is_active:
        raise NotAllowed("This account is suspended. Ask an admin to reactivate it.")
    secret, expires_at = fresh_secret(), clock.in_seconds(settings.session_days * 86400)
    session.add(
        BrowserSession(
            id_hash=hash_of(secret),
            user_id=user.id,
            expires_at=expires_at,
            auth_time=way.signed_in_at,
            firebase_uid=way.firebase_uid,
        )
    )
    record(session, user.principal(), "SIGN_IN", user.id, by=way.name)
    return Entry(user, secret)


async def sign_out(session: Session, secret: str) -> None:
    """End a browser's session, if there is one."""
    ended = (
        delete(BrowserSession)
        .where(BrowserSession.id_hash == hash_of(secret))
        .returning(BrowserSession.user_id)
    )
    user_id = await session.scalar(ended)
    user = await session.get(User, user_id) if user_id else None
    if user is not None:
        record(session, user.principal(), "SIGN_OUT", user.id)


def lend_to_agent(tokens: Tokens, who: Principal) -> IssuedToken:
    """A short-lived token for an agent of this person. Raises NotAllowed for agents."""
    return tokens.issue(who, "agent", LONGEST_LIFE["agent"])


async def make_token(session: Session, desk: Desk, who: Principal, wish: TokenCreate) -> IssuedToken:
    """A token for somebody's scripts. Raises Conflict when they are suspended or their role is another."""
    user, is_new = await ensure_person(
        session, wish.email, wish.role or role_of_new(desk.settings, wish.email)
    )
    if not user.is_active:
        raise Conflict(f"{user.email} is suspended. Reactivate them first.")
    if wish.role not in (None, user.role):
        raise Conflict(
            f"{user.email} is here already, as {user.role}. Change the role first, or leave it out."
        )
    record(
        session,
        who,
        "MAKE_TOKEN",
        user.id,
        email=user.email,
        ttl_seconds=str(wish.ttl_seconds),
        new=str(is_new),
    )
    return desk.tokens.issue(
        user.principal(signed_in_at=clock.now()), "user", timedelta(seconds=wish.ttl_seconds)
    )


async def forget_expired(session: Session) -> None:
    """Remove links, sessions and counts that mean nothing any more. For the platform's regular sweep."""
    await session.execute(delete(SignInLink).where(SignInLink.expires_at < clock.now()))
    await session.execute(delete(BrowserSession).where(BrowserSession.expires_at < clock.now()))
    await limits.forget_paid_off(session)


def role_of_new(settings: Settings, email: str) -> Role:
    """What somebody is who comes for the first time."""
    return Role.ADMIN if email == settings.admin_email.lower() else Role.TENANT


def _fresh_link(session: Session, settings: Settings, email: str, kind: str) -> Link:
    """The secret stands in the fragment: browsers send it to nobody, so it is in no log."""
    secret, expires_at = fresh_secret(), clock.now() + LINK_LIFE
    session.add(SignInLink(token_hash=hash_of(secret), email=email, kind=kind, expires_at=expires_at))
    return Link(f"{settings.base_url}/login#token={secret}", expires_at)


async def _spend(session: Session, token: str) -> SignInLink:
    """Use a link up. The condition is in the statement: of many who come at once, one gets it."""
    now = clock.now()
    unused = (
        SignInLink.token_hash == hash_of(token),
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
    )
    spent = update(SignInLink).where(*unused).values(used_at=now).returning(SignInLink)
    link = await session.scalar(spent, execution_options={"synchronize_session": False})
    if link is None:
        raise NotSignedIn("This sign-in link was used already or has expired. Ask for a new one.")
    return link


async def _person_behind(session: Session, settings: Settings, link: SignInLink) -> User:
    user, _ = await ensure_person(session, link.email, role_of_new(settings, link.email))
    if link.kind == "admin" and user.role != Role.ADMIN:
        user.role, user.version = Role.ADMIN.value, user.version + 1
        await in_step.note(session, user)
    return user


def network_of(client: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: a whole one is what a single customer gets."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def _letter(link: Link) -> str:
    minutes = int(LINK_LIFE.total_seconds() // 60)
    return (
        f"Open this link to sign in. It works once, within {minutes} minutes.\n\n{link.url}\n\n"
        "You did not ask for it? Then somebody mistyped an address; nothing happens unless you open it.\n"
    )
