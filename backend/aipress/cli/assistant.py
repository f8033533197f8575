"""The assistant as the command line talks to it: over its Unix socket, as the local operator. An answer is followed to its end,
also when the connection is cut."""

import json
import secrets
import time
from collections.abc import Iterator

import httpx
from pydantic import JsonValue

from aipress.cli.client import operator_token, read
from aipress.cli.installation import Installation
from aipress.cli.say import Document
from aipress.cli.trouble import NOT_RUNNING, PLATFORM_FAILED, Trouble

TRIES, PAUSE_SECONDS, SILENCE_SECONDS = 8, 0.5, 30
ENDS = ("finish", "abort", "error")


class AnswerFailed(Trouble):
    """An answer that ended before its end. `offline`: it could be given without a language model."""

    def __init__(self, told: Document) -> None:
        ref = told.get("ref")
        super().__init__(
            str(told.get("detail") or "The assistant stopped halfway; nothing was done beyond what you see."),
            f"Reference: {ref}. ./aipress logs assistant says more." if ref else "Please say it again.",
            PLATFORM_FAILED,
        )
        self.offline = bool(told.get("offline"))


class Assistant:
    """One conversation."""

    def __init__(self, place: Installation) -> None:
        self.conversation_id: str | None = None
        self._latest = ""
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(place.run / "chat.sock")),
            base_url=place.settings.base_url,
            headers={"authorization": f"Bearer {operator_token(place)}"},
            timeout=SILENCE_SECONDS,
        )

    def say(self, text: str) -> Iterator[Document]:
        """Send a message; the answer's chunks as they come. Raises Trouble when it is refused, fails or can't be followed."""
        self._latest = secrets.token_hex(12)
        body: Document = {"message": {"id": self._latest, "text": text}}
        if self.conversation_id:
            body["conversation_id"] = self.conversation_id
        yield from self._listen(body)

    def answer_offline(self) -> Iterator[Document]:
        """The latest message answered again, without a language model. Raises Trouble as `say` does."""
        yield from self._listen(
            {"conversation_id": self.conversation_id, "retry": self._latest, "engine": "offline"}
        )

    def _listen(self, body: Document) -> Iterator[Document]:
        seen, failures = "", 0
        while True:
            try:
                for event_id, chunk in self._chunks(body, seen):
                    seen, failures = event_id, 0
                    yield _sound(chunk)
                    if chunk["type"] in ENDS:
                        return
            except httpx.TransportError as error:
                failures += 1
                if failures == TRIES or not seen:
                    raise Trouble(
                        "The assistant does not answer.", "Is it running? ./aipress status says.", NOT_RUNNING
                    ) from error
                time.sleep(PAUSE_SECONDS)

    def _chunks(self, body: Document, seen: str) -> Iterator[tuple[str, Document]]:
        """The answer from its beginning, or from behind what was `seen`."""
        request = (
            self._http.stream("GET", f"/chat/{self.conversation_id}/stream", headers={"last-event-id": seen})
            if seen
            else self._http.stream("POST", "/chat", json=body)
        )
        with request as answer:
            if answer.status_code != httpx.codes.OK:
                answer.read()
                read(answer)
                raise Trouble("The answer is gone.", "Please say it again.", PLATFORM_FAILED)
            self.conversation_id = answer.headers["x-conversation-id"]
            yield from _events(answer.iter_lines())
        raise httpx.ReadError("the stream ended before the answer did")


def _events(lines: Iterator[str]) -> Iterator[tuple[str, Document]]:
    event_id = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "id":
            event_id = value
        elif name == "data" and value != "[DONE]":
            yield event_id, json.loads(value)


def _sound(chunk: Document) -> Document:
    if chunk["type"] != "error":
        return chunk
    told: JsonValue = json.loads(str(chunk["errorText"]))
    raise AnswerFailed(told if isinstance(told, dict) else {})
