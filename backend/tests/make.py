"""The only factories of tests: people, sessions, tokens, an app, and clients that show them."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Literal

import httpx
from fastapi import APIRouter, Depends, FastAPI

from aipress.api import edge, idempotency
from aipress.auth.operator import operator_token
from aipress.auth.principal import Role
from aipress.auth.tokens import Tokens
from aipress.config import Settings
from aipress.kit import clock, ids
from aipress.kit.db import Database
from aipress.telemetry.alerts.models import Alert
from aipress.users import current
from aipress.users.current import COOKIE
from aipress.users.models import BrowserSession, Membership, SignInLink, User, fresh_secret, hash_of
from aipress.users.routes import routers

Client = httpx.AsyncClient
Headers = dict[str, str]
_numbers = itertools.count(1)


async def user(rows: Database, **fields: Any) -> User:
    """A person, by default an active tenant nobody else has met."""
    number = next(_numbers)
    made = User(
        **{"id": ids.new("usr"), "email": f"person{number}@example.com", "name": f"Person {number}", **fields}
    )
    async with rows.transaction() as session:
        session.add(made)
    return made


async def admin(rows: Database, **fields: Any) -> User:
    return await user(rows, role=Role.ADMIN.value, **fields)


async def member(rows: Database, tenant_id: str, person: User | None = None) -> User:
    """Somebody whom a site is shared with, by default a new person."""
    person = person or await user(rows)
    made = Membership(id=ids.new("mbr"), tenant_id=tenant_id, user_id=person.id, added_by="usr_nobody")
    async with rows.transaction() as session:
        session.add(made)
    return person


async def session(rows: Database, person: User, **fields: Any) -> str:
    """The cookie's secret of a browser this person is signed in on."""
    secret = fresh_secret()
    made = BrowserSession(
        **{"id_hash": hash_of(secret), "user_id": person.id, "expires_at": clock.in_seconds(3600), **fields}
    )
    async with rows.transaction() as writing:
        writing.add(made)
    return secret


async def link(
    rows: Database, email: str, kind: Literal["email", "admin"] = "email", expires_at: datetime | None = None
) -> str:
    """The token of an unused sign-in link."""
    secret = fresh_secret()
    made = SignInLink(
        token_hash=hash_of(secret), email=email, kind=kind, expires_at=expires_at or clock.in_seconds(900)
    )
    async with rows.transaction() as writing:
        writing.add(made)
    return secret


async def alert(rows: Database, tenant_id: str | None, **fields: Any) -> Alert:
    """Something that is wrong with a site, by default too many errors; with the machine where there is no tenant."""
    made = Alert(
        **{
            "id": ids.new("alr"),
            "tenant_id": tenant_id,
            "environment_id": ids.short(),
            "kind": "error_rate",
            "state": "open",
            "value": 12.0,
            "worst": 40.0,
            "opened_at": clock.in_seconds(-600),
            **fields,
        }
    )
    async with rows.transaction() as session:
        session.add(made)
    return made


def token(
    settings: Settings, person: User, kind: Literal["user", "agent"] = "user", minutes: int = 10
) -> str:
    """A bearer token of this person, or of an agent of theirs."""
    return Tokens(settings).issue(person.principal(), kind, timedelta(minutes=minutes)).token


def as_browser(secret: str, settings: Settings) -> Headers:
    """What our own page sends."""
    return {"Cookie": f"{COOKIE}={secret}", "Origin": settings.base_url, "Sec-Fetch-Site": "same-origin"}


def as_bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def as_person(settings: Settings, person: User) -> Headers:
    return as_bearer(token(settings, person))


def as_agent(settings: Settings, person: User) -> Headers:
    return as_bearer(token(settings, person, "agent"))


def as_operator(settings: Settings) -> Headers:
    return as_bearer(operator_token(settings))


def app(settings: Settings, rows: Database, *more: Callable[..., Any]) -> FastAPI:
    """People and sign-in behind the real edge, and more endpoints, each to GET and POST at its name."""
    made = _assembled(*more)
    made.state.settings, made.state.rows = settings, rows
    current.install(made, settings)
    return made


@cache
def _assembled(*more: Callable[..., Any]) -> FastAPI:
    """FastAPI takes longer to understand its routes than a test to use them, so that is done once a run."""
    assembled, api = FastAPI(), APIRouter(prefix="/api", dependencies=[Depends(idempotency.once)])
    for router in routers:
        api.include_router(router)
    for endpoint in more:
        api.add_api_route(f"/{endpoint.__name__}", endpoint, methods=["GET", "POST"])
    assembled.include_router(api)
    edge.install(assembled)
    idempotency.install(assembled)
    return assembled


def client_of(app: FastAPI, address: str | None = None, headers: Headers | None = None) -> Client:
    """A client of `app`: through our proxy's Unix socket, or from `address` over TCP. It keeps no cookies."""
    peer: Any = (address, 1234) if address else None
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=peer),
        base_url=app.state.settings.base_url,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers=headers,
    )
