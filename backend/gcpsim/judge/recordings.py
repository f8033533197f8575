"""Reads recorded exchanges: a request, its answer, a line of three dashes, the next."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from gcpsim.wire import Json

SUFFIXES = {".log", ".http", ".txt"}
HTTP = re.compile(r"(GET|POST|PUT|PATCH|DELETE|HEAD) (https?://\S+)")
GRPC = re.compile(r"GRPC /([\w.]+)/(\w+)")
STATUS = re.compile(r"^(\d{3}) [A-Z]", re.MULTILINE)
GRPC_CODES = {
    "OK": 200, "InvalidArgument": 400, "FailedPrecondition": 400, "OutOfRange": 400, "Unauthenticated": 401, "PermissionDenied": 403,
    "NotFound": 404, "AlreadyExists": 409, "Aborted": 409, "ResourceExhausted": 429, "Internal": 500, "Unimplemented": 501, "Unavailable": 503,
}  # fmt: skip
"""The HTTP status Google gives a gRPC code (google/rpc/code.proto)."""


@dataclass(frozen=True)
class Exchange:
    """One request and Google's answer. `method` is an HTTP verb, or GRPC with `/service/Method` for its path."""

    method: str
    host: str
    path: str
    query: dict[str, list[str]]
    body: Json | None
    status: int
    answer: Json
    text: str
    raw: bytes = b""
    content_type: str = ""

    @property
    def said(self) -> str:
        """Google's message, where it refused."""
        error = self.answer.get("error")
        return (
            str(error.get("message", ""))
            if isinstance(error, dict)
            else self.text.strip()[:200]
            if self.status >= 400
            else ""
        )


@dataclass(frozen=True)
class Recording:
    """One file of exchanges, in order; `unread` are blocks that are none, or have no answer to judge by."""

    file: str
    exchanges: tuple[Exchange, ...]
    unread: int = 0


def recordings_in(folder: Path) -> Iterator[Recording]:
    """All recordings of a folder and what is under it, by name."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
        text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
        blocks = [block.strip("\n") for block in re.split(r"\n---\s*(?:\n|$)", text) if block.strip()]
        read = [exchange for block in blocks if (exchange := _exchange(block)) is not None]
        yield Recording(str(path.relative_to(folder)), tuple(read), len(blocks) - len(read))


def _exchange(block: str) -> Exchange | None:
    if found := HTTP.match(block):
        return _http(block, found[1], found[2])
    found = GRPC.match(block)
    return _grpc(block, found) if found else None


def _http(block: str, method: str, url: str) -> Exchange | None:
    status = STATUS.search(block)
    if status is None:
        return None
    asked, answered = block[: status.start()], block[status.start() :]
    parts = urlsplit(url)
    answer = _after_blank(answered)
    return Exchange(
        method,
        parts.netloc,
        parts.path,
        parse_qs(parts.query, keep_blank_values=True),
        _object(_after_blank(asked)),
        int(status[1]),
        _object(answer) or {},
        answer,
        _after_blank(asked).strip("\n").encode(),
        (
            re.search(r"^content-type:\s*(.+)$", asked.split("\n\n")[0], re.MULTILINE | re.IGNORECASE)
            or ["", ""]
        )[1],
    )


def _grpc(block: str, found: re.Match[str]) -> Exchange:
    told = re.search(r"^(OK|error: rpc error: code = (\w+).*)$", block, re.MULTILINE)
    start = told.start() if told else len(block)
    code = (told[2] or "OK") if told else "OK"
    answer = block[told.end() :] if told else ""
    text = answer + (told[0] if told and told[2] else "")
    return Exchange(
        "GRPC",
        "",
        f"/{found[1]}/{found[2]}",
        {},
        _object(block[found.end() : start]),
        GRPC_CODES.get(code, 500),
        _object(answer) or {},
        text,
    )


def _after_blank(text: str) -> str:
    return text.split("\n\n", 1)[1] if "\n\n" in text else ""


def _object(text: str) -> Json | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
