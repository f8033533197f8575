"""Sign-in and people over HTTP. Answers that hold a secret say `no-store`."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from aipress.auth.door import Admin, Anyone, InTransaction, Operator, Person, client_address, session_of
from aipress.auth.tokens import IssuedToken
from aipress.config import Settings
from aipress.kit.db import Session
from aipress.kit.paging import Page
from aipress.users import by_firebase, service, sign_in, views
from aipress.users.current import COOKIE, AnyoneButForeignPages, AtDesk, check_same_origin, session_secret
from aipress.users.schemas import (
    AdminLinkRead,
    EmailLinkCreate,
    EmailLinkRead,
    FirebaseEntry,
    FirebaseRead,
    MailRead,
    ProvidersRead,
    Redemption,
    SignedIn,
    Sought,
    TokenCreate,
    TokenRead,
    UserCreate,
    UserDetailRead,
    UserRead,
    UserUpdate,
)

auth = APIRouter(prefix="/auth", tags=["sign-in"])
people = APIRouter(prefix="/users", tags=["users"])
mail = APIRouter(prefix="/outbox", tags=["sign-in"])
routers = (auth, people, mail)

Limit = Annotated[int, Query(ge=1, le=200)]
IfMatch = Annotated[str | None, Header()]


@auth.post("/email-link", status_code=202)
async def send_email_link(
    wish: EmailLinkCreate, request: Request, session: InTransaction, desk: AtDesk, _: Anyone
) -> EmailLinkRead:
    """Mail a link that signs in, once. Also for an address nobody has used yet: opening the link signs up."""
    expires_at = await sign_in.send_link(session, desk, wish.email, client_address(request))
    return EmailLinkRead(sent_to=wish.email, expires_at=expires_at)


@auth.post("/email-link/redeem")
async def redeem_email_link(
    shown: Redemption, response: Response, session: InTransaction, desk: AtDesk, _: AnyoneButForeignPages
) -> SignedIn:
    """Sign this browser in with the token of a link. A token works once."""
    return await _signed_in(
        session, response, desk, await sign_in.redeem(session, desk.settings, shown.token)
    )


@auth.get("/providers")
async def read_providers(desk: AtDesk, _: Anyone) -> ProvidersRead:
    """How one can sign in here: by our own link, and by Firebase where it is configured."""
    return ProvidersRead(email_link=True, firebase=_firebase(desk.settings))


@auth.post("/firebase")
async def sign_in_with_firebase(
    shown: FirebaseEntry, request: Request, response: Response, desk: AtDesk, _: AnyoneButForeignPages
) -> SignedIn:
    """Sign this browser in with the ID token of a Firebase sign-in of the last five minutes."""
    session, client = session_of(request), client_address(request)
    entry = await by_firebase.enter(session, desk, shown.id_token, client)
    return await _signed_in(session, response, desk, entry)


@auth.post("/admin-link", status_code=201)
async def make_admin_link(
    response: Response, session: InTransaction, desk: AtDesk, caller: Operator
) -> AdminLinkRead:
    """A link that signs the platform's admin in, once, within 15 minutes."""
    _never_store(response)
    link = sign_in.make_admin_link(session, desk.settings, caller)
    return AdminLinkRead(url=link.url, expires_at=link.expires_at)


@auth.post("/logout", status_code=204)
async def sign_out(
    request: Request, response: Response, session: InTransaction, desk: AtDesk, _: Anyone
) -> None:
    """Sign this browser out. Safe to say twice."""
    secret = session_secret(request)
    if secret is not None:
        check_same_origin(request, desk.settings)
        await sign_in.sign_out(session, secret)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


@auth.post("/agent-token")
async def lend_token_to_agent(response: Response, desk: AtDesk, caller: Person) -> TokenRead:
    """A token for the assistant, good for ten minutes. It can't confirm plans, destroy or make tokens."""
    _never_store(response)
    return _shown(sign_in.lend_to_agent(desk.tokens, caller))


@auth.post("/tokens")
async def make_token(
    wish: TokenCreate, response: Response, session: InTransaction, desk: AtDesk, caller: Operator
) -> TokenRead:
    """A bearer token for somebody's scripts. An unknown address becomes a user."""
    _never_store(response)
    return _shown(await sign_in.make_token(session, desk, caller, wish))


@auth.get("/jwks")
async def show_public_keys(response: Response, desk: AtDesk, _: Anyone) -> dict[str, list[dict[str, str]]]:
    """The public keys our tokens are signed with, as a JSON Web Key Set."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return desk.tokens.jwks()


@mail.get("")
async def list_caught_mail(
    response: Response, desk: AtDesk, _: Operator, limit: Limit = 20, cursor: str | None = None
) -> Page[MailRead]:
    """The platform's own mail, newest first: on one machine it is caught instead of sent."""
    _never_store(response)
    caught, after = await desk.outbox.caught(limit, cursor)
    return Page(items=[MailRead.of(one) for one in caught], next_cursor=after)


@people.get("")
async def list_users(session: InTransaction, _: Admin, sought: Annotated[Sought, Query()]) -> Page[UserRead]:
    """Everybody, or whoever is looked for, newest first."""
    rows, after = await service.listed(session, sought)
    return Page(items=await views.shown(session, rows), next_cursor=after)


@people.post("", status_code=201)
async def add_user(wish: UserCreate, session: InTransaction, caller: Admin) -> UserRead:
    """Add somebody before they sign in for the first time."""
    return await views.one(session, await service.add(session, caller, wish))


@people.get("/{user_id}")
async def read_user(user_id: str, response: Response, session: InTransaction, _: Admin) -> UserDetailRead:
    """One person, with their sites, and on how many browsers they are signed in."""
    user = await service.find(session, user_id)
    response.headers["ETag"] = service.etag(user)
    return await views.whole(session, user)


@people.patch("/{user_id}")
async def change_user(
    user_id: str, wish: UserUpdate, session: InTransaction, caller: Admin, if_match: IfMatch = None
) -> UserRead:
    """Rename somebody, change their role, suspend or reactivate them. With `If-Match`, only that version."""
    return await views.one(session, await service.change(session, caller, user_id, wish, if_match))


@people.delete("/{user_id}", status_code=204)
async def remove_user(user_id: str, session: InTransaction, desk: AtDesk, caller: Admin) -> None:
    """Forget somebody. Refused while they own sites, and for the last admin."""
    await service.remove(session, caller, user_id, desk.ties)


@people.delete("/{user_id}/sessions", status_code=204)
async def end_sessions(user_id: str, session: InTransaction, caller: Admin) -> None:
    """Sign somebody out everywhere: their browsers' sessions end, and every token of theirs is void."""
    await service.end_sessions(session, caller, user_id)


async def _signed_in(
    session: Session, response: Response, desk: sign_in.Desk, entry: sign_in.Entry
) -> SignedIn:
    """The cookie for a browser that just came in."""
    secure, life = desk.settings.base_url.startswith("https:"), desk.settings.session_days * 86400
    response.set_cookie(COOKIE, entry.secret, life, path="/", httponly=True, samesite="lax", secure=secure)
    _never_store(response)
    return SignedIn(user=await views.one(session, entry.user))


def _firebase(settings: Settings) -> FirebaseRead | None:
    if not settings.firebase_project:
        return None
    emulator = settings.firebase_emulator
    return FirebaseRead.model_validate(
        {
            "api_key": settings.firebase_api_key,
            "auth_domain": settings.firebase_pages,
            "project_id": settings.firebase_project,
            "emulator_url": f"http://{emulator}" if emulator else None,
            "providers": settings.sign_in_ways,
        }
    )


def _shown(issued: IssuedToken) -> TokenRead:
    return TokenRead(token=issued.token, expires_at=issued.expires_at)


def _never_store(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
