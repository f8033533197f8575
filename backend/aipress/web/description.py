"""What a service says of itself (OpenAPI), beyond what FastAPI knows: how its problems travel, and its streams."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from aipress.web.problems import MEDIA_TYPE


class ProblemField(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details. `ref` is what to quote; `errors` names the fields to mend."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    ref: str
    errors: list[ProblemField] | None = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "Something to mend on the caller's side"},
    "5XX": {"model": Problem, "description": "Something went wrong on ours"},
}


def operation_id(route: APIRoute) -> str:
    """Names in the OpenAPI document, and so in every generated client: the function's own."""
    return route.name


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


class Described(FastAPI):
    """An app whose routes all fail as `PROBLEMS` says, and whose description says so."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            described = super().openapi()
            for _, operation in operations(described):
                _say_how_it_fails(operation)
                _leave_streams_open(operation)
        return self.openapi_schema or {}


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, by `GET /path`."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _say_how_it_fails(operation: dict[str, Any]) -> None:
    """A problem has a media type of its own (RFC 9457), which FastAPI can't be told for a model."""
    for status in PROBLEMS:
        content = operation["responses"][status]["content"]
        operation["responses"][status]["content"] = {MEDIA_TYPE: next(iter(content.values()))}


def _leave_streams_open(operation: dict[str, Any]) -> None:
    """A stream is a string to FastAPI, and a series of events to whoever reads the description."""
    for answer in operation["responses"].values():
        if EventStream.media_type in answer.get("content", {}):
            answer["content"][EventStream.media_type] = {}
