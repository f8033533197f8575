"""The control plane as the assistant sees it: a client of its API with one person's agent token, and no other power.

Problems come back as our own errors, their detail being a sentence for people.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

import httpx
from pydantic import BaseModel, TypeAdapter

from aipress.audit.schemas import AuditRead
from aipress.billing.schemas import AdviceRead, BillingRead
from aipress.config import Settings
from aipress.domains.schemas import DomainRead
from aipress.errors import (
    AIPressError,
    CloudBusy,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMany,
)
from aipress.operations.schemas import OperationRead
from aipress.plans.arguments import Arguments, NewName, NewSite, SiteAndDomain, WhatToPurge
from aipress.plans.schemas import PlanRead
from aipress.telemetry.diagnosis.schemas import DiagnosisRead
from aipress.telemetry.schemas import LogCounts, LogPage, MetricsRead
from aipress.tenants.schemas import TenantRead
from aipress.threads.schemas import MessageRead, MessageWrite, ThreadRead, ThreadSummary
from aipress.usage.schemas import GrantRead, GrantWish, UseWrite

T = TypeVar("T")
PAGE, MOST_SITES = 200, 2000
BY_STATUS: dict[int, type[AIPressError]] = {
    kind.status: kind for kind in (NotSignedIn, NotAllowed, NotFound, Conflict, Invalid, TooMany, CloudBusy)
}


class Page(BaseModel, Generic[T]):
    items: list[T]
    next_cursor: str | None = None


class Person(BaseModel):
    """Who the assistant works for. `kind` is "agent" for whoever shows an agent token."""

    kind: str
    id: str
    name: str
    role: str


class _Me(BaseModel):
    principal: Person


class _Token(BaseModel):
    token: str


def connect(settings: Settings) -> httpx.AsyncClient:
    """A connection to the control plane's Unix socket."""
    transport = httpx.AsyncHTTPTransport(uds=str(settings.run_dir / "control.sock"), retries=1)
    return httpx.AsyncClient(transport=transport, base_url=settings.base_url, timeout=30)


class ControlPlane:
    """The API, asked in the name of whoever `headers` belong to."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._http = http
        self._headers = headers

    async def agent_token(self) -> str:
        """A short-lived token for an agent of this person. Raises NotSignedIn, NotAllowed."""
        return (await self._ask(_Token, "POST", "/auth/agent-token")).token

    async def me(self) -> Person:
        """Whose token this is."""
        return (await self._ask(_Me, "GET", "/me")).principal

    async def sites(self) -> list[TenantRead]:
        """The sites this person may see, newest first, at most 2,000."""
        return [site async for site in self._every(TenantRead, "/tenants")]

    async def newest_sites(self) -> list[TenantRead]:
        """The newest of them, at most 50."""
        return (await self._ask(Page[TenantRead], "GET", "/tenants?limit=50")).items

    async def opened(self) -> frozenset[str] | None:
        """The ids of sites whose admin somebody opened, as far as this person may know; None when that is more than one page."""
        page = await self._ask(Page[AuditRead], "GET", "/audit?action=OPEN_ADMIN&limit=200")
        return None if page.next_cursor else frozenset(one.subject for one in page.items)

    async def site(self, slug: str) -> TenantRead:
        """One site. Raises NotFound."""
        return await self._ask(TenantRead, "GET", f"/tenants/{_part(slug)}")

    async def billing(self, slug: str, month: str | None) -> BillingRead:
        """What a site costs in a month (YYYY-MM; the current one without it). Raises NotFound."""
        asked = f"?month={_part(month)}" if month else ""
        return await self._ask(BillingRead, "GET", f"/tenants/{_part(slug)}/billing{asked}")

    async def cost_advice(self, slug: str) -> AdviceRead:
        """How a site could cost less. Raises NotFound."""
        return await self._ask(AdviceRead, "GET", f"/tenants/{_part(slug)}/billing/advice")

    async def logs(self, slug: str, asked: Mapping[str, str]) -> LogPage:
        """A site's log lines, newest first. Raises NotFound, Invalid."""
        return await self._ask(LogPage, "GET", f"/tenants/{_part(slug)}/logs?{urlencode(asked)}")

    async def log_counts(self, slug: str, asked: Mapping[str, str]) -> LogCounts:
        """How many of them there are, by time and level. Raises NotFound, Invalid."""
        return await self._ask(LogCounts, "GET", f"/tenants/{_part(slug)}/logs/counts?{urlencode(asked)}")

    async def diagnosis(self, slug: str) -> DiagnosisRead:
        """Why the site is slow or broken, by what happened in the last hour. Raises NotFound."""
        return await self._ask(DiagnosisRead, "GET", f"/tenants/{_part(slug)}/diagnosis")

    async def metrics(self, slug: str, names: Sequence[str], since: datetime, until: datetime) -> MetricsRead:
        """Metrics of a site over a window. Raises NotFound, Invalid."""
        asked = {"metric": ",".join(names), "since": since.isoformat(), "until": until.isoformat()}
        return await self._ask(MetricsRead, "GET", f"/tenants/{_part(slug)}/metrics?{urlencode(asked)}")

    async def create_site(self, wish: NewSite, key: str) -> OperationRead:
        """Start making a site; the same `key` again is the same site."""
        body = {"name": wish.name, **({"tier": wish.tier} if wish.tier else {})}
        return await self._ask(OperationRead, "POST", "/tenants", body, key)

    async def rename_site(self, wish: NewName) -> tuple[TenantRead, str | None]:
        """Give a site another name, and the id of the receipt: none when it is called that already."""
        answer = await self._call("PATCH", f"/tenants/{_part(wish.tenant)}", {"name": wish.name})
        return TenantRead.model_validate_json(answer.content), answer.headers.get("aipress-operation")

    async def purge_cache(self, wish: WhatToPurge) -> OperationRead:
        """Forget a site's kept pages, or those at one path: the receipt. Raises NotFound, Conflict."""
        asked = f"?path={_part(wish.path)}" if wish.path else ""
        return await self._ask(OperationRead, "DELETE", f"/tenants/{_part(wish.tenant)}/cache{asked}")

    async def add_domain(self, wish: SiteAndDomain, key: str) -> tuple[DomainRead, str | None]:
        """Let a site have a domain, and the id of the receipt: none when it has it already. Raises NotFound, Invalid, Conflict."""
        path = f"/tenants/{_part(wish.tenant)}/domains"
        answer = await self._call("POST", path, {"domain": wish.domain}, key)
        return DomainRead.model_validate_json(answer.content), answer.headers.get("aipress-operation")

    async def check_domain(self, wish: SiteAndDomain) -> DomainRead:
        """A domain, after its records were looked for. Raises NotFound."""
        path = f"/tenants/{_part(wish.tenant)}/domains/{_part(wish.domain)}"
        await self._call("POST", f"{path}/verification")
        return await self._ask(DomainRead, "GET", path)

    async def operation(self, operation_id: str) -> OperationRead:
        """An operation as it is now. Raises NotFound."""
        return await self._ask(OperationRead, "GET", f"/operations/{_part(operation_id)}")

    async def last_operation(self, actor_id: str) -> OperationRead | None:
        """The last thing this user did, or an agent of theirs; None when they did nothing yet."""
        path = f"/operations?actor={_part(actor_id)}&limit=1"
        newest = await self._ask(Page[OperationRead], "GET", path)
        return next(iter(newest.items), None)

    async def undo(self, operation_id: str, key: str) -> OperationRead:
        """Undo what was done; the operation that does. Raises NotFound, Conflict, NotAllowed."""
        return await self._ask(OperationRead, "POST", f"/operations/{_part(operation_id)}/undo", key=key)

    async def propose(self, action: str, arguments: Arguments, key: str) -> PlanRead:
        """Store a plan for a person to confirm. Nothing else happens."""
        body = {"action": action, "arguments": arguments.model_dump(mode="json", exclude_none=True)}
        return await self._ask(PlanRead, "POST", "/plans", body, key)

    async def plan(self, plan_id: str) -> PlanRead:
        """A plan as it is now. Raises NotFound."""
        return await self._ask(PlanRead, "GET", f"/plans/{_part(plan_id)}")

    async def ask_for_tokens(self, wish: GrantWish) -> GrantRead:
        """Have tokens of this person's day set aside for an answer."""
        return await self._ask(GrantRead, "POST", "/usage/grants", wish.model_dump())

    async def note_use(self, use_id: str, figures: UseWrite) -> None:
        """Count what an answer used. Raises NotFound."""
        await self._call("PUT", f"/usage/grants/{_part(use_id)}", figures.model_dump())

    async def threads(self, cursor: str | None) -> Page[ThreadSummary]:
        """This person's conversations, newest first."""
        return await self._ask(
            Page[ThreadSummary], "GET", "/threads" + (f"?cursor={_part(cursor)}" if cursor else "")
        )

    async def begin_thread(self, title: str, key: str) -> ThreadRead:
        """A new conversation; the same `key` again is the same one."""
        return await self._ask(ThreadRead, "POST", "/threads", {"title": title}, key)

    async def thread(self, thread_id: str) -> ThreadRead:
        """One conversation, whole. Raises NotFound, also for somebody else's."""
        return await self._ask(ThreadRead, "GET", f"/threads/{_part(thread_id)}")

    async def write_message(self, thread_id: str, message_id: str, message: MessageWrite) -> MessageRead:
        """Put a message into a conversation; the same id again replaces it."""
        path = f"/threads/{_part(thread_id)}/messages/{_part(message_id)}"
        return await self._ask(MessageRead, "PUT", path, message.model_dump(mode="json"))

    async def rename_thread(self, thread_id: str, title: str) -> ThreadSummary:
        """Give a conversation another title. Raises NotFound."""
        return await self._ask(ThreadSummary, "PATCH", f"/threads/{_part(thread_id)}", {"title": title})

    async def forget_thread(self, thread_id: str) -> None:
        await self._call("DELETE", f"/threads/{_part(thread_id)}")

    async def _every(self, kind: type[T], path: str) -> AsyncIterator[T]:
        cursor, seen = "", 0
        while True:
            page = await self._ask(Page[kind], "GET", f"{path}?limit={PAGE}{cursor}")  # type: ignore[valid-type]
            for item in page.items:
                yield item
            seen += len(page.items)
            if page.next_cursor is None or seen >= MOST_SITES:
                return
            cursor = f"&cursor={_part(page.next_cursor)}"

    async def _ask(self, kind: type[T], method: str, path: str, body: object = None, key: str = "") -> T:
        answer = await self._call(method, path, body, key)
        return TypeAdapter(kind).validate_json(answer.content)

    async def _call(self, method: str, path: str, body: object = None, key: str = "") -> httpx.Response:
        headers = {**self._headers, **({"idempotency-key": key} if key else {})}
        try:
            answer = await self._http.request(method, f"/api{path}", json=body, headers=headers)
        except httpx.TransportError as error:
            raise CloudBusy(
                "The control plane does not answer just now. Nothing was changed; please try again in a moment."
            ) from error
        if answer.is_success:
            return answer
        raise _problem(answer)


def _problem(answer: httpx.Response) -> AIPressError:
    try:
        said = answer.json()
    except json.JSONDecodeError:
        said = {}
    wrong = [
        f"{one.get('field')}: {one.get('message')}"
        for one in said.get("errors") or []
        if one.get("message") != said.get("detail")
    ]
    kind = BY_STATUS.get(answer.status_code, CloudBusy if answer.is_server_error else AIPressError)
    return kind(
        " ".join([str(said.get("detail") or said.get("title") or "The control plane refused."), *wrong])
    )


def _part(text: str) -> str:
    return quote(text, safe="")
