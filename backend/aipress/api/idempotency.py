"""`Idempotency-Key`: the same POST sent twice is done once and answered twice the same.

The key belongs to its caller and its body: with another body it is refused.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, cast

from fastapi import FastAPI, Header, Request
from fastapi.responses import Response
from sqlalchemy import String, Text, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aipress.auth.door import InTransaction, client_address
from aipress.errors import Conflict, Invalid, NotSignedIn
from aipress.kit import clock, db

LIFE = timedelta(days=1)


class Deed(db.Row):
    """One remembered POST: whose, which, and what it was answered."""

    __tablename__ = "idempotency"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(default=None)
    body: Mapped[str | None] = mapped_column(Text, default=None)
    at: Mapped[datetime] = mapped_column(db.Instant)

    def keep(self, status: int, body: str) -> None:
        self.status, self.body = status, body


class Replay(Exception):
    """This was done before: here is the answer again."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(deed.key)
        self.deed = deed


Key = Annotated[
    str | None, Header(alias="Idempotency-Key", max_length=200, description="makes a repeated POST safe")
]


async def once(request: Request, session: InTransaction, key: Key = None) -> None:
    """A dependency of every POST: claims its key, or replays the answer of the first."""
    if key is None or request.method != "POST":
        return
    if not key.strip():
        raise Invalid(
            "Idempotency-Key is empty; leave it out or send a unique value.", {"Idempotency-Key": "empty"}
        )
    deed = Deed(key=await _scoped(request, session, key), request_hash=await _hash(request), at=clock.now())
    first = await _claim(session, deed)
    if first is None:
        request.state.idempotency = deed
    elif first.request_hash != deed.request_hash:
        raise Conflict("This Idempotency-Key was used for another request. Use a new key for a new request.")
    elif first.body is None:
        raise Conflict(
            "The first request with this Idempotency-Key is still being answered. Ask again in a moment."
        )
    else:
        raise Replay(first)


async def forget_old(session: db.Session) -> None:
    """Keys are good for a day: nobody repeats a request later than that."""
    await session.execute(delete(Deed).where(Deed.at < clock.now() - LIFE))


def install(app: FastAPI) -> None:
    """Let `app` answer replays."""
    app.add_exception_handler(Replay, _again)


async def _claim(session: db.Session, deed: Deed) -> Deed | None:
    """Take the key for this request, or the deed that has it."""
    existing = await session.get(Deed, deed.key)
    if existing is not None:
        return existing
    try:
        session.add(deed)
        await session.flush()
    except IntegrityError:
        await session.rollback()
        return await session.get(Deed, deed.key)
    return None


async def _scoped(request: Request, session: db.Session, key: str) -> str:
    """The key among its caller's own, whichever token or cookie they show; strangers' by where they come from."""
    try:
        caller = await request.app.state.doorkeeper.admit(request, session)
        whose = f"{caller.kind} {caller.id}"
    except NotSignedIn:
        whose = f"stranger {client_address(request)}"
    return _sha256(f"{whose}\n{request.url.path}\n{key}".encode())


async def _hash(request: Request) -> str:
    return _sha256(await request.body())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _again(_request: Request, replay: Exception) -> Response:
    deed = cast(Replay, replay).deed
    return Response(deed.body, deed.status or 200, {"Idempotency-Replayed": "true"}, "application/json")
