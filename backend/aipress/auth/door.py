"""What every route may ask of its request: the transaction it runs in, and who is calling.

Each route says one policy: `Anyone`, `Caller`, `Person`, `VouchedPerson`, `FreshPerson`, `Admin` or `Operator`.
`routes_without_policy` finds those that say none.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Protocol, cast

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount

from aipress.auth.principal import Principal, check_fresh
from aipress.errors import NotAllowed
from aipress.kit.db import Session


def session_of(request: Request) -> Session:
    """The request's one transaction, opened and committed by the edge (`api/edge.py`)."""
    return cast(Session, request.state.session)


InTransaction = Annotated[Session, Depends(session_of)]


class Doorkeeper(Protocol):
    """Tells who is calling by what they show. `app.state.doorkeeper` is one; `users/current.py` has ours."""

    async def admit(self, request: Request, session: Session) -> Principal:
        """The caller. Raises NotSignedIn, or NotAllowed for a request another site made in their name."""
        ...

    async def vouch(self, caller: Principal) -> None:
        """Ask whoever let the caller in whether they still would. Raises NotSignedIn, and CloudBusy while nobody knows."""
        ...


def anyone() -> None:
    """This route is public, on purpose."""


async def any_caller(request: Request, session: InTransaction) -> Principal:
    """Whoever is signed in: person, agent or operator."""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    return await doorkeeper.admit(request, session)


Anyone = Annotated[None, Depends(anyone)]
Caller = Annotated[Principal, Depends(any_caller)]


def a_person(caller: Caller) -> Principal:
    """A person, or the operator; never an agent."""
    if not caller.is_person:
        raise NotAllowed("Only a person can do this, not an agent. Open the app and do it there.")
    return caller


Person = Annotated[Principal, Depends(a_person)]


async def a_vouched_person(request: Request, caller: Person) -> Principal:
    """A person; whoever came by Firebase only while their account there is neither disabled nor signed out."""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    await doorkeeper.vouch(caller)
    return caller


VouchedPerson = Annotated[Principal, Depends(a_vouched_person)]


async def a_vouched_caller(request: Request, caller: Caller) -> Principal:
    """A vouched person, or an agent: for what an agent may do in part, and a person wholly."""
    return await a_vouched_person(request, caller) if caller.is_person else caller


VouchedCaller = Annotated[Principal, Depends(a_vouched_caller)]


def a_fresh_person(caller: VouchedPerson) -> Principal:
    """A vouched person; whoever shows a Firebase token has to have signed in just now."""
    check_fresh(caller)
    return caller


FreshPerson = Annotated[Principal, Depends(a_fresh_person)]


async def an_admin(request: Request, caller: Person) -> Principal:
    """A vouched person whose role is admin, or the operator."""
    if not caller.is_admin:
        raise NotAllowed("Only admins can do this. Ask one of yours.")
    return await a_vouched_person(request, caller)


def the_operator_alone(caller: Caller) -> Principal:
    """Whoever holds this machine's operator token."""
    if caller.kind != "operator":
        raise NotAllowed("Only the operator of this machine can do this, with the aipress command on it.")
    return caller


Admin = Annotated[Principal, Depends(an_admin)]
Operator = Annotated[Principal, Depends(the_operator_alone)]

POLICIES: frozenset[Callable[..., Any]] = frozenset(
    {anyone, any_caller, a_person, a_vouched_person, a_fresh_person, an_admin, the_operator_alone}
)


def routes_without_policy(app: FastAPI) -> list[str]:
    """The routes that say no policy, as `GET /path`. FastAPI's own documentation pages are public."""
    public = {app.openapi_url, app.docs_url, app.redoc_url, app.swagger_ui_oauth2_redirect_url}
    return sorted(
        _name(route)
        for route in _every_route(app.routes)
        if route.path not in public and not _asks(route, POLICIES)
    )


def routes_for_callers(app: FastAPI) -> frozenset[str]:
    """The routes that ask who is calling, as `GET /path`."""
    return routes_asking(app, any_caller)


def routes_asking(app: FastAPI, policy: Callable[..., Any]) -> frozenset[str]:
    """The routes with this policy, or with one that asks it too, as `GET /path`."""
    return frozenset(_name(route) for route in _every_route(app.routes) if _asks(route, frozenset({policy})))


def client_address(request: Request) -> str:
    """Where the request came from. Only a proxy on our Unix socket is believed, and of it only the last hop.

    Everything left of the last entry of `X-Forwarded-For`, and every other header, is written by the caller.
    """
    if request.client is not None and request.client.host:
        return request.client.host
    hops = ",".join(request.headers.getlist("x-forwarded-for"))
    return hops.rpartition(",")[2].strip()


def _every_route(routes: Any) -> Iterator[RouteContext]:
    for route in iter_route_contexts(routes):
        if isinstance(route.original_route, Mount) and route.original_route.routes:
            yield from _every_route(route.original_route.routes)
        else:
            yield route


def _asks(route: RouteContext, policies: frozenset[Callable[..., Any]]) -> bool:
    dependant = getattr(route, "dependant", None)
    return isinstance(dependant, Dependant) and any(one.call in policies for one in _all_of(dependant))


def _all_of(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _all_of(one)


def _name(route: RouteContext) -> str:
    methods = ",".join(sorted(getattr(route, "methods", None) or {"*"}))
    return f"{methods} {getattr(route, 'path', None) or route.original_route}"
