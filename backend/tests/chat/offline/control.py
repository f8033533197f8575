"""A control plane that is only its answers: it stands behind the client's transport, notes what it is asked, and changes nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
from pydantic import BaseModel

from aipress.billing.schemas import (
    AdviceItem,
    AdviceRead,
    BillingRead,
    BillRead,
    ChangeRead,
    DayCost,
    ForecastRead,
    Reason,
    ServiceCost,
)
from aipress.chat.control_plane import ControlPlane
from aipress.operations.schemas import OperationRead, ResultRead, SubjectRead
from aipress.plans.schemas import Money, PlanRead
from aipress.telemetry.schemas import LogCount, LogCounts, LogLineRead, LogPage, MetricRead, MetricsRead
from aipress.tenants.schemas import OwnerRead, TenantRead
from tests.chat.offline.broken_site import diagnosis
from tests.chat.offline.own_domain import State, domain

NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
Answer = Callable[[httpx.Request], httpx.Response]


class Control:
    """The answers of a control plane where one person has some sites."""

    def __init__(self, *slugs: str, role: str = "tenant") -> None:
        self.sites = [site(slug) for slug in slugs]
        self.role = role
        self.asked: list[httpx.Request] = []
        self.problems: dict[str, httpx.Response] = {}
        self.done: list[OperationRead] = []
        self.domain_state: State = "waiting"

    @property
    def changes(self) -> list[httpx.Request]:
        """The requests that were more than looking."""
        return [request for request in self.asked if request.method != "GET"]

    def refuse(self, path: str, status: int, detail: str) -> None:
        """From now on, answer requests for `path` with this problem."""
        said = {"type": "about:blank", "title": "Refused", "status": status, "detail": detail}
        self.problems[path] = httpx.Response(status, json=said)

    def client(self) -> ControlPlane:
        """Our client of it, as an agent of that person."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._answer), base_url="http://control")
        return ControlPlane(http, {"authorization": "Bearer agent"})

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path.removeprefix("/api")
        if path in self.problems:
            return self.problems[path]
        match request.method, path.split("/")[1:]:
            case "GET", ["me"]:
                person = {"kind": "agent", "id": "usr_ada", "name": "Ada", "role": self.role}
                return httpx.Response(200, json={"principal": person})
            case "GET", ["tenants"]:
                items = [json.loads(one.model_dump_json()) for one in self.sites]
                return httpx.Response(200, json={"items": items, "next_cursor": None})
            case "GET", ["tenants", slug]:
                return _found(next((one for one in self.sites if one.slug == slug), None))
            case "GET", ["tenants", slug, *what] if "/".join(what) in ROOMS:
                return _found(ROOMS["/".join(what)](slug, request.url.params))
            case "POST", ["tenants"]:
                return _found(_operation(told(request)), 202)
            case "POST", ["plans"]:
                return _found(_plan(told(request)), 201)
        return self._answer_of_receipts(request, path.split("/")[1:])

    def _answer_of_receipts(self, request: httpx.Request, path: list[str]) -> httpx.Response:
        match request.method, path:
            case "PATCH", ["tenants", slug]:
                return self._rename(slug, str(told(request)["name"]))
            case "POST", ["tenants", slug, "domains"]:
                added = _found(domain(str(told(request)["domain"]), self.domain_state), 201)
                added.headers["AIPress-Operation"] = "op_adding"
                return added
            case "POST", ["tenants", _, "domains", _, "verification"]:
                return httpx.Response(204)
            case "GET", ["tenants", _, "domains", name]:
                return _found(domain(name, self.domain_state))
            case "DELETE", ["tenants", slug, "cache"]:
                return _found(clearing(slug))
            case "GET", ["operations"]:
                items = [json.loads(one.model_dump_json()) for one in self.done[:1]]
                return httpx.Response(200, json={"items": items, "next_cursor": None})
            case "POST", ["operations", _, "undo"]:
                return _found(renaming("op_undoing", "Shop", "Fern and Fig"), 202)
        return _found(None)

    def _rename(self, slug: str, name: str) -> httpx.Response:
        found = next(one for one in self.sites if one.slug == slug)
        answer = _found(found.model_copy(update={"name": name}))
        if name != found.name:
            answer.headers["AIPress-Operation"] = "op_renaming"
        return answer


def renaming(operation_id: str, name: str, was: str) -> OperationRead:
    """The receipt of a renaming of the shop."""
    return OperationRead(
        id=operation_id,
        kind="rename",
        tenant=SubjectRead(id="ten_shop", slug="shop", name=name),
        state="succeeded",
        result=ResultRead(name=name, was=was),
        created_at=NOON,
        ended_at=NOON,
    )


def clearing(slug: str) -> OperationRead:
    """The receipt of clearing a site's cache."""
    site = SubjectRead(id=f"ten_{slug}", slug=slug, name=slug.title())
    return OperationRead(
        id="op_clearing", kind="purge", tenant=site, state="succeeded", created_at=NOON, ended_at=NOON
    )


def bill() -> BillingRead:
    """A month of 4.60 dollars, dearer than the one before."""
    reason = Reason(
        service="Storage",
        sku="Files of a site",
        difference=Decimal("1.6"),
        by_use=Decimal("1.6"),
        by_price=Decimal(0),
        by_credits=Decimal(0),
        unit="gibibyte month",
        used_before=Decimal(1),
        used_now=Decimal(2),
        text="Files of a site: from 1.00 to 2.00 gibibyte month.",
    )
    change = ChangeRead(
        before=Decimal(3), now=Decimal("4.6"), difference=Decimal("1.6"), through_day=15, reasons=[reason]
    )
    dollars = BillRead(
        currency="USD",
        month_to_date=Decimal("4.6"),
        forecast=ForecastRead(amount=Decimal("9.5"), basis="The last week."),
        by_service=[ServiceCost(service="Storage", amount=Decimal("4.6"))],
        by_day=[DayCost(day=NOON.date(), amount=Decimal("4.6"))],
        change=change,
    )
    return BillingRead(month="2026-07", as_of=NOON, bills=[dollars], budget=None)


def advice(slug: str) -> AdviceRead:
    """A smaller size would do."""
    item = AdviceItem(
        kind="another_size",
        tier="basic",
        saving=Decimal(9),
        currency="USD",
        text="basic holds what the site needs at its busiest, with a fifth to spare.",
        figures=[],
    )
    return AdviceRead(
        tenant=f"ten_{slug}",
        name=slug.title(),
        slug=slug,
        tier="standard",
        days=28,
        measured=True,
        items=[item],
    )


LINE = "PHP Fatal error: Uncaught Error in /wp-content/plugins/woocommerce/a.php on line 3"


def log() -> LogPage:
    """Two errors, of one kind, in the hour before noon."""
    lines = [
        LogLineRead(
            id=f"{number}",
            time=NOON - timedelta(minutes=number),
            environment="env",
            source="php",
            level="error",
            message=LINE,
            request_id=None,
            fields={},
        )
        for number in (1, 2)
    ]
    return LogPage(items=lines, since=NOON - timedelta(hours=1), until=NOON)


def counts() -> LogCounts:
    """How many they are."""
    return LogCounts(
        since=NOON - timedelta(hours=1),
        until=NOON,
        step_seconds=60,
        items=[LogCount(time=NOON, level="error", count=2)],
    )


def metrics(names: list[str]) -> MetricsRead:
    """A day of each, 12 in all and 7 at most."""
    items = [
        MetricRead(
            metric=one, label=one.title(), unit="count", overall=12, points=[(0, 5), (3600, 7), (7200, None)]
        )
        for one in names
    ]
    day = timedelta(1)
    return MetricsRead(environment="live", since=NOON - day, until=NOON, step_seconds=3600, items=items)


ROOMS: dict[str, Callable[[str, httpx.QueryParams], BaseModel]] = {
    "billing": lambda *_: bill(),
    "billing/advice": lambda slug, _: advice(slug),
    "diagnosis": lambda slug, _: diagnosis(slug),
    "logs": lambda *_: log(),
    "logs/counts": lambda *_: counts(),
    "metrics": lambda _, asked: metrics(asked["metric"].split(",")),
}


def creation(slug: str) -> OperationRead:
    """The finished making of a site."""
    made = SubjectRead(id=f"ten_{slug}", slug=slug, name=slug.title())
    return OperationRead(id="op_made", kind="provision", tenant=made, state="succeeded", created_at=NOON)


def told(request: httpx.Request) -> dict[str, object]:
    """What a request says in its body."""
    body: dict[str, object] = json.loads(request.content)
    return body


def site(slug: str, state: str = "live") -> TenantRead:
    """A site with this slug."""
    return TenantRead.model_validate(
        {
            "id": f"ten_{slug}",
            "name": slug.replace("-", " ").title(),
            "slug": slug,
            "owner": OwnerRead(id="usr_ada", email="ada@example.com"),
            "access": "owner",
            "tier": "basic",
            "cloud": "local",
            "state": state,
            "url": f"http://{slug}.localhost:8080",
            "environments": [],
            "created_at": NOON,
        }
    )


def _found(answer: BaseModel | None, status: int = 200) -> httpx.Response:
    if answer is None:
        return httpx.Response(
            404, json={"title": "Not found", "status": 404, "detail": "There is no such site."}
        )
    return httpx.Response(status, json=json.loads(answer.model_dump_json()))


def _operation(wish: dict[str, object]) -> OperationRead:
    name = str(wish["name"])
    made = SubjectRead(id="ten_new", slug=name.lower().replace(" ", "-"), name=name)
    return OperationRead(id="op_1", kind="provision", tenant=made, state="queued", created_at=NOON)


def _plan(wish: dict[str, object]) -> PlanRead:
    return PlanRead.model_validate(
        {
            "id": "pln_1",
            "action": wish["action"],
            "arguments": wish["arguments"],
            "tier": 3,
            "title": "Delete the site shop" if wish["action"] == "DELETE_SITE" else "Create a larger site",
            "state": "proposed",
            "steps": [],
            "touches": [],
            "price_before": Money(),
            "price_after": Money(),
            "undo": None,
            "typed_name": "shop",
            "hash": "0" * 64,
            "expires_at": NOON + timedelta(minutes=15),
            "operation_id": None,
            "tenant": None,
        }
    )
