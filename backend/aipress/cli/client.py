"""The control plane's API as the local operator: over its Unix socket, with the token only this machine's owner can read."""

import json
import time
import weakref
from collections.abc import Iterator
from typing import cast

import httpx

from aipress.cli.installation import Installation
from aipress.cli.say import Document
from aipress.cli.trouble import NOT_RUNNING, PLATFORM_FAILED, REFUSED, Trouble

PAGE = 100
AGAIN, SILENT = 1.0, 30.0  # seconds until a stream is taken up again, and in which a live one says something


class Api:
    """One connection to the control plane. Every verb raises Trouble with the platform's own words when it refuses."""

    def __init__(self, place: Installation, timeout: float = 30) -> None:
        self.app = place.settings.base_url
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(place.run / "control.sock")),
            base_url=f"{place.settings.base_url}/api",
            headers={"authorization": f"Bearer {operator_token(place)}"},
            timeout=timeout,
        )
        weakref.finalize(self, self._http.close)  # a command holds it as long as it asks

    def get(self, path: str, **query: str | int) -> Document:
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Document | None = None, key: str = "") -> Document:
        """`key` makes saying it twice do it once."""
        return self._call("POST", path, json=body or {}, headers={"idempotency-key": key} if key else {})

    def put(self, path: str, body: Document) -> Document:
        return self._call("PUT", path, json=body)

    def delete(self, path: str, body: Document | None = None) -> Document:
        return self._call("DELETE", path, json=body or {})

    def every(self, path: str) -> Iterator[Document]:
        """All items of a list, page by page."""
        query: dict[str, str | int] = {"limit": PAGE}
        while True:
            page = self.get(path, **query)
            yield from cast(list[Document], page["items"])
            if not page.get("next_cursor"):
                return
            query["cursor"] = str(page["next_cursor"])

    def events(self, path: str, seconds: float) -> Iterator[Document]:
        """Every state of an event stream (`text/event-stream`, one JSON document in each event) until it ends.

        Raises Trouble when that takes longer than `seconds` in all.
        """
        deadline = time.monotonic() + seconds
        with self._http.stream("GET", path.lstrip("/"), timeout=seconds) as answer:
            if not answer.is_success:
                answer.read()
                read(answer)
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    yield cast(Document, json.loads(line.removeprefix("data:")))
                if time.monotonic() > deadline:
                    raise Trouble(
                        f"It is still going on after {seconds:.0f} s.",
                        "Ask again with ./aipress sites list.",
                        PLATFORM_FAILED,
                    )

    def follow(self, path: str, query: dict[str, str | int], after: str = "") -> Iterator[Document]:
        """Every event of a stream that has no end, behind the one whose id is `after`. What is cut is taken up again.

        Raises Trouble when the platform refuses, or is not there any more.
        """
        while True:
            seen = {"last-event-id": after} if after else {}
            try:
                for document in self._streamed(path, query, seen):
                    after = str(document["id"])
                    yield document
            except httpx.ConnectError as error:
                raise _not_there(error) from error
            except httpx.TransportError:
                pass  # cut, or silent for too long
            time.sleep(AGAIN)

    def _streamed(self, path: str, query: dict[str, str | int], shown: dict[str, str]) -> Iterator[Document]:
        with self._http.stream(
            "GET", path.lstrip("/"), params=query, headers=shown, timeout=SILENT
        ) as answer:
            if not answer.is_success:
                answer.read()
                read(answer)
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    yield cast(Document, json.loads(line.removeprefix("data:")))

    def _call(self, method: str, path: str, **request: object) -> Document:
        try:
            answer = self._http.request(method, path.lstrip("/"), **request)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            raise _not_there(error) from error
        return read(answer)


def operator_token(place: Installation) -> str:
    """The token in the data directory. Raises Trouble where it is not there or not ours to read."""
    path = place.settings.control_dir / "operator.token"
    try:
        return path.read_text().strip()
    except FileNotFoundError as error:
        raise Trouble(
            f"There is no running platform in {place.data}.", "Start it with ./aipress up.", NOT_RUNNING
        ) from error
    except PermissionError as error:
        raise Trouble(
            f"Only whoever runs the platform in {place.data} may do this.", "Try it as root.", REFUSED
        ) from error


def read(answer: httpx.Response) -> Document:
    """The document of an answer. Raises Trouble with the platform's own words when it refused."""
    if answer.is_success:
        return cast(Document, answer.json()) if answer.content else {}
    said = _problem(answer)
    why = str(said.get("detail") or said.get("title") or "")
    wrong = [
        f"{one.get('field')}: {one.get('message')}"
        for one in cast(list[Document], said.get("errors") or [])
        if str(one.get("message")) not in why
    ]
    detail = " ".join(part for part in (why, *wrong) if part)
    code = PLATFORM_FAILED if answer.is_server_error else REFUSED
    raise Trouble(
        detail or f"The platform answered {answer.status_code}.",
        f"Reference: {said['ref']}" if said.get("ref") else "",
        code,
    )


def _problem(answer: httpx.Response) -> Document:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _not_there(error: Exception) -> Trouble:
    return Trouble(
        f"The control plane does not answer ({_said(error)}).",
        "Is it running? ./aipress status says.",
        NOT_RUNNING,
    )


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
