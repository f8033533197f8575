"""The edge of the control plane: one request is one transaction, and the same POST twice is one deed.

Nobody else commits. A response below 400 commits before its first byte leaves; any other undoes the work.
"""

from typing import Any, cast

from fastapi import FastAPI
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aipress.errors import AIPressError, CloudBusy, Conflict, Invalid, Outdated
from aipress.kit import logs
from aipress.kit.db import Database, Session
from aipress.web import problems

log = logs.get()
READS = {"GET", "HEAD", "OPTIONS"}
REFUSALS = (OperationalError, DataError, StaleDataError)  # what a database says when it is not our mistake


def install(app: FastAPI) -> None:
    """Give every request its transaction, and make every failure a problem, the database's too."""
    app.add_middleware(OneTransaction)
    problems.install(app)
    for refusal in REFUSALS:
        app.add_exception_handler(refusal, _database_refused)


class OneTransaction:
    """Opens a session for each request, and ends it with the response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        rows: Database = scope["app"].state.rows
        async with rows.reading() if scope["method"] in READS else rows.writing() as session:
            scope.setdefault("state", {})["session"] = session
            await self.app(scope, receive, Ending(scope, session, receive, send))


class Ending:
    """A `send` that commits or undoes the session when the response's outcome is known."""

    def __init__(self, scope: Scope, session: Session, receive: Receive, send: Send) -> None:
        self.scope, self.session, self.receive, self.send = scope, session, receive, send
        self.start: Message | None = None
        self.body = b""
        self.failed = False

    async def __call__(self, message: Message) -> None:
        if self.failed:
            return
        if message["type"] == "http.response.start" and _holds_a_secret(message):
            await self._forget()
        if message["type"] == "http.response.start" and self._to_remember() and message["status"] < 400:
            self.start = message
        elif message["type"] == "http.response.start":
            await self._end(message["status"], message)
        elif self.start is None:
            await self.send(message)
        else:
            await self._remember(message)

    def _to_remember(self) -> Any:
        return self.scope["state"].get("idempotency")

    async def _forget(self) -> None:
        """An answer with a secret is kept nowhere: the same key makes a fresh one."""
        deed = self.scope["state"].pop("idempotency", None)
        if deed is not None:
            await self.session.delete(deed)

    async def _remember(self, message: Message) -> None:
        """Keep the whole answer beside the deed, then let both out."""
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        start = cast(Message, self.start)
        self._to_remember().keep(start["status"], self.body.decode())
        self.start = None
        await self._end(start["status"], start)
        if not self.failed:
            await self.send({"type": "http.response.body", "body": self.body})

    async def _end(self, status: int, start: Message) -> None:
        try:
            await (self.session.commit() if status < 400 else self.session.rollback())
        except REFUSALS as error:
            self.failed = True
            refusal = await _database_refused(Request(self.scope), error)
            await refusal(self.scope, self.receive, self.send)
            return
        await self.session.close()
        await self.send(start)


async def _database_refused(request: Request, error: Exception) -> Response:
    return problems.problem(request, _in_our_words(request, error))


def _in_our_words(request: Request, error: Exception) -> AIPressError:
    """What the database said, sorted by what the caller can do about it. Nothing was changed in any case."""
    if isinstance(error, StaleDataError):
        kind = Outdated if "if-match" in request.headers else Conflict
        return kind("Somebody changed this at the same moment; nothing of yours was changed. Read it again.")
    if isinstance(error, DataError):
        return Invalid("Some of what was sent holds a character that can't be stored. Leave it out.")
    log.error("database failed", error=str(cast(OperationalError, error).orig), path=request.url.path)
    return CloudBusy(
        "The control plane's database is not answering; nothing was changed. Try again in a moment."
    )


def _holds_a_secret(start: Message) -> bool:
    """Such answers say `Cache-Control: no-store`."""
    return any(name == b"cache-control" and b"no-store" in value for name, value in start["headers"])
