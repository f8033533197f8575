"""The one way to Google's REST APIs: address, credentials, deadline, retries, and errors in our words (`answers.py`).

Whoever asks twice is safe: what exists is `Taken`, what is gone is `Gone`, and every facet takes either for what it is.
"""

import asyncio
import json
import random
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote
from weakref import WeakKeyDictionary

import httpx

from aipress.clouds.gcp import waiting
from aipress.clouds.gcp.answers import Changed, Gone, refusal
from aipress.clouds.gcp.pacing import Pace
from aipress.clouds.gcp.resources import Json, Resource, at
from aipress.errors import CloudAtWork, CloudBusy, CloudRefused

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
DEADLINE = 20.0  # seconds within which one request is tried again
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 4.0
NOTHING: Mapping[str, str] = MappingProxyType({})


class Credentials(Protocol):
    """Who we are to Google."""

    async def headers(self) -> Mapping[str, str]:
        """What a request carries. Raises CloudRefused where nobody is signed in, CloudBusy where that could not be asked."""


class Nobody:
    """No credentials: what a simulator on this machine asks for."""

    async def headers(self) -> Mapping[str, str]:
        return NOTHING


class Google:
    """Asks Google, or whoever answers at `endpoint` like it (`<endpoint>/<api>/…`), as `credentials` says."""

    def __init__(self, endpoint: str = "", credentials: Credentials | None = None) -> None:
        self.endpoint, self.credentials = endpoint.rstrip("/"), credentials or Nobody()
        self.pace = Pace()
        self._clients = WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]()

    async def aclose(self) -> None:
        """Let go of this loop's connections."""
        if client := self._clients.pop(asyncio.get_running_loop(), None):
            await client.aclose()

    @property
    def client(self) -> httpx.AsyncClient:
        """A client of this loop's own: a workflow taken up at start may run in another thread's, and connections belong to one."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._clients[loop] = httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)
        return self._clients[loop]

    async def ask(self, resource: Resource) -> Json:
        """One request; what it answers. A body in it may hold a secret, so it stands in no error and in no log."""
        content = None if resource.verb == "GET" else json.dumps(resource.body).encode()
        what = f"{resource.verb} {resource.kind} {resource.name}"
        return _object(await self._answer(resource, what, content))

    async def make(self, resource: Resource) -> Json:
        """The request, and then what its long-running operation ends with. Raises what the operation failed with."""
        return await self._finished(resource, await self.ask(resource))

    async def read(self, api: str, path: str, query: Mapping[str, str] = NOTHING) -> Json:
        """What there is at a path. Raises Gone."""
        return await self.ask(Resource("look", path.rsplit("/", 1)[-1], api, path, {}, query, "GET"))

    async def read_all(
        self, api: str, path: str, items: str, query: Mapping[str, str] = NOTHING
    ) -> list[Json]:
        """Every page of a list; `items` is what the list is called in it."""
        found: list[Json] = []
        asked = dict(query)
        while True:
            page = await self.read(api, path, asked)
            listed = page.get(items)
            found += [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            token = page.get("nextPageToken")
            if not token:
                return found
            asked["pageToken"] = str(token)

    async def delete(self, api: str, path: str, query: Mapping[str, str] = NOTHING) -> None:
        """Gone when this returns; what was gone already is fine."""
        resource = Resource("removal", path.rsplit("/", 1)[-1], api, path, {}, query, "DELETE")
        try:
            await self._finished(resource, await self.ask(resource))
        except Gone:
            return

    async def download(self, bucket: str, name: str) -> bytes:
        """An object's bytes. Raises Gone."""
        path = f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}"
        resource = Resource("object", name, "storage", path, {}, {"alt": "media"}, "GET")
        return (await self._answer(resource, f"GET object {name}", None)).content

    async def stream(self, bucket: str, name: str) -> AsyncIterator[bytes]:
        """An object's bytes as they are stored, a piece at a time. Raises Gone, and CloudBusy where they break off."""
        address = f"{self._address('storage')}/storage/v1/b/{bucket}/o/{quote(name, safe='')}"
        said = {**await self.credentials.headers(), "Accept-Encoding": "identity"}
        try:
            async with self.client.stream("GET", address, params={"alt": "media"}, headers=said) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise refusal(answer.status_code, _body(answer), f"GET object {name}")
                async for piece in answer.aiter_raw():
                    yield piece
        except httpx.HTTPError as error:
            raise CloudBusy(f"An object broke off while it was read ({type(error).__name__}).") from error

    async def begin_upload(self, bucket: str, name: str, mime: str) -> str:
        """An address to which an object is sent in pieces (`uploads.py`)."""
        path, query = f"/upload/storage/v1/b/{bucket}/o", {"uploadType": "resumable", "name": name}
        resource = Resource("object", name, "storage", path, {}, query)
        told = json.dumps({"contentType": mime}).encode()
        answer = await self._answer(resource, f"POST object {name}", told)
        if not answer.headers.get("location"):
            raise CloudRefused("Google began an upload and did not say where it goes on.")
        return str(answer.headers["location"])

    async def send_piece(self, address: str, piece: bytes, range_said: str) -> httpx.Response:
        """One piece of it, at its place (`Content-Range`). Raises CloudBusy, CloudRefused."""
        said = {**await self.credentials.headers(), "Content-Range": range_said}
        try:
            answer = await self.client.put(address, content=piece, headers=said)
        except httpx.HTTPError as error:
            raise CloudBusy(f"An object broke off while it was written ({type(error).__name__}).") from error
        if answer.is_success or answer.status_code == httpx.codes.PERMANENT_REDIRECT:
            return answer
        raise refusal(answer.status_code, _body(answer), "PUT a piece of an object")

    async def upload(
        self, bucket: str, name: str, content: bytes, mime: str = "application/octet-stream"
    ) -> Json:
        """Write an object, whole or not at all, over what had its name."""
        path = f"/upload/storage/v1/b/{bucket}/o"
        resource = Resource("object", name, "storage", path, {}, {"uploadType": "media", "name": name})
        return _object(await self._answer(resource, f"POST object {name}", content, mime))

    async def upload_with(self, bucket: str, told: Json, content: bytes) -> Json:
        """Write an object together with what is told of it: its name, type, own metadata."""
        path, boundary = f"/upload/storage/v1/b/{bucket}/o", secrets.token_hex(16)
        name = str(told.get("name", ""))
        resource = Resource("object", name, "storage", path, {}, {"uploadType": "multipart", "name": name})
        head = f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(told)}\r\n"
        begin = f"{head}--{boundary}\r\nContent-Type: {told.get('contentType', '')}\r\n\r\n".encode()
        whole = begin + content + f"\r\n--{boundary}--\r\n".encode()
        mime = f"multipart/related; boundary={boundary}"
        return _object(await self._answer(resource, f"POST object {name}", whole, mime))

    async def _answer(
        self, resource: Resource, what: str, content: bytes | None, mime: str = "application/json"
    ) -> httpx.Response:
        """The answer of success; asked again as long as the deadline allows, where asking again can help."""
        await self.pace.wait(resource)
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + DEADLINE, FIRST_PAUSE
        while True:
            try:
                return await self._once(resource, what, content, mime)
            except CloudBusy as busy:
                if loop.time() + pause > end:
                    raise
                wait = max(pause, busy.wait if isinstance(busy, _Asked) else 0.0)
            await asyncio.sleep(wait * random.uniform(0.75, 1.25))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self, resource: Resource, what: str, content: bytes | None, mime: str) -> httpx.Response:
        said = dict(await self.credentials.headers())
        if content is not None:
            said["Content-Type"] = mime
        address = self._address(resource.api) + resource.path
        try:
            answer = await self.client.request(
                resource.verb, address, params=dict(resource.query), content=content, headers=said
            )
        except httpx.HTTPError as error:
            raise CloudBusy(f"Google can't be reached ({type(error).__name__}) for {what}.") from error
        if answer.is_success:
            return answer
        wrong = refusal(answer.status_code, _body(answer), what)
        if answer.status_code == 409 and isinstance(wrong, CloudBusy) and _has_etag(resource):
            raise Changed(str(wrong))  # saying the same again would find the same other etag
        is_busy = isinstance(wrong, CloudBusy) and not isinstance(wrong, CloudAtWork)
        raise _Asked(str(wrong), answer) if is_busy else wrong

    def _address(self, api: str) -> str:
        return f"{self.endpoint}/{api}" if self.endpoint else f"https://{api}.googleapis.com"

    async def _finished(self, resource: Resource, answer: Json) -> Json:
        """The end of an operation, which is asked for ever less often; anything else as it is."""
        if not waiting.is_operation(answer):
            return answer
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + waiting.LONGEST, waiting.FIRST_PAUSE
        path = waiting.path_of(answer, resource)
        while not waiting.is_done(answer):
            if loop.time() > end:
                raise waiting.unfinished(answer, f"{resource.kind} {resource.name}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, waiting.LONGEST_PAUSE)
            answer = await self.ask(replace(resource, path=path, query=NOTHING, verb="GET"))
        if wrong := waiting.failure(answer, f"{resource.kind} {resource.name}"):
            raise wrong
        return waiting.result(answer)


class _Asked(CloudBusy):
    """Busy, and how long to wait (seconds), where a Retry-After says so."""

    def __init__(self, told: str, answer: httpx.Response) -> None:
        super().__init__(told)
        after = answer.headers.get("retry-after", "")
        self.wait = min(float(after), LONGEST_PAUSE) if after.isdigit() else 0.0


def _has_etag(resource: Resource) -> bool:
    return bool(resource.body.get("etag") or at(resource.body, "policy.etag"))


def _object(answer: httpx.Response) -> Json:
    if not answer.content:
        return {}
    body = _body(answer)
    if not isinstance(body, dict):
        raise CloudRefused("Google answered with something that is no JSON object.")
    return body


def _body(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
