"""Every route says who may use it, and nobody chooses the address they come from."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from aipress.auth.door import (
    Admin,
    Anyone,
    Caller,
    Operator,
    Person,
    a_person,
    client_address,
    routes_without_policy,
)


def ask() -> None: ...


def test_routes_that_say_a_policy_are_fine() -> None:
    app, router = FastAPI(), APIRouter()

    def anyone(_: Anyone) -> None: ...
    def caller(_: Caller) -> None: ...
    def person(_: Person) -> None: ...
    def admin(_: Admin) -> None: ...
    def operator(_: Operator) -> None: ...

    for number, endpoint in enumerate((anyone, caller, person, admin, operator)):
        router.add_api_route(f"/{number}", endpoint)
    router.get("/by-decorator", dependencies=[Depends(a_person)])(ask)
    app.include_router(router, prefix="/api")
    assert routes_without_policy(app) == []


def test_a_policy_deep_in_a_dependency_or_on_the_router_counts() -> None:
    app, router = FastAPI(), APIRouter(dependencies=[Depends(a_person)])

    def deeper(caller: Caller) -> str:
        return caller.id

    def deep(_: Annotated[str, Depends(deeper)]) -> None: ...

    app.get("/deep")(deep)
    router.post("/routers")(ask)
    app.include_router(router)
    assert routes_without_policy(app) == []


def test_routes_without_a_policy_are_named_wherever_they_hide() -> None:
    app, outer, inner, below = FastAPI(), APIRouter(prefix="/outer"), APIRouter(), FastAPI(openapi_url=None)

    def lookalike(_: Annotated[None, Depends(ask)]) -> None: ...

    app.get("/plain")(ask)
    app.post("/lookalike")(lookalike)
    inner.delete("/inner")(ask)
    outer.include_router(inner)
    app.include_router(outer, prefix="/api")
    app.router.routes.append(Route("/starlette", lambda _: PlainTextResponse("")))
    app.websocket("/socket")(ask)
    below.get("/mounted")(ask)
    app.router.routes.append(Mount("/below", below))
    assert routes_without_policy(app) == [
        "* /socket",
        "DELETE /api/outer/inner",
        "GET /mounted",
        "GET /plain",
        "GET,HEAD /starlette",
        "POST /lookalike",
    ]


FORGED = {"X-Real-IP": "198.51.100.2", "Forwarded": "for=198.51.100.3"}
BY_OUR_PROXY = FORGED | {"X-Forwarded-For": "203.0.113.7"}
APPENDED = FORGED | {"X-Forwarded-For": "198.51.100.1,127.0.0.1,  203.0.113.7"}


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        (None, BY_OUR_PROXY, "203.0.113.7"),
        (None, APPENDED, "203.0.113.7"),
        (["", 0], BY_OUR_PROXY, "203.0.113.7"),
        (None, FORGED, ""),
        (["192.0.2.1", 1234], BY_OUR_PROXY, "192.0.2.1"),
    ],
    ids=["through our proxy", "with forged hops", "from an unnamed socket", "proxy says nothing", "over TCP"],
)
def test_only_our_proxy_on_the_unix_socket_says_where_a_request_comes_from(
    peer: list[object] | None, headers: dict[str, str], address: str
) -> None:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    assert client_address(Request({"type": "http", "client": peer, "headers": raw})) == address
