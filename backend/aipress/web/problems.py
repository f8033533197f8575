"""Errors as people and programs read them: RFC 9457 problem details, one handler for the whole tree."""

import secrets
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from aipress.errors import AIPressError, Invalid
from aipress.kit import logs

log = logs.get()
MEDIA_TYPE = "application/problem+json"


def install(app: FastAPI) -> None:
    """Make every failure of `app` leave as a problem."""
    app.add_exception_handler(AIPressError, _ours)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _bug)


def problem(request: Request, error: AIPressError, ref: str | None = None) -> JSONResponse:
    """The response for an error of our tree. `ref` is what to quote to support; the log has it too."""
    body: dict[str, Any] = {
        "type": f"urn:aipress:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "code": error.code,
        "ref": ref or secrets.token_hex(4),
    }
    if isinstance(error, Invalid) and error.fields:
        body["errors"] = [{"field": field, "message": text} for field, text in error.fields.items()]
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    log.info("refused", path=request.url.path, code=error.code, status=error.status, ref=body["ref"])
    return JSONResponse(body, error.status, headers, MEDIA_TYPE)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    return problem(request, cast(AIPressError, error))


async def _not_understood(request: Request, error: Exception) -> JSONResponse:
    found = cast(RequestValidationError, error).errors()
    fields = {_name_of(one): one["msg"].removeprefix("Value error, ") for one in found}
    return problem(request, Invalid("Some of what was sent is not right; see the fields.", fields))


def _name_of(wrong: dict[str, Any]) -> str:
    """The field, as `tier` or `items.0.name`; `body` where it is the whole of it, or no JSON at all."""
    place = () if wrong["type"] == "json_invalid" else wrong["loc"][1:]
    return ".".join(str(part) for part in place) or "body"


async def _plain(request: Request, error: Exception) -> JSONResponse:
    plain = cast(HTTPException, error)
    made = type(
        "Plain",
        (AIPressError,),
        {"status": plain.status_code, "code": f"http_{plain.status_code}", "title": plain.detail},
    )
    answer = problem(request, made(plain.detail))
    answer.headers.update(plain.headers or {})
    if plain.status_code == 405:
        answer.headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return answer


def _methods_at(request: Request) -> set[str]:
    """Every method there is at this path; the router names only those of the first route that fits."""
    fitting = [
        route
        for route in iter_route_contexts(request.app.routes)
        if route.methods and route.path_regex.match(request.url.path)
    ]
    return {method for route in fitting for method in route.methods or ()}


async def _bug(request: Request, error: Exception) -> JSONResponse:
    ref = secrets.token_hex(4)
    log.error("unexpected failure", ref=ref, path=request.url.path, exc_info=error)
    return problem(request, AIPressError(f"We were told about it. Quote {ref} if you write to us."), ref)
